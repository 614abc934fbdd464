package board

import (
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// kernelPresets are the settings that a lecture walks through.
var kernelPresets = []views.Link{
	{Label: "vertical edges", Href: "/labs/kernels"},
	{Label: "blur", Href: "/labs/kernels?activation=identity&garment=1&kernel=blur"},
	{Label: "sharpen", Href: "/labs/kernels?activation=identity&garment=1&kernel=sharpen"},
	{Label: "all edges of a bag", Href: "/labs/kernels?garment=18&kernel=laplacian"},
	{Label: "three stages", Href: "/labs/kernels?garment=2&kernel=gaussian5&kernel2=sobel_x&kernel3=blur&padding=2&pool=max&pool2=max&stage=3"},
	{Label: "learnt from noise", Href: "/labs/kernels?kernel=learnt&scale=net"},
	{Label: "learnt from garments", Href: "/labs/kernels?kernel=learnt&run=data%3Dfashion&scale=net"},
}

// KernelControls makes the form of the kernels lab. Every stage's controls are in it, those of unused ones with their
// defaults: a script unfolds them without asking.
func KernelControls(action string, config experiment.Kernels, errs experiment.FieldErrors) views.KernelControls {
	by := map[string]views.Control{}
	for _, c := range everyKernelConfig(config) {
		all := controls(action, experiment.KernelsTable(), c, errs, nil)
		for _, control := range append(all.Shown, all.Rare...) {
			if _, have := by[control.Name]; !have {
				by[control.Name] = control
			}
		}
	}
	form := views.KernelControls{
		Action: action, Image: by["image"], Scale: by["scale"], Garment: by["garment"], Pixels: by["pixels"], Own: config.Image == "own",
		Trained: by["run"], Learnt: config.Learnt(), Pixel: []views.Control{by["stage"], by["row"], by["column"]}, Presets: kernelPresets,
	}
	for i, control := range form.Pixel {
		form.Pixel[i].Mute = true // it follows the pointer: the board says where it is
		form.PixelIsBroken = form.PixelIsBroken || control.Error != ""
	}
	for i, stage := range config.Stages {
		suffix, title := "", "First stage"
		if i > 0 {
			suffix, title = strconv.Itoa(i+1), []string{"", "Second stage", "Third stage"}[i]
		}
		form.Stages = append(form.Stages, views.StageControls{
			Number: i + 1, Title: title,
			Kernel: by["kernel"+suffix], Weights: by["weights"+suffix], Unit: by["unit"+suffix],
			Rest: []views.Control{by["stride"+suffix], by["padding"+suffix], by["activation"+suffix], by["pool"+suffix]},
			On:   stage.On(), Custom: stage.Kernel == "custom", Learnt: stage.Kernel == "learnt",
		})
	}
	for _, index := range experiment.FirstGarments() {
		c := config
		c.Image, c.Garment, c.Pixels = "garment", index, ""
		form.Classes = append(form.Classes, views.GarmentLink{
			Label: strings.ToLower(experiment.GarmentClass(index)), Href: views.Href(action, c.Query()), Index: strconv.Itoa(index),
		})
	}
	return form
}

// everyKernelConfig is the config itself, and ones to which between them every field applies.
func everyKernelConfig(config experiment.Kernels) []experiment.Kernels {
	defaults := experiment.KernelsTable().Default().Stages[0]
	configs := []experiment.Kernels{config}
	for _, kernel := range []string{"custom", "learnt"} {
		for _, image := range []string{"garment", "own"} {
			c := config
			c.Image = image
			for i := range c.Stages {
				if !c.Stages[i].On() {
					c.Stages[i] = defaults
				}
				c.Stages[i].Kernel = kernel
			}
			configs = append(configs, c)
		}
	}
	return configs
}
