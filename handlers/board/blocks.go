package board

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

// BlocksTwins are the trained nets without and with skips, as far as they are known: nil while not trained.
type BlocksTwins struct{ Plain, Residual *experiment.Outcome }

func (p BlocksTwins) known() bool { return p.Plain != nil && p.Residual != nil }

// Lesioned says whether blocks can be taken out: both nets are trained, and neither diverged.
func (p BlocksTwins) Lesioned() bool {
	return p.known() && p.Plain.Lesions != nil && p.Residual.Lesions != nil
}

// blocksState is a config, and the accuracies of its nets as they stand and as they were trained.
type blocksState struct {
	config                       experiment.Blocks
	plain, residual              float64
	plainWhole, residualWhole    float64
	plainLesions, residualLesion *experiment.Lesions
}

func stateOf(c experiment.Blocks, p BlocksTwins) blocksState {
	out, swap, plain, residual := c.TakenOut(), c.Swapped(), p.Plain.Lesions, p.Residual.Lesions
	return blocksState{
		config: c, plain: plain.Accuracy(out, swap), residual: residual.Accuracy(out, swap),
		plainWhole: plain.Whole, residualWhole: residual.Whole, plainLesions: plain, residualLesion: residual,
	}
}

// Blocks shows a config, or why it cannot be run, and its nets where they are trained.
func Blocks(c experiment.Blocks, v experiment.BlocksView, errs experiment.FieldErrors, p BlocksTwins) views.BlocksBoard {
	query := c.Query()
	b := views.BlocksBoard{
		Verdict: blocksInvitation(c), Note: blocksNote(c), Why: blocksWhy(c), Clicks: blocksClicks(c, v),
		Run: views.BlocksRun{Bars: map[string]float64{}, Wholes: map[string]float64{}}, Nets: []views.BlocksNet{{Twin: "plain"}, {Twin: "residual"}},
	}
	if c != c.Mended() || v.Held > 0 {
		b.Mend = views.Href("/labs/blocks", experiment.BlocksView{Click: v.Click}.Query(c.Mended()))
	}
	if errs == nil {
		b.APILink, b.Exports, b.Run.Stream = views.Href("/api/blocks", query), exports("blocks", query), views.Href("/api/blocks", query)
	} else {
		fields := append(experiment.BlocksTable().Fields(c), experiment.BlocksViewTable().Fields(v)...)
		b.Why = blocksWhy(c.Mended())
		b.Refusal = cmp.Or(refusal(fields, errs), "This cannot run: the address has parameters that this lab does not have.")
	}
	var state *blocksState
	switch {
	case errs != nil:
	case p.Lesioned():
		s := stateOf(c, p)
		state = &s
		b.Verdict, b.Tables = blocksVerdict(s), blocksTables(c, p)
		b.Run.Bars["plain"], b.Run.Bars["residual"] = s.plain, s.residual
		b.Run.Wholes["plain"], b.Run.Wholes["residual"] = s.plainWhole, s.residualWhole
		fallthrough
	case p.known():
		b.Run.Known = true
		if state == nil {
			b.Verdict = views.Verdict{Says: views.T(BlocksDiverged)}
		}
	}
	for i := range b.Nets {
		net := &b.Nets[i]
		net.Stages, net.Said = drawnStages(c, v, net.Twin, errs == nil), views.Text{{Text: net.Twin, Class: net.Twin}}
		if state != nil {
			net.Known = true
			net.Now, net.Whole = state.plain, state.plainWhole
			if net.Twin == "residual" {
				net.Now, net.Whole = state.residual, state.residualWhole
			}
			net.Said = saidOfNet(*net, c == c.Mended())
		}
	}
	b.Figures = blocksFigures(c, state)
	return b
}

// saidOfNet is a net's accuracy beside its bar.
func saidOfNet(n views.BlocksNet, whole bool) views.Text {
	now := views.Join(views.Text{{Text: n.Twin + " ", Class: n.Twin}}, views.Strong(percent(n.Now)))
	if whole {
		return views.Join(now, views.T(fmt.Sprintf(" of %d test images right", experiment.LesionImages)))
	}
	return views.Join(now, views.T(" right, "+percent(n.Whole)+" when whole"))
}

// blocksClicks are what a click may do.
func blocksClicks(c experiment.Blocks, v experiment.BlocksView) []views.BlocksTab {
	var tabs []views.BlocksTab
	for _, o := range experiment.BlocksViewTable().Field(v, "click").Choices {
		tabs = append(tabs, views.BlocksTab{
			Label: o.Label, Href: views.Href("/labs/blocks", experiment.BlocksView{Click: o.Value}.Query(c)), Current: v.Click == o.Value,
		})
	}
	return tabs
}

// drawnStages are the places of a net, each with the block that stands there.
func drawnStages(c experiment.Blocks, v experiment.BlocksView, twin string, valid bool) []views.BlocksStage {
	places := make([]int, c.Len())
	for i := range places {
		places[i] = i
	}
	var out []int
	if valid {
		out = c.TakenOut()
		for _, p := range c.Swapped() {
			places[p[0]], places[p[1]] = p[1], p[0]
		}
	}
	side, stages := []int{14, 7, 4}, make([]views.BlocksStage, 3)
	for at, block := range places {
		stage := &stages[at/c.N]
		stage.Label = fmt.Sprintf("%s, %d × %[2]d", Counted(c.Channels<<(at/c.N), "channel"), side[at/c.N])
		box := views.BlockBox{Number: block + 1, Narrows: c.ChangesShape(block), Out: slices.Contains(out, block), Moved: block != at, Held: v.Held == block+1}
		if twin == "residual" {
			box.Shortcut = shortcutName(c, block)
		}
		if valid {
			box.Href, box.Label = clickOn(c, v, box, block)
		}
		stage.Blocks = append(stage.Blocks, box)
	}
	return stages
}

