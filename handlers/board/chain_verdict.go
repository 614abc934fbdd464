package board

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
func chainVerdict(q quantity, t, exact chainTwins) views.Text {
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
	zeros, least, most := 0, math.Inf(1), 0.0
	for _, g := range values {
		least, most = min(least, math.Abs(g)), max(most, math.Abs(g))
		if g == 0 {
			zeros++
		}
	}
	switch {
	case broken(values):
		return outgrown(r)
	case zeros == n:
		return allZero(q, r, exact)
	case n == 1:
		return views.Join(views.T("the one layer’s gradient is "), views.Num(values[0], 2), views.T("."))
	case values[0] == 0:
		return views.Join(views.T("layer 1 receives "), zero(r, values[0], exactly[0]), views.T(": "+whyZero(q, r, 1)+"."))
	case last == 0:
		return views.Join(views.T("layer 1’s gradient is "), views.Num(values[0], 2), views.T(fmt.Sprintf(" while layer %d’s is ", n)), zero(r, values[n-1], exactly[n-1]),
			views.T(": "+whyZero(q, r, n)+"."))
	}
	off := math.Abs(r.GradZ[n]) // of the output from the target
	switch {
	case most < tiny && off < tiny:
		return views.Join(views.T("no layer receives more than "), views.Num(most, 2), views.T(": the output is all but the target."))
	case most < tiny && math.Abs(r.Z[n-1]) < vanished*math.Abs(r.Z[0]):
		return views.Join(views.T("no layer receives more than "), views.Num(most, 2), views.T(": the gradient has "), views.Strong("vanished"), views.T(", and the signal with it."))
	case most < tiny:
		return views.Join(views.T("no layer receives more than "), views.Num(most, 2), views.T(": the gradient has "), views.Strong("vanished"), views.T("."))
	case least > huge && off > exploded*max(1, math.Abs(r.Z[0]), math.Abs(r.Config.Target)):
		return views.Join(views.T("no layer receives less than "), views.Num(least, 2), views.T(": the gradient has "), views.Strong("exploded"), views.T(", and the signal with it."))
	}
	ratio := first / last
	lead := views.Join(views.T("layer 1 receives "), views.Num(ratio, 2), views.T(times(ratio)+fmt.Sprintf("layer %d’s gradient: ", n)))
	switch {
	case ratio < 0.1 && q.name == experiment.QuantityGradW && math.Abs(r.GradA[0]) >= 0.1*math.Abs(r.GradA[n-1]):
		return views.Join(lead, views.T("its input is that much smaller."))
	case ratio < vanished:
		return views.Join(lead, views.T("it has "), views.Strong("vanished"), views.T("."))
	case ratio < 0.1:
		return views.Join(lead, views.T("it is fading."))
	case ratio > exploded && first > exploded:
		return views.Join(lead, views.T("it has "), views.Strong("exploded"), views.T("."))
	case ratio > 10:
		return views.Join(lead, views.T("the early layers get far more than the late ones."))
	}
	return views.Join(lead, views.T("it arrives."))
}

// allZero is the end of the sentence about a chain whose gradients are all 0, and why.
func allZero(q quantity, r, exact experiment.ChainResult) views.Text {
	n := len(r.W)
	zeroOf := func(values []float64) bool {
		return !slices.ContainsFunc(values, func(v float64) bool { return v != 0 })
	}
	most := 0.0 // in float64
	for _, g := range layers(q, exact) {
		most = max(most, math.Abs(g))
	}
	lead := views.Join(views.T("every "+q.symbol+" is "), zeroIn(r, 0, most))
	if n == 1 {
		lead = views.Join(views.T("the one layer’s "+q.symbol+" is "), zeroIn(r, 0, most))
	}
	yet := views.Join(views.T(". Yet "), inputGradient(r), views.T(" arrives at the input."))
	switch {
	case r.GradZ[n] == 0 && exact.GradZ[n] == 0:
		return views.Join(lead, views.T(": the output is the target, and there is nothing left to learn."))
	case r.GradZ[n] == 0:
		return views.Join(lead, views.T(": the output rounds to the target."))
	case r.GradZ[0] != 0 && zeroOf(r.Slope):
		return views.Join(lead, views.T(": "+each(n, "unit")+" is saturated or dead"), yet)
	case r.GradZ[0] != 0 && zeroOf(r.Z[:n]):
		return views.Join(lead, views.T(": "+each(n, "layer")+"’s input is 0"), yet)
	case r.GradZ[0] != 0:
		return views.Join(lead, yet)
	case underflowed(0, most):
		return views.Join(lead, views.T(": it is lost to rounding."))
	}
	return views.Join(lead, views.T(": nothing would be learnt."))
}

// each names all of n things, of which there may be one.
func each(n int, thing string) string {
	if n == 1 {
		return "its " + thing
	}
	return "each " + thing
}

// whyZero says why the gradient of a layer is 0 where not all are.
func whyZero(q quantity, r experiment.ChainResult, layer int) string {
	i, n := layer-1, len(r.W)
	sums := r.Config.Residual() && (r.Config.Activation == "sigmoid" || r.Config.Activation == "tanh")
	switch {
	case q.name == experiment.QuantityGradW && r.Z[i] == 0:
		return "its input is 0"
	case q.name != experiment.QuantityGradZ && r.Slope[i] == 0 && sums && layer == n && math.Abs(r.Z[i]) > math.Abs(r.Z[0]):
		return "the sum grew until its unit saturated"
	case q.name != experiment.QuantityGradZ && r.Slope[i] == 0:
		return "its unit is saturated or dead"
	case !r.Config.Residual() && slices.Contains(r.W[layer:], 0):
		return "a weight of 0 lets nothing through"
	case slices.Contains(r.Factor[layer:], 0):
		return "a later layer lets nothing through"
	}
	return "it is lost to rounding on the way"
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
	of := views.Short(low, 2)
	if most := views.Short(high, 2); most.String() != of.String() {
		of = views.Join(of, views.T(" to "), most)
	}
	end := views.Short(product, 2)
	if product == 0 && low > 0 { // of a hundred small factors even float64 loses the product
		end = views.T("next to nothing")
	}
	return views.Join(views.T("each layer multiplies the gradient by "), of, views.T(fmt.Sprintf(" in size: %d layers make ", n)), end, views.T("."))
}

// outputStory is the end of the sentence about the outputs of one chain.
func outputStory(r experiment.ChainResult) views.Text {
	if broken(r.Z) {
		return outgrown(r)
	}
	n := len(r.W)
	return views.Join(views.T("x = "), views.Short(r.Z[0], 3), views.T(" becomes z = "), views.Num(r.Z[n], 2), views.T(fmt.Sprintf(" after layer %d.", n)))
}

// zero is a gradient of 0 in words: in its precision only, with what float64 has, or in float64, too.
func zero(r experiment.ChainResult, v, exact float64) views.Text {
	if !underflowed(v, exact) {
		return zeroIn(r, v, exact)
	}
	return views.Join(zeroIn(r, v, exact), views.T(" ("), views.Num(exact, 2), views.T(" in float64)"))
}

// zeroIn says in which precisions a gradient is 0. Neither proves that it is 0 without rounding.
func zeroIn(r experiment.ChainResult, v, exact float64) views.Text {
	if underflowed(v, exact) || r.Config.DType == "float64" {
		return views.Strong("0 in " + r.Config.DType)
	}
	return views.Join(views.Strong("0"), views.T(", in float64 too"))
}

// times joins a ratio to what it is a ratio of.
func times(ratio float64) string {
	if ratio >= 0.995 { // written as 1.0
		return " times "
	}
	return " of "
}
