package labs

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// sweep is the lab of many runs over depth.
func sweep() Lab {
	e := Experiment{
		Name: "sweep",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseSweep(query)
			return experiment.SweepTable().Fields(c), errs
		},
		Takes:  points,
		Sized:  true,
		Stream: streamSweep,
		Result: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseSweep(query)
			return board.NewSweepResult(c, outcomes), nil
		},
		Facts: func(query url.Values, outcomes []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseSweep(query)
			return board.NewSweepFacts(c, outcomes), nil
		},
		Doc: Doc{
			Shape:   board.SweepResult{},
			Answer:  "One point for each depth and net: the first layer’s gradient at the start and the mean loss of the last steps. With Accept: text/event-stream, point by point.",
			Example: "?show=gradient",
			Fields:  groups(experiment.SweepTable().Field(experiment.SweepTable().Default(), "show")),
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Sweep", Title: "Sweep", Noun: "the sweep",
		Text:   "Deeper and deeper nets: which remedies keep the first layer’s gradient, and where plain nets begin to learn worse.",
		Script: "sweep.js", Sheet: "sweep",
		Page: func(query url.Values) Page {
			c, errs := experiment.ParseSweep(query)
			plan := c.Plan()
			cheap := errs == nil && plan.Cost() <= cheapSweep
			p := Page{
				Fields: experiment.SweepTable().Fields(c), Errs: errs, Run: c.Query(),
				Show: func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown {
					return showSweep(c, errs, outcomes, cheap)
				},
			}
			if errs == nil {
				p.Trains = runsOf(plan)
			}
			if cheap {
				p.Before = p.Trains
			}
			return p
		},
		Progress: func(_ url.Values, v runner.GroupView) string {
			return fmt.Sprintf("%d of %s are done.", countKnown(v.Outcomes), board.Counted(len(v.Outcomes), "run"))
		},
		Exports: []Export{{Ending: "csv", Takes: points, Write: sweepCSV}},
	}
}

// cheapSweep is what a sweep may cost, in multiply-adds, to be computed without being asked: about a second on two cores.
const cheapSweep = 8e9

// A sweepDrawn is what the sweep's script gets.
type sweepDrawn struct {
	Drawn
	Run views.SweepRun `json:"run"`
}

func showSweep(c experiment.Sweep, errs experiment.FieldErrors, outcomes []*experiment.Outcome, cheap bool) Shown {
	b := board.Sweep(c, errs, outcomes, cheap)
	shown := Shown{
		Query: c.Query(), Errs: errs, Known: b.Run.Known == b.Run.Of,
		Page: func(f views.Frame, press *views.Press) templ.Component {
			b := b
			b.Press = press
			form, together := board.SweepControls(c, errs)
			return views.SweepPage(views.Sweep{
				Frame: f, Controls: form, Together: together, Show: c.Show, Tabs: board.SweepTabs(c), Remedies: board.SweepRemedies(c, errs), Board: b,
			})
		},
		Parts:   map[string]templ.Component{"verdict": views.VerdictWords(b.Verdict, b.Refusal), "aside": views.Words(b.Verdict.Aside), "grid": views.SweepCells(b), "numbers": views.SweepNumbers(b)},
		Figures: []views.Figure{},
		Answer:  func(d Drawn) any { return sweepDrawn{d, b.Run} },
	}
	if b.Figure != nil {
		shown.Parts["keys"] = views.SweepKeys(b)
		shown.Figures = append(shown.Figures, *b.Figure)
	}
	return shown
}

// points are the runs of a sweep's points, in order.
func points(query url.Values) []experiment.Run {
	c, _ := experiment.ParseSweep(query)
	return runsOf(c.Plan())
}

func runsOf(plan experiment.Plan) []experiment.Run {
	runs := make([]experiment.Run, len(plan.Points))
	for i, p := range plan.Points {
		runs[i] = p.Run
	}
	return runs
}

// sweepCSV writes a sweep, one line a point: line, depth, first_grad_norm, loss ("nan" where the run diverged) and the query of
// its run.
func sweepCSV(w io.Writer, _ string, query url.Values, outcomes []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseSweep(query)
	plan := c.Plan()
	out := csv.NewWriter(w)
	out.Write([]string{"line", "depth", "first_grad_norm", "loss", "run"})
	for i, p := range plan.Points {
		reading := experiment.Read(outcomes[i])
		out.Write([]string{
			plan.Lines[p.Line].ID, strconv.Itoa(p.Depth), export.Number(reading.Gradient, board.Bits(p.Run.DType)), export.Number(reading.Loss, 64), p.Run.Query().Encode(),
		})
	}
	out.Flush()
	return "sweep-" + c.Show, out.Error()
}
