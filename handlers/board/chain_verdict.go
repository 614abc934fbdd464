package board

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// A story is what is to be said of one chain: what its bars show, as the end of a sentence, and why, for a second line; why may
// be empty.
type story struct{ head, why views.Text }

// chainVerdict says in one sentence or two what the figure of a chain shows: of the plain twin, and, where the chain has its skips,
// of the residual one. exact are the same twins in float64, to tell underflow from a gradient that is zero. What explains the
// sentence, or qualifies it, is in the second text.
func chainVerdict(q quantity, t, exact chainTwins, both bool) views.Verdict {
	tell := func(r, exact experiment.ChainResult, after bool) story {
		switch q.name {
		case experiment.QuantityFactor:
			return story{head: factorStory(r, after)}
		case experiment.QuantityZ:
			return story{head: outputStory(r)}
		}
		return gradientStory(q, r, exact, after && len(r.W) > 1)
	}
	plain := tell(t.plain, exact.plain, false)
	verdict, why := views.Join(capital(plain.head), views.T(".")), views.Text(nil)
	if len(plain.why) > 0 {
		why = views.Join(views.Plain("Plain"), views.T(": "), plain.why, views.T("."))
	}
	if !both {
		return views.Verdict{Says: verdict, Aside: why}
	}
	residual := tell(t.residual, exact.residual, strings.HasPrefix(plain.head.String(), "layer 1 ") || strings.HasPrefix(plain.head.String(), "each layer "))
	verdict = views.Join(verdict, views.T(" With "), views.Residual("skips"), views.T(" "), residual.head, views.T("."))
	if len(residual.why) > 0 {
		if len(why) > 0 {
			why = append(why, views.T(" ")...)
		}
		why = views.Join(why, views.Residual("With skips"), views.T(": "), residual.why, views.T("."))
	}
	return views.Verdict{Says: verdict, Aside: why}
}

