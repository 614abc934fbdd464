package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// network draws the chain: its units and skips in a row for each twin that is shown, and beneath them the gradient that comes back,
// as wide as what is left of it.
func (c chainRun) network() views.Network {
	curve := newUnitCurve(c.config)
	n := views.Network{Layers: c.config.Depth, Curve: curve.path(), Roomy: roomy(c.config.Depth), Hits: c.hits(), Zeros: c.zeros()}
	for i, r := range c.drawn() {
		n.Strips = append(n.Strips, strip(r, c.exact(i), curve))
	}
	return n
}

// drawn are the twins that the figure shows: the plain one, and the residual one where the chain has its skips.
func (c chainRun) drawn() []experiment.ChainResult {
	t := c.shown()
	if c.config.Residual() {
		return []experiment.ChainResult{t.plain, t.residual}
	}
	return []experiment.ChainResult{t.plain}
}

// exact is a twin that the figure shows, in float64.
func (c chainRun) exact(i int) experiment.ChainResult {
	return []experiment.ChainResult{c.double.plain, c.double.residual}[i]
}

// roomy is the class of a row whose units show their curves where they have 16 pixels for them: a box is two thirds of its column.
func roomy(depth int) string {
	for _, width := range []int{280, 560, 920, 1400} {
		if float64(width)/float64(depth)*unitShare >= 16 {
			return fmt.Sprintf("curves-from-%d", width)
		}
	}
	return "no-curves"
}

const unitShare = 0.66 // of its column that a unit's box takes, up to its full size

func strip(r, exact experiment.ChainResult, curve unitCurve) views.Strip {
	n := len(r.W)
	s := views.Strip{Twin: "plain", Name: "plain"}
	if r.Config.Residual() {
		s.Twin, s.Name = "residual", "with skips"
		s.Arcs = arcs(n)
		for i := range n {
			s.Sums = append(s.Sums, across(float64(i+1)-0.02, n))
		}
	}
	for i, dot := range curve.dots(r.A) {
		s.Units = append(s.Units, views.NetUnit{
			Left: across(float64(i)+(1-unitShare)/2, n), Width: across(unitShare, n), X: dot[0], Y: dot[1],
		})
	}
	shares, most := left(r)
	s.Amount, s.Fate = arrival(r, exact, shares)
	if shares != nil {
		s.Ribbon, s.Marks = ribbon(shares, most), marks(shares)
		for i, v := range shares {
			if i > 0 {
				s.Shares += " "
			}
			s.Shares += strconv.FormatFloat(v/most, 'g', 3, 64)
		}
	}
	s.Label = stripWords(r, s)
	return s
}

// left is what is left of the last layer's ∂L/∂z at each layer, in size, and the most of it; nil where there is nothing to be a
// share of.
func left(r experiment.ChainResult) (shares []float64, most float64) {
	n := len(r.W)
	if broken(r.GradZ) || r.GradZ[n] == 0 {
		return nil, 0
	}
	for _, g := range r.GradZ[1:] {
		v := math.Abs(g / r.GradZ[n])
		shares, most = append(shares, v), max(most, v)
	}
	return shares, most
}

// arrival says how much of the last layer's gradient arrives at the first, as a number and what that means; shares are what is left
// of it at each layer.
func arrival(r, exact experiment.ChainResult, shares []float64) (amount views.Text, fate string) {
	if broken(r.GradZ) {
		return views.T("∞"), "outgrows " + r.Config.DType
	}
	if shares == nil {
		return views.T("0"), "nothing is sent back"
	}
	switch v := shares[0]; {
	case math.IsInf(v, 0):
		return views.T("∞"), "exploded"
	case underflowed(v, exact.GradZ[1]):
		return views.T("0"), "in " + r.Config.DType + ": vanished"
	case v < vanished:
		return views.Num(v, 2), "of it arrives: vanished"
	case v < 0.1:
		return views.Num(v, 2), "of it arrives: fading"
	case v <= 10:
		return views.Brief(v, 2), "of it arrives"
	case v <= exploded:
		return views.Brief(v, 2), "times: it grows"
	default:
		return views.Num(v, 2), "times: exploded"
	}
}

