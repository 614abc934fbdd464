package board

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

const (
	// embeddedNumbers bounds how much of a finished run comes with the page; more is streamed when the reader runs it.
	embeddedNumbers = 40_000
	// tableRows bounds the table of steps.
	tableRows = 101
)

// TrainTwins are a run without and with its skip, as far as they are known: nil while not trained. Without a twin both are the
// same run.
type TrainTwins struct{ Plain, Residual *experiment.Outcome }

func (p TrainTwins) known() bool { return p.Plain != nil && p.Residual != nil }

// Train shows a config, or why it cannot be run, and its run where it is known.
func Train(config experiment.Train, view experiment.TrainView, errs experiment.FieldErrors, p TrainTwins) views.TrainBoard {
	query := config.Query()
	board := views.TrainBoard{
		APILink: views.Href("/api/train", query),
		Run: views.TrainRun{
			Query: query.Encode(), Steps: config.Steps, Twins: config.HasTwin(), Subject: TwinName(config), Curve: view.Curve, Gradients: view.Gradients,
			Settings: trainSettings(config),
		},
		CurveTabs:    trainTabs(config, view, "curve"),
		GradientTabs: trainTabs(config, view, "gradients"),
	}
	if errs == nil {
		board.Exports = exports("train", query)
		query.Set("twin", "1")
		board.Run.Stream = views.Href("/api/train", query)
		board.Verdict = views.Verdict{Says: trainInvitation(config)}
	} else {
		board.Refusal = refusal(experiment.TrainTable().Fields(config), errs)
	}
	if p.known() {
		board.Verdict = trainVerdict(config, p)
		board.Numbers, board.Norms = stepRows(config, p), normTable(config, p)
		board.Samples, board.Chosen = sampleViews(config, view, p), sampleDetail(config, view, p)
		board.Learnt, board.Untaught = learntTwins(config, p)
		board.KernelsAt = learntKernelsAt(config, p)
		board.Run.Tests = map[string]any{}
		for _, t := range p.twins(config) {
			board.Run.Tests[t.name] = evaluation(t.Test, Bits(config.DType))
		}
		if numbers := config.Steps * (4 + len(p.Plain.Info.Layers)); numbers <= embeddedNumbers {
			board.Run.Finished = map[string]any{}
			for _, t := range p.twins(config) {
				board.Run.Finished[t.name] = Steps(t.Steps, config.DType)
			}
		}
	}
	if errs == nil && !config.HasTwin() {
		board.Verdict.Aside = views.Join(board.Verdict.Aside, views.T(" Without extra layers there is nothing to skip."))
	}
	if errs == nil {
		board.Run.Layers, _ = layersOfBoth(config)
		board.Ledger = trainLedger(config)
		board.Strip, board.Run.Strip = trainStrip(config, view, p), stripRun(config)
	}
	board.Loss = curveFigure(config, view, p, board.Verdict)
	board.Gradients = gradientFigure(config, view, board.Run.Layers, p)
	return board
}

// twins are the two by their names, as far as a config has both.
func (p TrainTwins) twins(config experiment.Train) []twin {
	if !config.HasTwin() {
		return []twin{{"plain", p.Plain}}
	}
	return []twin{{"plain", p.Plain}, {"residual", p.Residual}}
}

// A twin is a run by the name that it has on the page; the run is nil while not known.
type twin struct {
	name string
	*experiment.Outcome
}

// trainSettings are a run's fields in words, as they stand in a list of differences: "learning rate 0.01", "no skip",
// "ReLU". The network's name leads.
func trainSettings(config experiment.Train) []views.Setting {
	t := experiment.TrainTable()
	values := t.Values(config)
	var settings []views.Setting
	for _, f := range t.Fields(config) {
		text, _, _ := strings.Cut(f.LabelOf(values[f.Name]), ":") // "A: identity, zero-padded" is A
		short, known := map[string]string{"skip": "skip", "norm": "norm", "net": ""}[f.Name]
		switch {
		case !known:
			text = strings.ToLower(f.Label) + " " + text
		case values[f.Name] == "none":
			text = "no " + short
		case f.Name == "norm":
			text += " norm"
		case f.Name == "skip":
			text = "skip " + text
		}
		settings = append(settings, views.Setting{Name: f.Name, Text: text})
	}
	return settings
}