// capital is a text with a capital at its beginning.
func capital(t views.Text) views.Text {
	t = slices.Clone(t)
	first, size := utf8.DecodeRuneInString(t[0].Text)
	t[0].Text = string(unicode.ToUpper(first)) + t[0].Text[size:]
	return t
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

// outgrown is of numbers that are not finite.
func outgrown(r experiment.ChainResult) views.Text {
	return views.Join(views.T("the numbers outgrow "+r.Config.DType+": they have "), views.Strong("exploded"))
}

// gradientStory is of the gradients of one chain; after says that the sentence before it was about layer 1.
func gradientStory(q quantity, r, exact experiment.ChainResult, after bool) story {
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
	one := "layer 1 "
	if after {
		one = "it "
	}
	switch {
	case broken(values):
		return story{head: outgrown(r)}
	case zeros == n:
		return allZero(q, r, exact)
	case n == 1:
		return story{head: views.Join(views.T("the one layer’s gradient is "), views.Num(values[0], 2))}
	case values[0] == 0:
		return story{views.Join(views.T(one+q.gets+" "), inTwin(r, "nothing")),
			views.Join(views.T("its "+q.symbol+" is "), zero(r, values[0], exactly[0]), views.T(": "+whyZero(q, r, 1)))}
	case last == 0:
		return story{views.Join(views.T(one+q.gets+" "), views.Num(values[0], 2), views.T(fmt.Sprintf(", layer %d ", n)), inTwin(r, "nothing")),
			views.Join(views.T(fmt.Sprintf("layer %d’s is ", n)), zero(r, values[n-1], exactly[n-1]), views.T(": "+whyZero(q, r, n)))}
	}
	off := math.Abs(r.GradZ[n]) // of the output from the target
	atMost := views.Join(views.T("no layer "+q.gets+" more than "), views.Num(most, 2))
	vanishes := views.Join(views.T("the gradient has "), views.Strong("vanished"))
	switch {
	case most < tiny && off < tiny:
		return story{atMost, views.T("the output is all but the target")}
	case most < tiny && math.Abs(r.Z[n-1]) < vanished*math.Abs(r.Z[0]):
		return story{atMost, views.Join(vanishes, views.T(", and the signal with it"))}
	case most < tiny:
		return story{atMost, vanishes}
	case least > huge && off > exploded*max(1, math.Abs(r.Z[0]), math.Abs(r.Config.Target)):
		return story{views.Join(views.T("no layer "+q.gets+" less than "), views.Num(least, 2)),
			views.Join(views.T("the gradient has "), views.Strong("exploded"), views.T(", and the signal with it"))}
	}
	ratio := first / last
	s := story{head: views.Join(views.T(one+q.gets+" "), compared(q, r, ratio, after))}
	switch {
	case ratio < 0.1 && q.name == experiment.QuantityGradW && math.Abs(r.GradA[0]) >= 0.1*math.Abs(r.GradA[n-1]):
		s.why = views.T("layer 1’s input is that much smaller")
	case ratio < vanished:
		s.why = vanishes
	case ratio < 0.1:
		s.why = views.T("the gradient is fading")
	case ratio > exploded && first > exploded:
		s.why = views.Join(views.T("the gradient has "), views.Strong("exploded"))
	case ratio > 10:
		s.why = views.T("the early layers get far more than the late ones")
	}
	return s
}

// compared says what layer 1 gets of what the last layer does: "half a trillionth of what layer 20 is told". After a sentence
// about the same, it is shorter.
func compared(q quantity, r experiment.ChainResult, ratio float64, after bool) views.Text {
	last := fmt.Sprintf("layer %d %s", len(r.W), q.told)
	switch {
	case ratio < 0.995 && after:
		return inTwin(r, share(ratio))
	case ratio < vanished && ratio >= 1e-18 && !strings.Contains(share(ratio), "er half"):
		return views.Join(views.T("only "), inTwin(r, share(ratio)), views.T(" of what "+last))
	case ratio < 0.995:
		return views.Join(inTwin(r, share(ratio)), views.T(" of what "+last))
	case ratio < 1.05 && q.name != experiment.QuantityGradZ:
		return views.Join(inTwin(r, "as much"), views.T(fmt.Sprintf(" as layer %d", len(r.W))))
	case ratio < 2 && after && q.name == experiment.QuantityGradZ:
		return inTwin(r, "all of it")
	case ratio < 1.05:
		return views.Join(inTwin(r, "all"), views.T(" of what "+last))
	case after:
		return views.Join(stressed(r, multiple(ratio)), views.T(" as much"))
	}
	return views.Join(stressed(r, multiple(ratio)), views.T(" what "+last))
}

// inTwin is text in the colour of a chain.
func inTwin(r experiment.ChainResult, text string) views.Text { return stressed(r, views.T(text)) }

func stressed(r experiment.ChainResult, t views.Text) views.Text {
	class := "plain"
	if r.Config.Residual() {
		class = "residual"
	}
	return views.Text{{Text: t.Line(), Class: class}}
}

// allZero is of a chain whose gradients are all 0, and why.
func allZero(q quantity, r, exact experiment.ChainResult) story {
	n := len(r.W)
	zeroOf := func(values []float64) bool {
		return !slices.ContainsFunc(values, func(v float64) bool { return v != 0 })
	}
	most := 0.0 // in float64
	for _, g := range layers(q, exact) {
		most = max(most, math.Abs(g))
	}
	head := views.Join(views.T("no layer "+q.gets+" "), inTwin(r, "anything"))
	lead := views.Join(views.T("every "+q.symbol+" is "), zeroIn(r, 0, most))
	if n == 1 {
		head = views.Join(views.T("the one layer "+q.gets+" "), inTwin(r, "nothing"))
		lead = views.Join(views.T("its "+q.symbol+" is "), zeroIn(r, 0, most))
	}
	yet := views.Join(views.T(". Yet "), inputGradient(r), views.T(" arrives at the input"))
	because := func(why string, more ...views.Text) story {
		return story{head, views.Join(lead, views.T(why), views.Join(more...))}
	}
	switch {
	case r.GradZ[n] == 0 && exact.GradZ[n] == 0:
		return because(": the output is the target, and there is nothing left to learn")
	case r.GradZ[n] == 0:
		return because(": the output rounds to the target")
	case r.GradZ[0] != 0 && zeroOf(r.Slope):
		return because(": "+each(n, "unit")+" is saturated or dead", yet)
	case r.GradZ[0] != 0 && zeroOf(r.Z[:n]):
		return because(": "+each(n, "layer")+"’s input is 0", yet)
	case r.GradZ[0] != 0:
		return because("", yet)
	case underflowed(0, most):
		return because(": it is lost to rounding")
	}
	return because(": nothing would be learnt")
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

// factorStory is of the factors of one chain: how far apart they lie, and what they come to. After a sentence about the same, it
// is shorter.
func factorStory(r experiment.ChainResult, after bool) views.Text {
	if broken(r.Factor) {
		return outgrown(r)
	}
	low, high, product := math.Inf(1), 0.0, 1.0
	for _, f := range r.Factor {
		low, high, product = math.Min(low, math.Abs(f)), math.Max(high, math.Abs(f)), product*math.Abs(f)
	}
	n := len(r.Factor)
	if n == 1 {
		return views.Join(views.T("the one layer multiplies the gradient by "), views.Num(r.Factor[0], 2))
	}
	of := views.Short(low, 2)
	if most := views.Short(high, 2); most.String() != of.String() {
		of = views.Join(of, views.T(" to "), most)
	}
	end := views.Short(product, 2)
	if product == 0 && low > 0 { // of a hundred small factors even float64 loses the product
		end = views.T("next to nothing")
	}
	lead := "each layer multiplies the gradient’s size by "
	if after {
		lead = "by "
	}
	return views.Join(views.T(lead), of, views.T(fmt.Sprintf(": %d layers make ", n)), end)
}

// outputStory is of the outputs of one chain.
func outputStory(r experiment.ChainResult) views.Text {
	if broken(r.Z) {
		return outgrown(r)
	}
	n := len(r.W)
	return views.Join(views.T("the input "), views.Short(r.Z[0], 3), views.T(" becomes "), views.Num(r.Z[n], 2), views.T(fmt.Sprintf(" after layer %d", n)))
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