// stripWords is a row in words.
func stripWords(r experiment.ChainResult, s views.Strip) string {
	n := len(r.W)
	kind := "without skips"
	if r.Config.Residual() {
		kind = "each with a skip over it"
	}
	layers := fmt.Sprintf("%d layers in a row", n)
	if n == 1 {
		layers = "one layer"
	}
	said := fmt.Sprintf("The %s network: %s, %s. Of the gradient at the last layer, at the first: %s, %s.", s.Twin, layers, kind, s.Amount.Line(), s.Fate)
	for _, m := range s.Marks {
		said += " At " + m.At + " of the way: " + m.Words + "."
	}
	return said
}

// arcs is the path of the skips over n units, from before each to behind it. They are as high as their columns in a row of
// ordinary width allow.
func arcs(n int) string {
	column := 900 / float64(n)
	high := min(25, column*0.55+6) + min(34, column*unitShare)/2
	var b strings.Builder
	for i := range n {
		from, to := float64(i)+0.02, float64(i)+0.98
		fmt.Fprintf(&b, "M%.2f %dC%.2f %.1f %.2f %.1f %.2f %d", from, views.StripMiddle, from+0.1, views.StripMiddle-high, to-0.1, views.StripMiddle-high, to, views.StripMiddle)
	}
	return b.String()
}

// ribbon is the path of the shares, the widest of which fills it: between two layers it narrows as the factors do, by as much a
// pixel.
func ribbon(shares []float64, most float64) string {
	const steps = 6
	n := len(shares)
	half := func(v float64) float64 { return views.RibbonHeight / 2 * v / max(1, most) }
	type point struct{ x, half float64 }
	points := []point{{float64(n), half(1)}}
	for i := n; i >= 1; i-- {
		a := shares[i-1]
		points = append(points, point{float64(i) - 0.5, half(a)})
		if i == 1 {
			break
		}
		b := shares[i-2]
		if half(a) < 0.02 && half(b) < 0.02 { // of which nothing is seen
			continue
		}
		for k := 1; k < steps; k++ {
			t := float64(k) / steps
			points = append(points, point{float64(i) - 0.5 - t, half(toward(a, b, t))})
		}
	}
	var path strings.Builder
	const middle = views.RibbonHeight / 2
	for i, p := range points {
		fmt.Fprintf(&path, "%s%.2f %.2f", map[bool]string{true: "M", false: "L"}[i == 0], p.x, middle-p.half)
	}
	for i := len(points) - 1; i >= 0; i-- {
		fmt.Fprintf(&path, "L%.2f %.2f", points[i].x, middle+points[i].half)
	}
	return path.String() + "Z"
}

// marks say where the gradient has come down to a tenth, a thousandth and so on, on its way back. Each stands in rows that are
// wide enough for it beside the marks before it.
func marks(shares []float64) []views.NetMark {
	type mark struct {
		at    float64
		words string
		from  int
	}
	n := len(shares)
	var all []mark
	add := func(size float64, words string) {
		for i := n; i >= 1; i-- {
			if shares[i-1] <= size {
				all = append(all, mark{(float64(i) - 0.5) / float64(n), words, 0})
				return
			}
		}
	}
	add(0.1, "a tenth left")
	for _, u := range units {
		add(u.size, "a "+u.name)
	}
	for _, width := range []int{280, 560, 920} {
		for i := range all {
			m := &all[i]
			free := m.from == 0
			for j := range all {
				o := all[j]
				if free && i != j && o.from > 0 && math.Abs(o.at-m.at)*float64(width) < 6.4*float64(len(m.words)+len(o.words))/2+10 {
					free = false
				}
			}
			edge := m.at * float64(width)
			if free && edge > 14 && edge < float64(width)-14 {
				m.from = width
			}
		}
	}
	var out []views.NetMark
	for _, m := range all {
		if m.from > 0 {
			out = append(out, views.NetMark{At: across(m.at, 1), From: fmt.Sprintf("from-%d", m.from), Words: m.words})
		}
	}
	return out
}

// across is a place of a row of n columns.
func across(at float64, n int) string {
	return strconv.FormatFloat(math.Round(at/float64(n)*100000)/1000, 'f', -1, 64) + "%"
}