// trainTabs are the values of a field of the view, as links.
func trainTabs(config experiment.Train, view experiment.TrainView, name string) []views.Tab {
	t := experiment.TrainViewTable()
	var tabs []views.Tab
	f := t.Field(view, name)
	for _, o := range f.Choices {
		query := view.Query(config)
		if query.Set(name, o.Value); o.Value == f.Default {
			query.Del(name)
		}
		tabs = append(tabs, views.Tab{
			SetLink: views.SetLink{Key: name + "-" + o.Value, Label: o.Label, Href: views.Href("/labs/train", query), Field: name, Value: o.Value},
			Current: t.Values(view)[name] == o.Value,
		})
	}
	return tabs
}

// curveFigure draws the losses or the accuracies of both twins over the steps, on the training and on the test images.
func curveFigure(config experiment.Train, view experiment.TrainView, p TrainTwins, verdict views.Verdict) views.Figure {
	what, unit, caption := "loss", "loss", "Cross-entropy (test images dashed)"
	of := func(e experiment.Evaluation) float64 { return e.Loss }
	switch view.Curve {
	case experiment.CurveAccuracy:
		what, unit, caption = "accuracy", "accuracy, %", "Share right (test images dashed)"
		of = func(e experiment.Evaluation) float64 { return 100 * e.Accuracy }
	case experiment.CurveLog:
		what = "loss, on a logarithmic axis,"
	}
	var series []chart.Series
	for _, t := range p.twins(config) {
		series = append(series, chart.Series{ID: t.name, Twin: t.name, Name: t.name, Values: trainCurve(t.Outcome, of)},
			chart.Series{ID: t.name + "-test", Twin: t.name, Role: "test", Name: t.name + ", test", Values: testCurve(t.Outcome, of)})
	}
	option := chart.LinesByStep("training step", unit, series...)
	switch view.Curve {
	case experiment.CurveLog:
		option = chart.LogLinesByStep("training step", unit, series...)
	case experiment.CurveAccuracy:
		chart.Reach(option, 0, 100)
	}
	return views.Figure{
		ID: "loss", Height: "short", Keys: keysOf(config), Caption: views.T(caption), Option: option,
		Label: "Lines of the " + what + " over the training steps, plain and residual, on training and test images. " + verdict.String(),
	}
}

// gradientFigure draws the gradient of each layer's weights: at one step as bars, or at all steps as a map; the script moves
// either through the steps that it has.
func gradientFigure(config experiment.Train, view experiment.TrainView, layers []string, p TrainTwins) views.Figure {
	_, places := layersOfBoth(config)
	var series []chart.Series
	for _, t := range p.twins(config) {
		s := chart.Series{ID: t.name, Twin: t.name, Name: t.name}
		if norms := lastGradients(t.Outcome); norms != nil {
			s.Values, s.Absent = make([]float64, len(layers)), slices.Repeat([]bool{true}, len(layers))
			for k, at := range places[t.name] {
				s.Values[at], s.Absent[at] = norms[k], false
			}
		}
		series = append(series, s)
	}
	f := views.Figure{
		ID: "gradients", Height: "short", Keys: keysOf(config),
		Caption: views.T("Gradient by layer (at step 0 dashes)"),
		Option:  chart.BarsByLayer(layers, "weighted layer: L2 norm of its gradient", series...),
		Label:   "Bars of the gradient norm of each layer’s weights at the step shown, with dashes where it was at step 0, plain and residual, on a logarithmic axis.",
	}
	if view.Gradients == experiment.GradientHeat {
		f.Keys = nil // the panels say whose they are
		f.Caption = views.T("Gradients over all steps (outlined: exactly 0)")
		f.Option = chart.HeatByLayerAndStep(layers, "training step", series...)
		f.Label = "Maps of the gradient norm of each layer’s weights at each step, plain and residual, on one logarithmic scale of colours. A click takes a step in hand; the table of gradients has the numbers."
	}
	return f
}

