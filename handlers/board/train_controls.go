package board

import (
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// trainPresets are the settings that a lecture walks through; a test of package experiment holds what each shows.
var trainPresets = []views.Link{
	{Label: "the course notebook: memorising", Href: "/labs/train"},
	{Label: "20 tanh layers", Href: "/labs/train?activation=tanh&depth=20&steps=40"},
	{Label: "20 ReLU layers", Href: "/labs/train?depth=20&steps=40"},
	{Label: "turned up: SGD", Href: "/labs/train?activation=tanh&depth=20&lr=0.1&optimizer=sgd"},
	{Label: "turned up: Adam", Href: "/labs/train?activation=tanh&depth=20"},
	{Label: "turned up: 40 layers, Adam", Href: "/labs/train?batch=100&count=100&data=noise&depth=40&lr=0.001&net=mlp&optimizer=adam"},
	{Label: "10 sigmoid layers", Href: "/labs/train?activation=sigmoid&depth=10&steps=60"},
	{Label: "deep CNN without norm", Href: "/labs/train?curve=log&net=deep&norm=none"},
	{Label: "56 layers with batch norm", Href: "/labs/train?n=9&net=deep&steps=40"},
	{Label: "degradation: depth 8", Href: "/labs/train?batch=64&count=2048&lr=0.1&n=1&net=deep&steps=160"},
	{Label: "degradation: depth 20", Href: "/labs/train?batch=64&count=2048&lr=0.1&net=deep&steps=160"},
	{Label: "degradation: depth 56", Href: "/labs/train?batch=64&count=2048&lr=0.1&n=9&net=deep&steps=160"},
}

// TrainControls are the controls of a run.
func TrainControls(config experiment.Train, errs experiment.FieldErrors) views.Controls {
	return controls("/labs/train", experiment.TrainTable(), config, errs, trainPresets)
}

// TrainViewFields are what is shown of a run: links beside the figures change it.
func TrainViewFields(view experiment.TrainView) []views.Hidden {
	t := experiment.TrainViewTable()
	values := t.Values(view)
	var fields []views.Hidden
	for _, f := range t.Fields(view) {
		fields = append(fields, views.Hidden{Name: f.Name, Value: values[f.Name], Default: f.Default})
	}
	return fields
}
