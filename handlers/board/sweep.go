package board

import (
	"cmp"
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

// A lineGlyph stands for each line's marker in the caption; static/js/chart.js draws the markers in the same order.
var lineGlyphs = []string{"●", "■", "▲", "◆", "○", "□", "△", "◇"}

// sweepResult is what is known of a sweep.
type sweepResult struct {
	config   experiment.Sweep
	plan     experiment.Plan
	readings []*experiment.Reading // by point; nil while not known
	known    int
	cheap    bool // it runs without being asked
}

func (r sweepResult) complete() bool { return r.known == len(r.readings) }

// at is the reading of a line at one of the plan's depths, nil while not known.
func (r sweepResult) at(line, depth int) *experiment.Reading {
	return r.readings[depth*len(r.plan.Lines)+line] // a plan goes depth by depth
}

// values are one line's numbers by depth, NaN where there is none.
func (r sweepResult) values(line int, of func(experiment.Reading) float64) []float64 {
	out := make([]float64, len(r.plan.Depths))
	for d := range out {
		out[d] = math.NaN()
		if reading := r.at(line, d); reading != nil {
			out[d] = of(*reading)
		}
	}
	return out
}

func firstGradient(r experiment.Reading) float64 { return r.Gradient }
func finalLoss(r experiment.Reading) float64     { return r.Loss }

// Sweep shows a config, or why it cannot be run, and as much of its result as is known: outcomes are those of its points, nil
// where there is none yet. A cheap sweep runs without being asked.
func Sweep(config experiment.Sweep, errs experiment.FieldErrors, outcomes []*experiment.Outcome, cheap bool) views.SweepBoard {
	if errs != nil {
		return refusedSweep(config, errs)
	}
	r := sweepResult{config: config, plan: config.Plan(), readings: make([]*experiment.Reading, len(outcomes)), cheap: cheap}
	for i, o := range outcomes {
		if o != nil {
			reading := experiment.Read(o)
			r.readings[i] = &reading
			r.known++
		}
	}
	return sweepBoardOf(r)
}

// refusedSweep is the board of a config that cannot be run: its figure is empty.
func refusedSweep(config experiment.Sweep, errs experiment.FieldErrors) views.SweepBoard {
	plan := config.Plan()
	board := sweepBoardOf(sweepResult{config: config, plan: plan, readings: make([]*experiment.Reading, len(plan.Points))})
	board.Run, board.APILink, board.CSVLink = views.SweepRun{Of: len(plan.Points)}, "", ""
	board.Refusal = cmp.Or(refusal(experiment.SweepTable().Fields(config), errs), "This cannot run: the address has parameters that a sweep does not have.")
	if board.Figure != nil {
		board.Figure.Label = "No lines yet. " + board.Refusal
	}
	return board
}

// sweepBoardOf shows a result.
func sweepBoardOf(r sweepResult) views.SweepBoard {
	query := r.config.Query()
	board := views.SweepBoard{
		Verdict: sweepVerdict(r),
		Axis:    depthAxis(r.config),
		Losses:  r.config.Show == "loss",
		APILink: views.Href("/api/sweep", query),
		CSVLink: views.Href("/export/sweep.csv", query),
		Run: views.SweepRun{
			Stream: views.Href("/api/sweep", query), Known: r.known, Of: len(r.readings), Cheap: r.cheap,
		},
	}
	tones := tonesOf(r.plan.Lines)
	for i, line := range r.plan.Lines {
		board.Lines = append(board.Lines, views.SweepLine{Name: line.Name, Twin: twinOf(line)})
		if r.config.Show == "gradient" {
			board.Keys = append(board.Keys, views.SweepKey{Glyph: lineGlyphs[i%len(lineGlyphs)], Name: line.Name, Twin: twinOf(line), Tone: tones[i]})
		}
	}
	for d, depth := range r.plan.Depths {
		row := views.SweepRow{Depth: depth}
		for i := range r.plan.Lines {
			row.Cells = append(row.Cells, sweepCell(r, i, d))
		}
		board.Rows = append(board.Rows, row)
	}
	if r.config.Show == "grid" {
		board.Grid = sweepGrid(r, board.Rows[0].Cells)
	} else {
		board.Figure = sweepFigure(r, board)
	}
	return board
}

// sweepFigure draws the lines over depth.
func sweepFigure(r sweepResult, board views.SweepBoard) *views.Figure {
	of, caption, log := firstGradient, "Gradient of the loss with respect to the first layer’s weights before any update, L2 norm", true
	f := views.Figure{ID: "sweep", Height: "tall"}
	if r.config.Show == "loss" {
		of, log, f.Keys = finalLoss, false, bothTwins
		caption = fmt.Sprintf("Training loss after %d steps, mean of the last %d", r.config.Steps, min(experiment.Tail, r.config.Steps))
	}
	series, tones := make([]chart.Series, len(r.plan.Lines)), tonesOf(r.plan.Lines)
	for i, line := range r.plan.Lines {
		series[i] = chart.Series{ID: line.ID, Twin: twinOf(line), Name: line.Name, Tone: tones[i], Values: r.values(i, of)}
	}
	f.Caption = views.T(caption)
	f.Option = chart.LinesByDepth(r.plan.Depths, board.Axis, "", log, series...)
	f.Label = fmt.Sprintf("Lines over depth: %s. %d of %d points are known. %s", caption, r.known, len(r.readings), board.Verdict)
	return &f
}

// sweepGrid lays the four cells out: the norm downwards, the skip across.
func sweepGrid(r sweepResult, cells []views.SweepCell) *views.SweepGrid {
	return &views.SweepGrid{
		Caption: views.T(fmt.Sprintf("%d layers: first gradient before any update; training loss after %d steps, mean of the last %d",
			r.plan.Depths[0], r.config.Steps, min(experiment.Tail, r.config.Steps))),
		Columns: []views.SweepLine{{Name: "no skip", Twin: "plain"}, {Name: "skip " + r.config.Skip, Twin: "residual"}},
		Rows:    []views.SweepGridRow{{Name: "no norm", Cells: cells[:2]}, {Name: r.config.Norm + " norm", Cells: cells[2:]}},
	}
}

// sweepCell is one run in the table.
func sweepCell(r sweepResult, line, depth int) views.SweepCell {
	l, point := r.plan.Lines[line], r.plan.Points[depth*len(r.plan.Lines)+line]
	cell := views.SweepCell{
		Point: fmt.Sprintf("%s:%d", l.ID, point.Depth), Href: views.Href("/labs/train", point.Run.Query()),
		Label: fmt.Sprintf("the run: %s, %s %d", l.Name, depthAxis(r.config), point.Depth),
	}
	if reading := r.at(line, depth); reading != nil {
		cell.Gradient, cell.Loss = views.Num(reading.Gradient, 3), lossText(*reading)
	}
	return cell
}

// lossText is a reading's loss, or that it has none.
func lossText(r experiment.Reading) views.Text {
	if r.Diverged {
		return views.T("diverged")
	}
	return views.Num(r.Loss, 3)
}

// depthAxis is what depth counts.
func depthAxis(c experiment.Sweep) string {
	switch {
	case c.Show != "gradient" || c.Net == "deep":
		return "weighted layers"
	case c.Net == "notebook":
		return "extra layers"
	}
	return "hidden layers"
}

// tonesOf numbers the lines of each twin: a shade of its colour for each.
func tonesOf(lines []experiment.Line) []int {
	tones, next := make([]int, len(lines)), map[string]int{}
	for i, line := range lines {
		twin := twinOf(line)
		tones[i] = next[twin]
		next[twin]++
	}
	return tones
}

func twinOf(l experiment.Line) string {
	if l.Residual {
		return "residual"
	}
	return "plain"
}
