package board

import (
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chainPresets are the settings that a lecture walks through.
var chainPresets = []views.Link{
	{Label: "the notebook’s", Href: "/labs/chain?activation=tanh&depth=4&skip=none&x=10"},
	{Label: "saturated", Href: "/labs/chain?activation=tanh&x=5"},
	{Label: "small weights", Href: "/labs/chain?activation=tanh&show=grad_a&w=0.1"},
	{Label: "tanh near 0", Href: "/labs/chain?activation=tanh"},
	{Label: "ReLU", Href: "/labs/chain?activation=relu"},
	{Label: "explosion", Href: "/labs/chain?activation=identity&depth=40&w=2"},
	{Label: "three layers, drawn", Href: "/labs/chain?depth=3&layer=1&x=1"},
}

func ChainControls(action string, config experiment.Chain, errs experiment.FieldErrors) views.Controls {
	return controls(action, experiment.ChainTable(), config, errs, chainPresets)
}

// ChainLabControls are the controls of a chain and of what is shown of it.
func ChainLabControls(config experiment.Chain, view experiment.ChainView, errs experiment.FieldErrors) views.Controls {
	c := ChainControls("/labs/chain", config, errs)
	for _, control := range controls("", experiment.ChainViewTable(), view, errs, nil).Shown {
		control.Mute = control.Value == control.Default
		switch control.Name {
		case "check": // a button beside the number that is checked
			continue
		case "layer":
			control.SliderMax = decimal(float64(config.Depth))
		}
		c.Shown = append(c.Shown, control)
	}
	return c
}

// FirstControls are the controls of the chain on the first page: those that matter most, in the order in which the page has them.
func FirstControls(config experiment.Chain, view experiment.ChainView, errs experiment.FieldErrors) views.FirstControls {
	var first views.FirstControls
	all := ChainControls("/", config, errs)
	shown := controls("", experiment.ChainFirstTable(), view, errs, nil).Shown
	for _, c := range append(all.Shown, shown...) {
		switch c.Name {
		case "skip":
			first.Skip = c
		case "depth", "w":
			first.Docked = append(first.Docked, c)
		case "activation":
			first.Activation = c
		case "show":
			first.Show = c
		case "layer":
			first.Layer = c
		case "x":
			first.Rare = append(first.Rare, c)
		}
	}
	first.Rare = append(first.Rare, all.Rare...)
	return first
}
