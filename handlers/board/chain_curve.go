package board

import (
	"fmt"
	"math"
	"strings"

	"gradlab/mlcore/experiment"
)

// A unitCurve is an activation as a unit's box shows it: over −span to span, as high as the box.
type unitCurve struct {
	config    experiment.Chain
	span      float64
	low, high float64 // of f within the span
}

const (
	curvePoints = 25
	curveWide   = 13.0 // of the box's middle to the curve's end
	curveHigh   = 12.0
)

// spans are how much of an activation a unit shows, either way of 0; of the others, 3.
var spans = map[string]float64{"sigmoid": 6.5}

func newUnitCurve(c experiment.Chain) unitCurve {
	u := unitCurve{config: c.In("float64"), span: 3, low: math.Inf(1), high: math.Inf(-1)}
	if span, known := spans[c.Activation]; known {
		u.span = span
	}
	for _, f := range u.config.Curve(u.places()) {
		u.low, u.high = min(u.low, f), max(u.high, f)
	}
	return u
}

func (u unitCurve) places() []float64 {
	as := make([]float64, curvePoints)
	for k := range as {
		as[k] = u.span * (2*float64(k)/(curvePoints-1) - 1)
	}
	return as
}

func (u unitCurve) at(a, f float64) (x, y string) {
	return fmt.Sprintf("%.1f", curveWide*a/u.span), fmt.Sprintf("%.1f", curveHigh-2*curveHigh*(f-u.low)/(u.high-u.low))
}

func (u unitCurve) path() string {
	var b strings.Builder
	as := u.places()
	for k, f := range u.config.Curve(as) {
		x, y := u.at(as[k], f)
		fmt.Fprintf(&b, "%s%s %s", map[bool]string{true: "M", false: "L"}[k == 0], x, y)
	}
	return b.String()
}

// dots are where units stand: at the curve's end where an a is beyond. A unit whose a is no number has none.
func (u unitCurve) dots(as []float64) [][2]string {
	within := make([]float64, len(as))
	for i, a := range as {
		within[i] = max(-u.span, min(u.span, a))
	}
	dots := make([][2]string, len(as))
	for i, f := range u.config.Curve(within) {
		if !math.IsNaN(as[i]) {
			dots[i][0], dots[i][1] = u.at(within[i], f)
		}
	}
	return dots
}
