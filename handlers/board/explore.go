package board

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gradlab/classroom"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// goalWords name what the runs of an exploration come to; tail is as in [tailWords].
func goalWords(goal classroom.Goal, tail string) string {
	if goal == classroom.LargestGradient {
		return "gradient of the first layer at the first step (L2 norm)"
	}
	return "mean loss of " + tail
}

// tailWords name the steps at the end of runs of which the loss is the mean, by the lengths of the runs: 0 is one that is not known.
func tailWords(lengths []int) string {
	shortest, longest := experiment.Tail, 0
	for _, n := range lengths {
		shortest, longest = min(shortest, cmp.Or(n, experiment.Tail)), max(longest, min(cmp.Or(n, experiment.Tail), experiment.Tail))
	}
	switch {
	case longest == 0 || shortest == experiment.Tail:
		return fmt.Sprintf("the last %d steps", experiment.Tail)
	case shortest < longest:
		return fmt.Sprintf("the last %d steps, or of all where a run has fewer", experiment.Tail)
	case shortest == 1:
		return "the only step"
	}
	return fmt.Sprintf("all %d steps", shortest)
}

// goalLine says what is to be reached, and within what.
func goalLine(goal classroom.Goal, budget float64, tail string) string {
	says := map[classroom.Goal]string{classroom.LowestLoss: "Find the lowest ", classroom.LargestGradient: "Find the largest "}[goal] + goalWords(goal, tail)
	if budget > 0 {
		says += ", with at most " + Quantity(budget) + " multiply-adds"
	}
	return says + "."
}

// Quantity is a number to two digits in a line: 1.9·10⁹.
func Quantity(v float64) string { return views.Brief(v, 2).Line() }

// The scatter's sizes, in its own units.
const (
	scatterLeft, scatterRight = 90, 980
	scatterTop, scatterBottom = 50, 400
	scatterDiverged           = 22 // the height at which diverged runs stand
)

// Bounds of what is listed: how many runs, the newest first, and how many of them where the class asks for a ranking.
const (
	mostListed = 100
	mostRanked = 5
)

// Explored shows what was submitted, each different run once: its configuration in words, its multiply-adds and what it came to. Whose it
// is, it does not say; label names a run, and length is how many steps the lab at an address trains, 0 where that is not known.
func Explored(stop classroom.Stop, all []classroom.Submission, label func(run string) string, length func(path string) int) views.ClassExplored {
	out := views.ClassExplored{X: "multiply-adds"}
	at := map[string]int{}
	var xs, ys []float64
	var runs []classroom.Submission
	var lengths []int // of the different runs
	diverged, pending := 0, 0
	for _, sub := range all {
		if i, again := at[sub.Run]; again {
			out.Runs[i].Times++
			continue
		}
		at[sub.Run] = len(out.Runs)
		if stop.Goal == classroom.LowestLoss {
			lengths = append(lengths, length(sub.Run))
		}
		run := views.ClassRun{Path: sub.Run, Label: label(sub.Run), Cost: Quantity(sub.Cost), Times: 1, Staged: sub.Run == stop.Staged}
		switch {
		case !sub.Scored:
			pending++
			run.Value = views.T("being computed")
		case sub.Diverged():
			diverged++
			run.Value = views.T("diverged")
			xs = append(xs, sub.Cost)
		default:
			run.Value = views.Num(sub.Value, 3)
			xs, ys = append(xs, sub.Cost), append(ys, sub.Value)
		}
		out.Runs, runs = append(out.Runs, run), append(runs, sub)
	}
	start := length(stop.Path)
	out.Goal = goalLine(stop.Goal, stop.Budget, tailWords(append(slices.Clone(lengths), start)))
	if len(lengths) == 0 {
		lengths = []int{start}
	}
	out.Y = goalWords(stop.Goal, tailWords(lengths))
	out.Computed = len(all) - pending
	out.Says = exploredWords(len(out.Runs), len(all), pending, diverged)
	x, y := newLogAxis(xs, scatterLeft, scatterRight), newLogAxis(ys, scatterBottom, scatterTop)
	out.XTicks, out.YTicks = x.ticks(), y.ticks()
	for i, sub := range runs {
		if !sub.Scored {
			continue
		}
		p := views.ClassPoint{X: x.at(sub.Cost), Y: scatterDiverged, Radius: math.Min(7+2*math.Sqrt(float64(out.Runs[i].Times-1)), 20), Diverged: sub.Diverged(), Staged: out.Runs[i].Staged, Path: sub.Run}
		if p.Says = out.Runs[i].Label + ": " + out.Runs[i].Value.String(); !p.Diverged {
			p.Y = y.at(sub.Value)
		}
		out.Points = append(out.Points, p)
	}
	if stop.Votes {
		out.RankedBy, out.Ranked = rankedWords[stop.Goal], ranked(stop.Goal, runs, out.Runs)
	}
	slices.Reverse(out.Runs)
	out.Different = len(out.Runs)
	out.Runs = out.Runs[:min(len(out.Runs), mostListed)]
	return out
}

