package board

import (
	"fmt"
	"math"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// agreed is the relative error below which two ways to a number are called the same in words: half of float64's digits
// are what a difference can give.
const agreed = 1e-5

// check measures the number in hand by central differences.
func (c chainRun) check() *views.ChainCheck {
	plain, residual := c.config, c.config.Twin()
	if c.config.Residual() {
		plain, residual = residual, plain
	}
	p, r := plain.Check(c.view.Quantity, c.view.Layer), residual.Check(c.view.Quantity, c.view.Layer)
	row := func(name string, of func(experiment.ChainCheck) views.Text) views.CheckRow {
		return views.CheckRow{Name: views.T(name), Plain: of(p), Residual: of(r)}
	}
	off := func(name string, of func(experiment.ChainCheck) views.Text) views.CheckRow {
		line := row(name, of)
		line.Error = true
		return line
	}
	rows := []views.CheckRow{
		row("autograd in float32", func(k experiment.ChainCheck) views.Text { return views.Num(k.Single, 7) }),
		row("autograd in float64", func(k experiment.ChainCheck) views.Text { return views.Num(k.Double, 10) }),
		row(c.wholeName(), func(k experiment.ChainCheck) views.Text { return measured(k.Whole) }),
		off("relative error to float64", func(k experiment.ChainCheck) views.Text { return apart(k.Whole, k.Double) }),
	}
	if c.view.Quantity != experiment.QuantityFactor {
		rows = append(rows,
			row("a difference for each factor, multiplied", func(k experiment.ChainCheck) views.Text { return views.Num(k.ByLayer.Value, 10) }),
			off("relative error to float64", func(k experiment.ChainCheck) views.Text { return apart(k.ByLayer, k.Double) }))
	}
	verdict := views.Join(views.Plain("Plain"), views.T(": "), checkStory(p))
	if c.config.Residual() {
		verdict = views.Join(verdict, views.T(" "), views.Residual("Residual"), views.T(": "), checkStory(r))
	}
	return &views.ChainCheck{Verdict: verdict, Rows: rows}
}

// wholeName says what the first difference is taken of.
func (c chainRun) wholeName() string {
	i := c.view.Layer
	switch c.view.Quantity {
	case experiment.QuantityGradW:
		return fmt.Sprintf("(L(w%[1]s + h) − L(w%[1]s − h)) / 2h", subscript(i))
	case experiment.QuantityGradA:
		return fmt.Sprintf("(L(a%[1]s + h) − L(a%[1]s − h)) / 2h", subscript(i))
	case experiment.QuantityGradZ:
		return fmt.Sprintf("(L(z%[1]s + h) − L(z%[1]s − h)) / 2h", subscript(i))
	}
	in := "x"
	if i > 1 {
		in = "z" + subscript(i-1)
	}
	return fmt.Sprintf("(z%[1]s(%[2]s + h) − z%[1]s(%[2]s − h)) / 2h", subscript(i), in)
}

// subscript writes a layer's number below the line.
func subscript(i int) string {
	var out []rune
	for _, digit := range fmt.Sprint(i) {
		out = append(out, '₀'+digit-'0')
	}
	return string(out)
}

// measured is a difference with its step.
func measured(d experiment.Difference) views.Text {
	return views.Join(views.Num(d.Value, 10), views.T(", h = "), views.Num(d.Step, 1))
}

// apart is the relative error of a difference, or why there is none to speak of.
func apart(d experiment.Difference, exact float64) views.Text {
	if d.Value != exact && !d.Resolved() {
		return views.Join(views.T("lost in rounding, ± "), views.Num(d.Doubt, 1))
	}
	return views.Num(experiment.RelativeError(d.Value, exact), 2)
}

// checkStory says what the check of one twin has shown.
func checkStory(k experiment.ChainCheck) views.Text {
	whole, byLayer := experiment.RelativeError(k.Whole.Value, k.Double), experiment.RelativeError(k.ByLayer.Value, k.Double)
	var said views.Text
	switch {
	case math.IsNaN(k.Double) || math.IsInf(k.Double, 0):
		return views.T("the numbers outgrow float64, so there is nothing to compare.")
	case k.Kink && math.Min(whole, byLayer) > agreed:
		return views.T("an activation stands on its kink, where the slope jumps. The difference averages both sides; autograd takes the left one, as PyTorch does.")
	case k.Double == 0 && k.Whole.Value == 0:
		said = views.T("both say 0: moving this number moves nothing.")
	case whole <= agreed && k.Whole.Resolved():
		said = views.Join(views.T("it is real. The difference agrees to "), views.Num(whole, 1), views.T("."))
	case byLayer <= agreed && k.ByLayer.Resolved():
		said = views.Join(views.T("it is real. "), faint(k), views.T(" a difference for each factor sees all of it: multiplied, they agree to "), views.Num(byLayer, 1), views.T("."))
	case k.ByLayer.Resolved() || k.Whole.Resolved():
		said = views.Join(views.T("the difference agrees to "), views.Num(math.Min(whole, byLayer), 1), views.T(", as far as rounding lets it see."))
	default:
		said = views.T("it is too small for differences in float64: every step drowns in rounding.")
	}
	if underflowed(k.Single, k.Double) {
		said = views.Join(said, views.T(" Float32 says "), views.Strong("0"), views.T(": "), underflowReason(k))
	}
	return said
}

// faint says why one difference of the loss cannot check a gradient.
func faint(k experiment.ChainCheck) views.Text {
	if k.Whole.Resolved() {
		return views.Join(views.T("One difference of the loss agrees to "), views.Num(experiment.RelativeError(k.Whole.Value, k.Double), 1),
			views.T(" only, since the step moves its last digits alone;"))
	}
	return views.T("One difference of the loss cannot tell, since no step moves any of its sixteen digits by enough;")
}

// underflowReason says why float32 has 0 where float64 has not.
func underflowReason(k experiment.ChainCheck) views.Text {
	const least = 1.401298464324817e-45 // the smallest number above 0 that float32 has
	if math.Abs(k.Double) < least {
		return views.T("the number is below 1.4·10⁻⁴⁵, the smallest that it has.")
	}
	return views.T("a saturated output rounds to its limit there, and the slope computed from it to 0.")
}
