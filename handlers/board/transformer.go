package board

import (
	"cmp"
	"fmt"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

// transformerPresets are what a lecture walks through; lesson 12 claims what they show.
var transformerPresets = []views.Link{
	{Label: "no warm-up", Href: "/labs/transformer"},
	{Label: "60 steps of warm-up", Href: "/labs/transformer?warmup=60"},
	{Label: "a fifth of the rate", Href: "/labs/transformer?lr=0.002"},
	{Label: "copy", Href: "/labs/transformer?task=copy"},
	{Label: "one layer", Href: "/labs/transformer?layers=1"},
}

// TransformerControls are the controls of the lab, and the field of its view.
func TransformerControls(c experiment.Transformer, v experiment.TransformerView, errs experiment.FieldErrors) (views.Controls, views.Hidden) {
	t := experiment.TransformerViewTable()
	step := t.Field(v, "step")
	return controls("/labs/transformer", experiment.TransformerTable(), c, errs, transformerPresets), views.Hidden{Name: "step", Value: t.Values(v)["step"], Default: step.Default}
}

// Transformer shows a config, or why it cannot be run, and its two trainings where they are known.
func Transformer(c experiment.Transformer, v experiment.TransformerView, errs experiment.FieldErrors, p TransformerTwins) views.TransformerBoard {
	b := views.TransformerBoard{
		Verdict: transformerInvitation(c),
		Run:     views.TransformerRun{Steps: c.Steps, Step: min(v.Step, c.Steps-1), Layers: numbered(c.Layers)},
	}
	if query := c.Query(); errs == nil {
		b.APILink, b.Exports, b.Run.Stream = views.Href("/api/transformer", query), exports("transformer", query), views.Href("/api/transformer", query)
	} else {
		b.Refusal = cmp.Or(refusal(experiment.TransformerTable().Fields(c), errs), "This cannot run: the address has parameters that this lab does not have.")
	}
	if p.known() {
		b.Verdict, b.Run.Known = transformerVerdict(c, p), true
		b.Sequence, b.Rows, b.Norms = sequenceSaid(p), sequenceRows(p), transformerNorms(p)
		if numbers := c.Steps * (4 + c.Layers); numbers <= embeddedNumbers {
			b.Run.Finished = map[string]any{"post": Steps(p.Post.Steps, c.DType), "pre": Steps(p.Pre.Steps, c.DType)}
		}
	}
	b.Figures = []views.Figure{lossesOf(p, b.Verdict), gradientsAt(c, b.Run.Step, p)}
	return b
}

// numbered are the layers as an axis names them, from 1.
func numbered(layers int) []string {
	names := make([]string, layers)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return names
}

// A named is one of the trainings as figures and tables name it; the outcome is nil while not known.
type named struct {
	twin, name string
	*experiment.Outcome
}

func (p TransformerTwins) twins() []named {
	return []named{{"plain", "post-LN", p.Post}, {"residual", "pre-LN", p.Pre}}
}

// lossesOf draws the losses over the steps.
func lossesOf(p TransformerTwins, verdict views.Verdict) views.Figure {
	var series []chart.Series
	for _, t := range p.twins() {
		series = append(series, chart.Series{ID: t.twin, Twin: t.twin, Name: t.name, Values: trainCurve(t.Outcome, func(e experiment.Evaluation) float64 { return e.Loss })})
	}
	return views.Figure{
		ID: "loss", Height: "short", Caption: views.T("Loss on each step’s new sequences"), Option: chart.LinesByStep("training step", "cross-entropy", series...),
		Label: "Lines of the loss over the training steps, post-LN and pre-LN. " + verdict.String(),
	}
}

// gradientsAt draws the layers' gradients at a step.
func gradientsAt(c experiment.Transformer, step int, p TransformerTwins) views.Figure {
	var series []chart.Series
	for _, t := range p.twins() {
		s := chart.Series{ID: t.twin, Twin: t.twin, Name: t.name}
		if t.Outcome != nil {
			s.Values = t.Steps[min(step, len(t.Steps)-1)].GradNorms
		}
		series = append(series, s)
	}
	return views.Figure{
		ID: "gradients", Height: "short", Caption: views.T("Gradient by layer (at step 0 dashes)"),
		Option: chart.BarsByLayer(numbered(c.Layers), "layer, input to output: L2 norm of its gradient", series...),
		Label:  "Bars of the gradient norm of each layer’s parameters at the step shown, post-LN and pre-LN, on a logarithmic axis. The table below has the numbers.",
	}
}

// sequenceSaid is a new sequence, and what both make of it.
func sequenceSaid(p TransformerTwins) []views.SequenceRow {
	row := func(name, twin string, tokens, wanted []int) views.SequenceRow {
		r, right := views.SequenceRow{Name: name, Twin: twin}, 0
		for i, token := range tokens {
			r.Tokens = append(r.Tokens, views.SequenceToken{Token: strconv.Itoa(token), Wrong: token != wanted[i]})
			if token == wanted[i] {
				right++
			}
		}
		if twin != "" {
			r.Right = fmt.Sprintf("%d of %d right", right, len(tokens))
		}
		return r
	}
	s := p.Post.Sequence
	return []views.SequenceRow{
		row("reads", "", s.Reads, s.Reads), row("wanted", "", s.Wanted, s.Wanted),
		row("post-LN", "plain", s.Said, s.Wanted), row("pre-LN", "residual", p.Pre.Sequence.Said, p.Pre.Sequence.Wanted),
	}
}

// sequenceRows is the table of losses, thinned where it is long; the last row is of new sequences.
func sequenceRows(p TransformerTwins) []views.SequenceStep {
	n := max(len(p.Post.Steps), len(p.Pre.Steps))
	every := (n + tableRows - 1) / tableRows
	var rows []views.SequenceStep
	for i := 0; i < n; i += every {
		row := views.SequenceStep{Name: strconv.Itoa(i)}
		for _, t := range p.twins() {
			cells := make([]views.Text, 2)
			if i < len(t.Steps) {
				cells = []views.Text{views.Num(t.Steps[i].Loss, 4), views.T(percent(t.Steps[i].Accuracy))}
			}
			row.Cells = append(row.Cells, cells...)
		}
		rows = append(rows, row)
	}
	last := views.SequenceStep{Name: "new sequences"}
	for _, t := range p.twins() {
		last.Cells = append(last.Cells, views.Num(t.Test.Loss, 4), views.T(percent(t.Test.Accuracy)))
	}
	return append(rows, last)
}

// transformerNorms is every layer's gradient at some steps: the first, the one that the sentence tells of, the last.
func transformerNorms(p TransformerTwins) *views.NormTable {
	last := max(len(p.Post.Steps), len(p.Pre.Steps)) - 1
	table := &views.NormTable{Steps: []int{0}}
	for _, step := range []int{5, looked, last} {
		if step > table.Steps[len(table.Steps)-1] && step <= last {
			table.Steps = append(table.Steps, step)
		}
	}
	for _, t := range p.twins() {
		table.Twins = append(table.Twins, views.NormTwin{Twin: t.twin, Name: t.name})
	}
	for l := range p.Post.Info.Layers {
		row := views.NormRow{Layer: fmt.Sprint(l + 1)}
		for _, t := range p.twins() {
			cells := make([]views.Text, len(table.Steps))
			for i, step := range table.Steps {
				if step < len(t.Steps) {
					cells[i] = views.Num(t.Steps[step].GradNorms[l], 3)
				}
			}
			row.Cells = append(row.Cells, cells)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}