// keysOf are the twins that a run's figures show.
func keysOf(config experiment.Train) []string {
	if config.HasTwin() {
		return bothTwins
	}
	return []string{TwinName(config)}
}

// trainCurve is a number of each step's batch.
func trainCurve(o *experiment.Outcome, of func(experiment.Evaluation) float64) []float64 {
	if o == nil {
		return nil
	}
	values := make([]float64, len(o.Steps))
	for i, step := range o.Steps {
		values[i] = of(experiment.Evaluation{Loss: step.Loss, Accuracy: step.Accuracy})
	}
	return values
}

// testCurve is a number of the test images by step, NaN where a step has none; the last is after the last update.
func testCurve(o *experiment.Outcome, of func(experiment.Evaluation) float64) []float64 {
	if o == nil {
		return nil
	}
	values := make([]float64, len(o.Steps), len(o.Steps)+1)
	for i, step := range o.Steps {
		values[i] = math.NaN()
		if step.Test != nil {
			values[i] = of(*step.Test)
		}
	}
	return append(values, of(o.Test))
}

func lastGradients(o *experiment.Outcome) []float64 {
	if o == nil {
		return nil
	}
	return o.Steps[len(o.Steps)-1].GradNorms
}

// stepRows is the table of a finished run, thinned where it is long.
func stepRows(config experiment.Train, p TrainTwins) []views.StepRow {
	n := max(len(p.Plain.Steps), len(p.Residual.Steps))
	every := (n + tableRows - 1) / tableRows
	var rows []views.StepRow
	for i := 0; i < n; i += every {
		row := views.StepRow{Step: i, Plain: stepCells(p.Plain, i)}
		if config.HasTwin() {
			row.Residual = stepCells(p.Residual, i)
		}
		rows = append(rows, row)
	}
	end := views.StepRow{Step: n, Plain: testCells(p.Plain.Test)}
	if config.HasTwin() {
		end.Residual = testCells(p.Residual.Test)
	}
	return append(rows, end)
}

func stepCells(o *experiment.Outcome, i int) views.StepCells {
	if i >= len(o.Steps) {
		return views.StepCells{}
	}
	step := o.Steps[i]
	cells := views.StepCells{}
	if step.Test != nil {
		cells = testCells(*step.Test)
	}
	cells.Loss, cells.Accuracy = views.Num(step.Loss, 4), views.T(percent(step.Accuracy))
	return cells
}

func testCells(e experiment.Evaluation) views.StepCells {
	return views.StepCells{TestLoss: views.Num(e.Loss, 4), TestAccuracy: views.T(percent(e.Accuracy))}
}

func percent(share float64) string {
	switch {
	case share > 0 && share <= 0.005:
		return "less than 1\u00a0%"
	case share < 1 && share >= 0.995:
		return "more than 99\u00a0%"
	}
	return fmt.Sprintf("%.0f\u00a0%%", 100*share)
}

// normColumns is how many steps the table of gradients shows of a run.
const normColumns = 8

// normTable is every layer's gradient at a few steps, the first and the last among them.
func normTable(config experiment.Train, p TrainTwins) *views.NormTable {
	twins := p.twins(config)
	last := 0
	for _, t := range twins {
		last = max(last, len(t.Steps)-1)
	}
	table := &views.NormTable{}
	for i := range min(normColumns, last+1) {
		table.Steps = append(table.Steps, i*last/max(1, min(normColumns-1, last)))
	}
	for _, t := range twins {
		table.Twins = append(table.Twins, views.NormTwin{Twin: t.name, Name: t.name})
	}
	names, places := layersOfBoth(config)
	for at, layer := range names {
		row := views.NormRow{Layer: layer}
		for _, t := range twins {
			cells := make([]views.Text, len(table.Steps))
			k := slices.Index(places[t.name], at)
			for i, step := range table.Steps {
				if k >= 0 && step < len(t.Steps) && k < len(t.Steps[step].GradNorms) {
					cells[i] = views.Num(t.Steps[step].GradNorms[k], 3)
				}
			}
			row.Cells = append(row.Cells, cells)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}
