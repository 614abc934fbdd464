package board

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// network draws the chain: its units and skips in a row for each twin that is shown, and beneath them the gradient that comes back
// through them, ∂L/∂z, as wide as what is left of it. Where the bars show something else, the drawing says which is which.
func (c chainRun) network() views.ChainNet {
	n := views.ChainNet{Layers: c.config.Depth, Roomy: roomy(c.config.Depth), Goes: "the signal goes forward", Back: "gradient", Hits: c.hits(), Zeros: c.zeros()}
	back := "it"
	if c.view.Quantity != experiment.QuantityGradZ {
		n.Goes, n.Back, back = "the signal goes forward, ∂L/∂z comes back: the ribbons", "∂L/∂z", "∂L/∂z"
	}
	if layer := c.view.Layer; layer > 0 {
		n.InHand, n.Column = across(float64(layer-1), n.Layers), across(1, n.Layers)
	}
	curve := newUnitCurve(c.config)
	if n.Roomy != "" {
		n.Curve = curve.path()
	}
	for i, r := range c.drawn() {
		n.Rows = append(n.Rows, netRow(r, c.exact(i), curve, n.Roomy != "", back))
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
// It is "" where no row is that wide.
func roomy(depth int) string {
	for _, width := range []int{280, 560, 920, 1400} {
		if float64(width)/float64(depth)*unitShare >= 16 {
			return fmt.Sprintf("curves-from-%d", width)
		}
	}
	return ""
}

const unitShare = 0.66 // of its column that a unit's box takes, up to its full size

// netRow is a twin; back names what comes back through it.
func netRow(r, exact experiment.ChainResult, curve unitCurve, curves bool, back string) views.ChainNetRow {
	n := len(r.W)
	s := views.ChainNetRow{Twin: "plain", Name: "plain"}
	if r.Config.Residual() {
		s.Twin, s.Name = "residual", "with skips"
		s.Arcs = arcs(n)
		for i := range n {
			if curves {
				s.Sums = append(s.Sums, across(float64(i+1)-0.02, n))
			}
		}
	}
	if curves {
		for i, dot := range curve.dots(r.A) {
			s.Units = append(s.Units, views.ChainNetUnit{
				Left: across(float64(i)+(1-unitShare)/2, n), Width: across(unitShare, n), X: dot[0], Y: dot[1],
			})
		}
	} else {
		s.Boxes = boxes(n)
	}
	shares := left(r)
	s.Amount, s.Fate = arrival(r, exact, shares, back)
	if shares != nil {
		s.Ribbon, s.Marks = netRibbon(shares, n), marks(shares)
		most := slices.Max(shares)
		for i, v := range shares {
			if i > 0 {
				s.Shares += " "
			}
			s.Shares += strconv.FormatFloat(v/most, 'g', 3, 64)
		}
	}
	s.Label = rowWords(r, s, back)
	return s
}

// left is what is left of the last layer's ∂L/∂z at each layer, in size; nil where there is nothing to be a share of.
func left(r experiment.ChainResult) (shares []float64) {
	n := len(r.W)
	if broken(r.GradZ) || r.GradZ[n] == 0 {
		return nil
	}
	for _, g := range r.GradZ[1:] {
		shares = append(shares, math.Abs(g/r.GradZ[n]))
	}
	return shares
}

// fates say of a reach what it means for the first layer, after the number; of what comes back.
var fates = map[string]string{
	"vanished": "of %s arrives: vanished", "fading": "of %s arrives: fading", "arrives": "of %s arrives", "grows": "times: %s grows", "exploded": "times: %s exploded",
}

// arrival says how much of the last layer's gradient arrives at the first, as a number and what that means; shares are what is left
// of it at each layer.
func arrival(r, exact experiment.ChainResult, shares []float64, back string) (amount views.Text, fate string) {
	switch {
	case broken(r.GradZ):
		return views.T("∞"), "outgrows " + r.Config.DType
	case shares == nil:
		return views.T("0"), "nothing is sent back"
	case underflowed(shares[0], exact.GradZ[1]):
		return views.T("0"), "in " + r.Config.DType + ": vanished"
	}
	word := reach(shares[0])
	amount = views.Num(shares[0], 2)
	if word == "arrives" || word == "grows" {
		amount = views.Brief(shares[0], 2)
	}
	return amount, fmt.Sprintf(fates[word], back)
}

// rowWords is a row in words.
func rowWords(r experiment.ChainResult, s views.ChainNetRow, back string) string {
	n := len(r.W)
	kind := "without skips"
	if r.Config.Residual() {
		kind = "each with a skip over it"
	}
	layers := fmt.Sprintf("%d layers in a row", n)
	if n == 1 {
		layers = "one layer"
	}
	if back == "it" {
		back = "the gradient"
	}
	said := fmt.Sprintf("The %s network: %s, %s. Of %s at the last layer, at the first: %s, %s.", s.Twin, layers, kind, back, s.Amount.Line(), s.Fate)
	for _, m := range s.Marks {
		said += " At " + m.At + " of the way: " + m.Words + "."
	}
	return said
}

// ordinary is how wide a row of layers is on a laptop, in pixels.
const ordinary = 900.0

// boxes is the path of n units that are too narrow for anything in them: about square in an ordinary row.
func boxes(n int) string {
	high := ordinary / float64(n) * unitShare
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "M%.2f %.1fh%gv%.1fh-%gz", float64(i)+(1-unitShare)/2, views.NetRowMiddle-high/2, unitShare, high, unitShare)
	}
	return b.String()
}

// arcs is the path of the skips over n units, from before each to behind it. They are as high as their columns in an ordinary row
// allow.
func arcs(n int) string {
	column := ordinary / float64(n)
	high := min(25, column*0.55+6) + min(34, column*unitShare)/2
	var b strings.Builder
	for i := range n {
		from, to := float64(i)+0.02, float64(i)+0.98
		fmt.Fprintf(&b, "M%.2f %dC%.2f %.1f %.2f %.1f %.2f %d", from, views.NetRowMiddle, from+0.1, views.NetRowMiddle-high, to-0.1, views.NetRowMiddle-high, to, views.NetRowMiddle)
	}
	return b.String()
}

// marks say where the gradient has come down to a tenth, a thousandth and so on, on its way back. Each stands in rows that are
// wide enough for it beside the marks before it.
func marks(shares []float64) []views.ChainNetMark {
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
	var out []views.ChainNetMark
	for _, m := range all {
		if m.from > 0 {
			out = append(out, views.ChainNetMark{At: across(m.at, 1), From: fmt.Sprintf("from-%d", m.from), Words: m.words})
		}
	}
	return out
}

// across is a place of a row of n columns.
func across(at float64, n int) string {
	return strconv.FormatFloat(math.Round(at/float64(n)*100000)/1000, 'f', -1, 64) + "%"
}
