package experiment

import (
	"maps"
	"net/url"
)

// TrainView is what the train lab shows of a [Train]. It changes no number, so it is no part of the experiment: the API
// and the exports do not know it. The page's query holds both.
type TrainView struct {
	Curve     string // what is drawn over the steps: one of the Curve constants
	Gradients string // how the layers' gradients are drawn: GradientBars or GradientHeat
	Block     int    // the unit of the drawn net in hand, from 1: the stem, a block or the head; 0 for none
	Image     int    // the sample whose feature maps are shown: an index of Outcome.Samples
}

// What the train lab can draw over the steps.
const (
	CurveLoss     = "loss"
	CurveLog      = "log" // the loss on a logarithmic axis
	CurveAccuracy = "accuracy"
)

// How the train lab can draw the layers' gradients.
const (
	GradientBars = "bars" // of one step
	GradientHeat = "heat" // of all steps
)

var trainViewTable = Table[TrainView]{
	{Field: Field{Name: "curve", Label: "Curves", Help: "What is drawn over the steps.", Kind: Choice, Default: CurveLoss,
		Choices: []Option{{CurveLoss, "loss"}, {CurveLog, "log loss"}, {CurveAccuracy, "accuracy"}}},
		ref: func(v *TrainView) any { return &v.Curve }},
	{Field: Field{Name: "gradients", Label: "Gradients", Help: "The current step as bars, or all steps as a map.", Kind: Choice, Default: GradientBars,
		Choices: []Option{{GradientBars, "this step"}, {GradientHeat, "all steps"}}},
		ref: func(v *TrainView) any { return &v.Gradients }},
	{Field: Field{Name: "block", Label: "Selected block", Help: "The block whose layers are shown in numbers, from the input; 0 for none.",
		Kind: Integer, Default: "0", Min: 0, Max: 102, Step: 1},
		ref: func(v *TrainView) any { return &v.Block }},
	{Field: Field{Name: "image", Label: "Image", Help: "The image whose feature maps are shown.",
		Kind: Integer, Default: "0", Min: 0, Max: 2*SampleCount - 1, Step: 1},
		ref: func(v *TrainView) any { return &v.Image }},
}

// TrainViewTable describes the parameters of a [TrainView].
func TrainViewTable() Table[TrainView] { return trainViewTable }

// ParseTrainLab reads a run and how it is shown from the query of the lab's page; see [ParseTrain].
func ParseTrainLab(query url.Values) (Train, TrainView, FieldErrors) {
	return parseLab(query, ParseTrain, trainViewTable)
}

// Query writes a run and how it is shown, defaults left out: ParseTrainLab(v.Query(c)) gives both back.
func (v TrainView) Query(c Train) url.Values {
	query := c.Query()
	maps.Copy(query, trainViewTable.Query(v))
	return query
}
