package board

import (
	"fmt"
	"math"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// hits are the columns of the figure, one a layer: what each says, and how it is taken in hand.
func (c chainRun) hits() []views.ChainNetColumn {
	q, n := quantityOf(c.view.Quantity), c.config.Depth
	hits := make([]views.ChainNetColumn, n)
	drawn := c.drawn()
	arrives := make([][]float64, len(drawn))
	for k, r := range drawn {
		arrives[k] = left(r)
	}
	query := c.page.Query(c.config, c.view)
	for i := range hits {
		h := views.ChainNetColumn{Layer: i + 1, InHand: i+1 == c.view.Layer, First: i+1 == max(1, c.view.Layer), Late: 2*i >= n}
		query.Set("layer", strconv.Itoa(i+1))
		if h.InHand { // a second click puts it away
			query.Del("layer")
		}
		h.Href = views.Href(c.page.Path, query)
		for k, r := range drawn {
			h.Lines = append(h.Lines, views.ChainNetLine{Twin: bothTwins[k], Words: passes(q, r, arrives[k], i).Line()})
		}
		hits[i] = h
	}
	return hits
}

// passes says what a layer, from 0, hears of the last one's gradient and what becomes of it, and the number that the bars show.
// arrives are the shares that are left of that gradient; nil for none.
func passes(q quantity, r experiment.ChainResult, arrives []float64, i int) views.Text {
	var t views.Text
	if arrives != nil {
		t = views.Join(views.Brief(arrives[i], 2), views.T(" arrives, "))
	}
	t = views.Join(t, views.T("× "), views.Brief(r.Factor[i], 2), views.T(" goes on"))
	if q.name != experiment.QuantityFactor {
		t = views.Join(t, views.T(", "+q.symbol+" = "), views.Num(r.At(q.name, i+1), 2))
	}
	return t
}

// fewestZeros is from how many on zeros beside each other are one bracket.
const fewestZeros = 4

// zeroRuns are the runs of layers, [first, last] from 0, whose bars are 0 in their precision, by twin.
func (c chainRun) zeroRuns() map[string][][2]int {
	q, runs := quantityOf(c.view.Quantity), map[string][][2]int{}
	for k, r := range c.drawn() {
		values := layers(q, r)
		for i := 0; i < len(values); i++ {
			from := i
			for i < len(values) && values[i] == 0 {
				i++
			}
			if i-from >= fewestZeros {
				runs[bothTwins[k]] = append(runs[bothTwins[k]], [2]int{from, i - 1})
			}
		}
	}
	return runs
}

// zeros draws those runs as brackets.
func (c chainRun) zeros() []views.ZeroRun {
	q, n := quantityOf(c.view.Quantity), c.config.Depth
	var out []views.ZeroRun
	runs := c.zeroRuns()
	for k, twin := range bothTwins {
		doubles := layers(q, c.exact(k))
		for _, run := range runs[twin] {
			words := fmt.Sprintf("layers %d–%d: exactly 0", run[0]+1, run[1]+1)
			for i := run[0]; i <= run[1]; i++ {
				if doubles[i] != 0 || math.IsNaN(doubles[i]) {
					words = fmt.Sprintf("layers %d–%d: 0 in float32", run[0]+1, run[1]+1)
					break
				}
			}
			z := views.ZeroRun{Twin: twin, From: across(float64(run[0])+0.1, n), To: across(float64(run[1])+0.9, n), Row: k, Words: words}
			switch mid := float64(run[0]+run[1]+1) / 2 / float64(n); {
			case mid < 0.2:
				z.Mid, z.Anchor = z.From, "start"
			case mid > 0.8:
				z.Mid, z.Anchor = z.To, "end"
			default:
				z.Mid, z.Anchor = across(mid, 1), "middle"
			}
			out = append(out, z)
		}
	}
	return out
}
