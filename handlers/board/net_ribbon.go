package board

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gradlab/views"
)

// netRibbon draws how much gradient each unit gets as a band around y = 0, as an SVG path: half as high as a unit's share of the
// largest, in true proportion, and exponential between two units. values go from the input to the output, one a column; the
// band comes in from the loss, at x = columns, as high as at the last of them. Ribbons of as many columns have as many pieces, so that
// one can become another. It is "" where a value is not finite, or all are 0. static/js/ribbon.js draws the same while a run is
// scrubbed.
func netRibbon(values []float64, columns int) string {
	most := 0.0
	for _, v := range values {
		most = max(most, v) // NaN, too
	}
	if !(most > 0) || math.IsInf(most, 1) {
		return ""
	}
	var xs, halves []float64
	to := func(x, v float64) { xs, halves = append(xs, x), append(halves, v/most) }
	last := len(values) - 1
	between := max(1, min(4, 80/columns)) // straight pieces from one unit to the next
	to(float64(columns), values[last])
	for i := last; i > 0; i-- {
		for k := range between {
			t := float64(k) / float64(between)
			to(float64(i)+0.5-t, toward(values[i], values[i-1], t))
		}
	}
	to(0.5, values[0])
	var b strings.Builder
	point := func(command byte, x, y float64) {
		b.WriteByte(command)
		b.WriteString(strconv.FormatFloat(x, 'f', 2, 64))
		b.WriteByte(' ')
		b.WriteString(strconv.FormatFloat(y, 'f', 3, 64))
	}
	for i := range xs {
		point("ML"[min(i, 1)], xs[i], -halves[i])
	}
	for i := len(xs) - 1; i >= 0; i-- {
		point('L', xs[i], halves[i])
	}
	b.WriteByte('Z')
	return b.String()
}

// toward is the value a share t of the way from a to b: exponential, and straight to or from 0.
func toward(a, b, t float64) float64 {
	if a > 0 && b > 0 {
		return math.Pow(a, 1-t) * math.Pow(b, t)
	}
	return a + (b-a)*t
}

// reaches say what a gradient does on its way, by what the first unit gets for each 1 in the last; beyond all bounds it has
// exploded.
var reaches = []views.Reach{{Below: vanished, Word: "vanished"}, {Below: 0.1, Word: "fading"}, {Below: 10, Word: "arrives"}, {Below: exploded, Word: "grows"}, {Word: "exploded"}}

func reach(share float64) string {
	i := slices.IndexFunc(reaches, func(r views.Reach) bool { return share < r.Below || r.Below == 0 })
	return reaches[i].Word
}

// netArrival says what the first unit gets for each 1 in the last, and what that means; "–" where it cannot be said.
func netArrival(values []float64) (share views.Text, word string) {
	none := views.T("–")
	if broken(values) {
		return none, "no number"
	}
	first, last := values[0], values[len(values)-1]
	switch {
	case len(values) == 1:
		return none, ""
	case first == 0 && last == 0:
		return views.T("0"), "nothing arrives"
	case last == 0:
		return none, "the last gets 0"
	}
	return views.Num(first/last, 2), reach(first / last)
}
