package handlers

import (
	"fmt"
	"math"
	"slices"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A gradient below a thousandth of the last layer's has vanished for training's purposes, one above a thousand times has
// exploded: an update that moves the last layer by a tenth moves the first by less than its rounding, or far off.
// Gradients that are equal in all layers have vanished or exploded, too, where all of them are that small or large.
const (
	vanished = 1e-3
	exploded = 1e3
	tiny     = 1e-6
	huge     = 1e6
)

// chainVerdict says in words what the bars of a chain show: first of the plain twin, then of the residual one. exact are
// the same twins in float64, to tell underflow from a gradient that is zero.
func chainVerdict(q quantity, t, exact twins) views.Text {
	story := func(r, exact experiment.ChainResult) views.Text {
		switch q.name {
		case experiment.QuantityFactor:
			return factorStory(r)
		case experiment.QuantityZ:
			return outputStory(r)
		}
		return gradientStory(q, r, exact)
	}
	return views.Join(
		views.T("In the "), views.Plain("plain"), views.T(" chain, "), story(t.plain, exact.plain),
		views.T(" With the "), views.Residual("skip"), views.T(", "), story(t.residual, exact.residual),
	)
}

// layers are the values of a quantity in the layers, without the input's.
func layers(q quantity, r experiment.ChainResult) []float64 {
	values := r.Of(q.name)
	return values[len(values)-len(r.W):]
}

// broken says whether one of the values is not finite.
func broken(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return true
		}
	}
	return false
}

// outgrown is the end of a sentence about numbers that are not finite.
func outgrown(r experiment.ChainResult) views.Text {
	return views.Join(views.T("the numbers outgrow "+r.Config.DType+": they have "), views.Strong("exploded"), views.T("."))
}

