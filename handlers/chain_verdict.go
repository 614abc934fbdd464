package handlers

import (
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A gradient below a thousandth of the last layer's has vanished for training's purposes, one above a thousand times has
// exploded: an update that moves the last layer by a tenth moves the first by less than its rounding, or far off.
const (
	vanished = 1e-3
	exploded = 1e3
)

// chainVerdict says in words what the bars of a chain show: first of the plain twin, then of the residual one. exact are
// the same twins in float64, to tell underflow from a gradient that is zero.
func chainVerdict(t, exact twins) views.Text {
	return views.Join(
		views.T("In the "), views.Plain("plain"), views.T(" chain, "), chainStory(t.plain, exact.plain),
		views.T(" With the "), views.Residual("skip"), views.T(", "), chainStory(t.residual, exact.residual),
	)
}

// chainStory is the end of the sentence about one chain.
func chainStory(r, exact experiment.ChainResult) views.Text {
	n := len(r.GradW)
	first, last := math.Abs(r.GradW[0]), math.Abs(r.GradW[n-1])
	zeros, broken := 0, 0
	for _, g := range r.GradW {
		if g == 0 {
			zeros++
		}
		if math.IsNaN(g) || math.IsInf(g, 0) {
			broken++
		}
	}
	arrives := views.Join(views.T("∂L/∂x = "), views.Num(r.GradZ[0], 2))
	switch {
	case broken > 0:
		return views.Join(views.T("the numbers outgrow "+r.Config.DType+": they have "), views.Strong("exploded"), views.T("."))
	case zeros == n && r.GradZ[0] != 0:
		return views.Join(views.T("every ∂L/∂w is "), views.Strong("exactly 0"), views.T(": each unit is saturated. Yet "), arrives, views.T(" arrives at the input."))
	case zeros == n && exact.GradW[0] != 0:
		return views.Join(views.T("every gradient is "), views.Strong("0 in "+r.Config.DType), views.T(": it underflows."))
	case zeros == n:
		return views.Join(views.T("every gradient is "), views.Strong("exactly 0"), views.T(": nothing would be learnt."))
	case n == 1:
		return views.Join(views.T("the one layer’s gradient is "), views.Num(r.GradW[0], 2), views.T("."))
	case r.GradW[0] == 0:
		return views.Join(views.T("layer 1 receives "), zero(r, exact, 0), views.T(": its unit is saturated or dead."))
	case last == 0:
		return views.Join(views.T("layer 1’s gradient is "), views.Num(r.GradW[0], 2), views.T(fmt.Sprintf(" while layer %d’s is ", n)), zero(r, exact, n-1),
			views.T(": the sum grew until the last layers saturated."))
	}
	ratio := first / last
	lead := views.Join(views.T("layer 1 receives "), views.Num(ratio, 2), views.T(times(ratio)+fmt.Sprintf("layer %d’s gradient: ", n)))
	switch {
	case ratio < vanished:
		return views.Join(lead, views.T("it has "), views.Strong("vanished"), views.T("."))
	case ratio < 0.1:
		return views.Join(lead, views.T("it is fading."))
	case ratio > exploded && first > exploded:
		return views.Join(lead, views.T("it has "), views.Strong("exploded"), views.T("."))
	case ratio > 10:
		return views.Join(lead, views.T("the signal reaches the early layers, and the late ones get little."))
	}
	return views.Join(lead, views.T("it arrives."))
}

// zero is a gradient of 0 in words: exactly so, or only in its precision.
func zero(r, exact experiment.ChainResult, layer int) views.Text {
	if !underflowed(r.GradW[layer], exact.GradW[layer]) {
		return views.Strong("exactly 0")
	}
	return views.Join(views.Strong("0 in "+r.Config.DType), views.T(" ("), views.Num(exact.GradW[layer], 2), views.T(" in float64)"))
}

// times joins a ratio to what it is a ratio of.
func times(ratio float64) string {
	if ratio > 1 {
		return " times "
	}
	return " of "
}