var rankedWords = map[classroom.Goal]string{classroom.LowestLoss: "The lowest", classroom.LargestGradient: "The largest"}

// ranked are the runs that come nearest to the goal, the nearest first; equal ones as they were submitted. One that diverged comes nowhere.
func ranked(goal classroom.Goal, runs []classroom.Submission, shown []views.ClassRun) []views.ClassRun {
	var places []int
	for i, sub := range runs {
		if sub.Scored && !sub.Diverged() {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		if goal == classroom.LargestGradient {
			a, b = b, a
		}
		return cmp.Compare(runs[a].Value, runs[b].Value)
	})
	var best []views.ClassRun
	for _, i := range places[:min(len(places), mostRanked)] {
		best = append(best, shown[i])
	}
	return best
}

// exploredWords say how much there is.
func exploredWords(different, all, pending, diverged int) string {
	if all == 0 {
		return "Nothing has been submitted yet."
	}
	says := Counted(all, "run") + " submitted"
	if different < all {
		says += fmt.Sprintf(", %d of them different", different)
	}
	if diverged > 0 {
		says += fmt.Sprintf("; %d diverged", diverged)
	}
	if pending > 0 {
		says += fmt.Sprintf("; %d being computed", pending)
	}
	return says + "."
}

// A logAxis puts positive numbers between two places by their logarithm; what is no positive number stands at its start.
type logAxis struct{ low, high, from, to float64 }

// newLogAxis spans numbers, and at least a factor of two, so that one alone stands in the middle.
func newLogAxis(values []float64, from, to float64) logAxis {
	a := logAxis{math.Inf(1), math.Inf(-1), from, to}
	for _, v := range values {
		if v > 0 {
			a.low, a.high = math.Min(a.low, math.Log10(v)), math.Max(a.high, math.Log10(v))
		}
	}
	if a.low > a.high {
		a.low, a.high = 0, 0
	}
	pad := math.Max((a.high-a.low)/20, 0.15)
	a.low, a.high = a.low-pad, a.high+pad
	return a
}

func (a logAxis) at(v float64) float64 {
	share := (math.Log10(v) - a.low) / (a.high - a.low)
	if math.IsNaN(share) || share < 0 {
		share = 0
	}
	return a.from + share*(a.to-a.from)
}

// ticks are powers of ten, and between them more where there are few.
func (a logAxis) ticks() []views.ClassTick {
	steps := []float64{1, 2, 5}
	switch span := a.high - a.low; {
	case span > 2:
		steps = steps[:1]
	case span < 0.8:
		steps = []float64{1, 1.5, 2, 3, 4, 5, 7}
	}
	every := max(1, int(math.Ceil((a.high-a.low)/8)))
	var all []views.ClassTick
	for power := int(math.Floor(a.low)); power <= int(math.Ceil(a.high)); power++ {
		for _, step := range steps {
			v := step * math.Pow(10, float64(power))
			if l := math.Log10(v); l >= a.low && l <= a.high && power%every == 0 {
				all = append(all, views.ClassTick{At: a.at(v), Label: Quantity(v)})
			}
		}
	}
	return all
}