// gradientStory is the end of the sentence about the gradients of one chain.
func gradientStory(q quantity, r, exact experiment.ChainResult) views.Text {
	values, exactly := layers(q, r), layers(q, exact)
	n := len(values)
	first, last := math.Abs(values[0]), math.Abs(values[n-1])
	zeros, lost := 0, 0
	least, most := math.Inf(1), 0.0
	for i, g := range values {
		least, most = min(least, math.Abs(g)), max(most, math.Abs(g))
		if g == 0 {
			zeros++
		}
		if underflowed(g, exactly[i]) {
			lost++
		}
	}
	switch {
	case broken(values):
		return outgrown(r)
	case zeros == n && r.GradZ[0] != 0 && lost == 0:
		return views.Join(views.T("every "+q.symbol+" is "), views.Strong("exactly 0"), views.T(": each unit is saturated or dead. Yet "), inputGradient(r), views.T(" arrives at the input."))
	case zeros == n && r.GradZ[0] != 0:
		return views.Join(views.T("every "+q.symbol+" is "), views.Strong("0 in "+r.Config.DType), views.T(": each unit is saturated or dead. Yet "), inputGradient(r), views.T(" arrives at the input."))
	case zeros == n && lost > 0:
		return views.Join(views.T("every gradient is "), views.Strong("0 in "+r.Config.DType), views.T(": it underflows."))
	case zeros == n:
		return views.Join(views.T("every gradient is "), views.Strong("exactly 0"), views.T(": nothing would be learnt."))
	case n == 1:
		return views.Join(views.T("the one layer’s gradient is "), views.Num(values[0], 2), views.T("."))
	case values[0] == 0 && r.Z[0] == 0:
		return views.Join(views.T("layer 1’s weight receives "), zero(r, values[0], exactly[0]), views.T(": its input is 0, so it cannot matter."))
	case values[0] == 0 && slices.Contains(r.W, 0):
		return views.Join(views.T("layer 1 receives "), zero(r, values[0], exactly[0]), views.T(": a weight of 0 lets nothing through."))
	case values[0] == 0:
		return firstZero(r, values[0], exactly[0])
	case last == 0:
		return views.Join(views.T("layer 1’s gradient is "), views.Num(values[0], 2), views.T(fmt.Sprintf(" while layer %d’s is ", n)), zero(r, values[n-1], exactly[n-1]),
			views.T(lastZero(r)))
	}
	switch {
	case most < tiny:
		return views.Join(views.T("no layer receives more than "), views.Num(most, 2), views.T(": the gradient has "), views.Strong("vanished"), views.T(", and the signal with it."))
	case least > huge:
		return views.Join(views.T("no layer receives less than "), views.Num(least, 2), views.T(": the gradient has "), views.Strong("exploded"), views.T("."))
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

func inputGradient(r experiment.ChainResult) views.Text {
	return views.Join(views.T("∂L/∂x = "), views.Num(r.GradZ[0], 2))
}

// factorStory is the end of the sentence about the factors of one chain: how far apart they lie, and what they come to.
func factorStory(r experiment.ChainResult) views.Text {
	if broken(r.Factor) {
		return outgrown(r)
	}
	low, high, product := math.Inf(1), 0.0, 1.0
	for _, f := range r.Factor {
		low, high, product = math.Min(low, math.Abs(f)), math.Max(high, math.Abs(f)), product*f
	}
	n := len(r.Factor)
	if n == 1 {
		return views.Join(views.T("the one layer multiplies the gradient by "), views.Num(r.Factor[0], 2), views.T("."))
	}
	of := views.Join(views.Short(low, 2), views.T(" to "), views.Short(high, 2))
	if low == high {
		of = views.Short(low, 2)
	}
	return views.Join(views.T("each layer multiplies the gradient by "), of, views.T(fmt.Sprintf(" in size: %d layers make ", n)), views.Short(product, 2), views.T("."))
}

// outputStory is the end of the sentence about the outputs of one chain.
func outputStory(r experiment.ChainResult) views.Text {
	if broken(r.Z) {
		return outgrown(r)
	}
	n := len(r.W)
	return views.Join(views.T("x = "), views.Short(r.Z[0], 3), views.T(" becomes z = "), views.Num(r.Z[n], 2), views.T(fmt.Sprintf(" after layer %d.", n)))
}

// firstZero says why the first layer's gradient is 0 where neither its input nor a weight is.
func firstZero(r experiment.ChainResult, v, exact float64) views.Text {
	lead := views.Join(views.T("layer 1 receives "), zero(r, v, exact))
	switch {
	case r.Slope[0] == 0:
		return views.Join(lead, views.T(": its unit is saturated or dead."))
	case slices.Contains(r.Factor[1:], 0):
		return views.Join(lead, views.T(": a later layer lets nothing through."))
	case underflowed(v, exact):
		return views.Join(lead, views.T(": it underflows on the way."))
	}
	return views.Join(views.T("layer 1 receives "), views.Strong("0 in "+r.Config.DType), views.T(": it underflows on the way."))
}

// lastZero says why the last layer's gradient is 0 while the first one's is not, which a skip alone can bring about.
func lastZero(r experiment.ChainResult) string {
	n := len(r.W)
	switch {
	case r.Slope[n-1] != 0:
		return ": its input is 0."
	case (r.Config.Activation == "sigmoid" || r.Config.Activation == "tanh") && math.Abs(r.Z[n-1]) > math.Abs(r.Z[0]):
		return ": the sum grew until the last layers saturated."
	}
	return ": its unit is saturated or dead."
}

// zero is a gradient of 0 in words: exactly so, or only in its precision.
func zero(r experiment.ChainResult, v, exact float64) views.Text {
	if !underflowed(v, exact) {
		return views.Strong("exactly 0")
	}
	return views.Join(views.Strong("0 in "+r.Config.DType), views.T(" ("), views.Num(exact, 2), views.T(" in float64)"))
}

// times joins a ratio to what it is a ratio of.
func times(ratio float64) string {
	if ratio >= 0.995 { // written as 1.0
		return " times "
	}
	return " of "
}
