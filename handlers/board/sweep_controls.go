package board

import (
	"slices"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// sweepPresets are the settings that a lecture walks through.
var sweepPresets = []views.Link{
	{Label: "tanh vanishes", Href: "/labs/sweep"},
	{Label: "sigmoid", Href: "/labs/sweep?activation=sigmoid&remedies=relu,xavier_normal,batch,identity,rezero"},
	{Label: "the skips", Href: "/labs/sweep?remedies=identity,rezero,highway"},
	{Label: "the course notebook’s net", Href: "/labs/sweep?activation=tanh&net=notebook&points=4"},
	{Label: "norm explodes", Href: "/labs/sweep?net=deep&together=yes"},
	{Label: "degradation", Href: "/labs/sweep?show=loss"},
	{Label: "degradation, seed 1", Href: "/labs/sweep?seed=1&show=loss"},
	{Label: "norm × skip", Href: "/labs/sweep?show=grid"},
}

// SweepControls is the form, but for the remedies and the question, which the page shows otherwise, and the control that
// goes with the remedies.
func SweepControls(config experiment.Sweep, errs experiment.FieldErrors) (form views.Controls, together views.Control) {
	form = controls("/labs/sweep", experiment.SweepTable(), config, errs, sweepPresets)
	form.Shown = slices.DeleteFunc(form.Shown, func(c views.Control) bool {
		if c.Name == "together" {
			together = c
		}
		return c.Name == "together" || c.Name == "show" || c.Name == "remedies"
	})
	return form, together
}

// SweepTabs are the three questions; the seed goes along.
func SweepTabs(config experiment.Sweep) []views.SweepTab {
	var tabs []views.SweepTab
	for _, o := range experiment.SweepTable().Field(config, "show").Choices {
		to := experiment.SweepTable().Default()
		to.Show, to.Seed = o.Value, config.Seed
		query := to.Query()
		for name := range query {
			if name != "show" && name != "seed" {
				query.Del(name) // the default of another question
			}
		}
		tabs = append(tabs, views.SweepTab{Label: o.Label, Href: views.Href("/labs/sweep", query), Current: o.Value == config.Show})
	}
	return tabs
}

func SweepRemedies(config experiment.Sweep, errs experiment.FieldErrors) *views.SweepRemedies {
	f := experiment.SweepTable().Field(config, "remedies")
	if f.Name == "" {
		return nil
	}
	r := &views.SweepRemedies{Label: f.Label, Help: f.Help, Default: f.Default, Error: errs[f.Name], Value: config.Remedies}
	for _, o := range config.Choices() {
		r.Boxes = append(r.Boxes, views.SweepBox{Value: o.Value, Label: o.Label, Checked: config.Chosen(o.Value)})
	}
	return r
}