// shortcutName is how a residual net's block adds its input.
func shortcutName(c experiment.Blocks, block int) string {
	switch {
	case c.Skip == "C" || c.Skip == "B" && c.ChangesShape(block):
		return "projection"
	case c.ChangesShape(block):
		return "padding"
	}
	return "identity"
}

// clickOn is where a click on a block leads, and what it does in words.
func clickOn(c experiment.Blocks, v experiment.BlocksView, box views.BlockBox, block int) (href, label string) {
	to := func(c experiment.Blocks, v experiment.BlocksView) string {
		return views.Href("/labs/blocks", v.Query(c))
	}
	held, free := v.Held-1, experiment.BlocksView{Click: v.Click}
	switch {
	case v.Click == "out" && box.Out:
		return to(c.Toggled(block), free), fmt.Sprintf("Put block %d back", box.Number)
	case v.Click == "out":
		return to(c.Toggled(block), free), fmt.Sprintf("Take block %d out of both nets", box.Number)
	case held == block:
		return to(c, free), fmt.Sprintf("Leave block %d where it is", box.Number)
	case held >= 0 && c.CanSwap(held, block):
		return to(c.Swapping(held, block), free), fmt.Sprintf("Swap block %d with block %d in both nets", v.Held, box.Number)
	case held >= 0:
		return "", fmt.Sprintf("Block %d does not fit in the place of block %d", box.Number, v.Held)
	case c.N == 1 || c.ChangesShape(block) || c.N == 2 && block >= c.N:
		return "", fmt.Sprintf("Block %d fits in no other place", box.Number)
	}
	free.Held = box.Number
	return to(c, free), fmt.Sprintf("Swap block %d with another", box.Number)
}

// blocksFigures are what was found out about the nets; without a state they are empty.
func blocksFigures(c experiment.Blocks, s *blocksState) []views.Figure {
	names, lengths := make([]string, c.Len()), make([]string, c.Len()+1)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	for i := range lengths {
		lengths[i] = strconv.Itoa(i)
	}
	var singles, means, paths []chart.Series
	var draws []chart.Draws
	if s != nil {
		for i, l := range []*experiment.Lesions{s.plainLesions, s.residualLesion} {
			single, mean := chart.Series{ID: bothTwins[i], Twin: bothTwins[i], Name: bothTwins[i]}, chart.Series{ID: "mean-" + bothTwins[i], Twin: bothTwins[i], Name: bothTwins[i]}
			drawn := chart.Draws{ID: "draws-" + bothTwins[i], Twin: bothTwins[i], Name: bothTwins[i]}
			for k, list := range l.Draws {
				var values []float64
				for _, draw := range list {
					values = append(values, draw.Accuracy)
				}
				if k == 1 {
					single.Values = values
				}
				mean.Values, drawn.Values = append(mean.Values, l.Mean(k)), append(drawn.Values, values)
			}
			singles, means, draws = append(singles, single), append(means, mean), append(draws, drawn)
		}
		count, gradient := pathShares(s.residualLesion.Paths)
		paths = []chart.Series{
			{ID: "paths", Role: "count", Name: "share of the paths", Values: count},
			{ID: "gradient", Twin: "residual", Name: "share of the gradient", Values: gradient},
		}
	}
	return []views.Figure{
		{ID: "singles", Height: "short", Caption: views.T("Accuracy with one block out"), Keys: bothTwins,
			Option: chart.BarsByName(names, "the block that is out", 1, singles...), Label: "Bars: accuracy on the test images with one block out, block by block, of both nets. The table below has the numbers."},
		{ID: "several", Height: "short", Caption: views.T("Accuracy with several blocks out: random draws, and their means"), Keys: bothTwins,
			Option: chart.MeansAndDraws("blocks out", c.Len(), means, draws), Label: "Lines: mean accuracy on the test images against the number of blocks that are out, of both nets. The table below has the numbers."},
		{ID: "paths", Height: "short", Caption: pathsCaption(c, s),
			Option: chart.BarsByName(lengths, "blocks that a path goes through", 0, paths...), Label: "Bars: of the paths through the residual net, by the number of blocks that they go through, their share of all paths and of the gradient. The table below has the numbers."},
	}
}

// pathShares are the shares of the paths of each length, and of the gradient that they bring.
func pathShares(paths []experiment.Path) (count, gradient []float64) {
	all, sum := 0.0, 0.0
	for _, p := range paths {
		all += p.Count
		sum += p.Share()
	}
	for _, p := range paths {
		count, gradient = append(count, p.Count/all), append(gradient, p.Share()/sum)
	}
	return count, gradient
}

// meanLength is how many blocks a path goes through on average, given the share of each length.
func meanLength(shares []float64) float64 {
	sum := 0.0
	for length, share := range shares {
		sum += float64(length) * share
	}
	return sum
}

// pathsCaption says over how many blocks the gradient comes.
func pathsCaption(c experiment.Blocks, s *blocksState) views.Text {
	if s == nil {
		return views.T("Paths through the residual net, and their gradients")
	}
	count, gradient := pathShares(s.residualLesion.Paths)
	return views.Join(views.T(fmt.Sprintf("The %.0f paths through the ", math.Pow(2, float64(c.Len())))), views.Residual("residual"),
		views.T(fmt.Sprintf(" net: %.1f of %d blocks on average, by the gradient that they bring %.1f", meanLength(count), c.Len(), meanLength(gradient))))
}
