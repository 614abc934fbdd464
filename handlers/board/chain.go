package board

import (
	"fmt"
	"math"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
	"gradlab/views/chart"
)

// bothTwins are the keys of a figure that shows plain and residual.
var bothTwins = []string{"plain", "residual"}

// twins are a chain without and with its skip.
type chainTwins struct{ plain, residual experiment.ChainResult }

func runTwins(config experiment.Chain) chainTwins {
	a, b := config.Run(), config.Twin().Run()
	if config.Residual() {
		a, b = b, a
	}
	return chainTwins{plain: a, residual: b}
}

// ChainTwins computes a chain without and with its skip.
func ChainTwins(config experiment.Chain) (plain, residual experiment.ChainResult) {
	t := runTwins(config)
	return t.plain, t.residual
}

// A chainRun is a chain and its twin in both precisions, and what is to be shown of them.
type chainRun struct {
	config         experiment.Chain
	view           experiment.ChainView
	single, double chainTwins
}

func runChain(config experiment.Chain, view experiment.ChainView) chainRun {
	view.Layer = min(view.Layer, config.Depth) // a chain may have become shallower than the layer in hand
	return chainRun{config: config, view: view, single: runTwins(config.In("float32")), double: runTwins(config.In("float64"))}
}

// shown are the twins in the precision that the config asks for.
func (c chainRun) shown() chainTwins {
	if c.config.DType == "float64" {
		return c.double
	}
	return c.single
}

// Chain computes a chain and its twin, and shows them.
func Chain(config experiment.Chain, view experiment.ChainView) views.ChainBoard {
	c := runChain(config, view)
	q := quantityOf(view.Quantity)
	t, query := c.shown(), config.Query()
	verdict := chainVerdict(q, t, c.double)
	return views.ChainBoard{
		Verdict: verdict,
		Figure: views.Figure{
			ID: "gradients", Height: "tall", Keys: bothTwins, Caption: views.T(q.caption), Option: c.bars(),
			Label: "Bars of " + q.symbol + " by layer, plain and residual, on a logarithmic axis. " + verdict.String(),
		},
		Note:    c.note(),
		Losses:  views.Join(views.T("loss "), views.Num(t.plain.Loss, 2), views.T(" plain, "), views.Num(t.residual.Loss, 2), views.T(" residual")),
		APILink: views.Href("/api/chain", query),
		Exports: exports("chain", query),
		Symbol:  q.short(),
		Rows:    c.rows(),
		Layer:   c.layer(),
		Graph:   chainGraph(config),
		Deepest: deepestDrawn,
		Shallow: views.Link{Label: "Show these settings at depth 4", Href: views.Href("/labs/chain", view.Query(shallower(config, 4)))},
	}
}

func shallower(config experiment.Chain, depth int) experiment.Chain {
	config.Depth = depth
	return config
}

// names are the places on the layers' axis: the layers, after the input where the quantity has a value there.
func (c chainRun) names() []string {
	var names []string
	if c.hasInput() {
		names = append(names, "x")
	}
	for i := range c.config.Depth {
		names = append(names, strconv.Itoa(i+1))
	}
	return names
}

func (c chainRun) hasInput() bool { return len(c.single.plain.Of(c.view.Quantity)) > c.config.Depth }

// bars is the figure: the quantity in hand by layer. Where it is 0 in float32 only, what float64 makes of it stands in
// outline.
func (c chainRun) bars() map[string]any {
	q, t := c.view.Quantity, c.shown()
	option := chart.BarsByLayer(c.names(), fmt.Sprintf("layer, from the input (1) to the output (%d)", c.config.Depth),
		chart.Series{ID: "plain", Twin: "plain", Name: "plain", Values: t.plain.Of(q), Hollow: lost(t.plain.Of(q), c.double.plain.Of(q))},
		chart.Series{ID: "residual", Twin: "residual", Name: "residual", Values: t.residual.Of(q), Hollow: lost(t.residual.Of(q), c.double.residual.Of(q)), Faint: !c.config.Residual()})
	if c.view.Layer > 0 {
		option["picked"] = strconv.Itoa(c.view.Layer)
	}
	return option
}

// lost holds what float64 makes of the values that are 0 in their own precision only, NaN elsewhere; nil where no value
// is lost.
func lost(values, exact []float64) []float64 {
	var hollow []float64
	for i, v := range values {
		if !underflowed(v, exact[i]) {
			continue
		}
		if hollow == nil {
			hollow = make([]float64, len(values))
			for j := range hollow {
				hollow[j] = math.NaN()
			}
		}
		hollow[i] = exact[i]
	}
	return hollow
}

// note says how to read what is not a plain bar.
func (c chainRun) note() views.Text {
	q, t := c.view.Quantity, c.shown()
	count := 0
	for _, pair := range [][2][]float64{{t.plain.Of(q), c.double.plain.Of(q)}, {t.residual.Of(q), c.double.residual.Of(q)}} {
		for i, v := range pair[0] {
			if underflowed(v, pair[1][i]) {
				count++
			}
		}
	}
	if count == 0 {
		return nil
	}
	return views.T("A hollow bar is 0 in float32 and not in float64: its height is what float64 computes. The number was lost to rounding, not to the mathematics.")
}

// rows are the table: the quantity in hand in both precisions.
func (c chainRun) rows() []views.ChainRow {
	t := c.shown()
	var rows []views.ChainRow
	if c.hasInput() {
		rows = append(rows, views.ChainRow{Name: "x", Plain: c.inputCells(t.plain, c.single.plain, c.double.plain), Residual: c.inputCells(t.residual, c.single.residual, c.double.residual)})
	}
	for i := range c.config.Depth {
		rows = append(rows, views.ChainRow{
			Name: strconv.Itoa(i + 1), Weight: views.Cell(t.plain.W[i]),
			Plain:    c.cells(t.plain, c.single.plain, c.double.plain, i),
			Residual: c.cells(t.residual, c.single.residual, c.double.residual, i),
		})
	}
	return rows
}

func (c chainRun) cells(r, single, double experiment.ChainResult, i int) views.ChainCells {
	s, d := single.At(c.view.Quantity, i+1), double.At(c.view.Quantity, i+1)
	return views.ChainCells{
		A: views.Cell(r.A[i]), Z: views.Cell(r.Z[i+1]), Factor: views.Cell(r.Factor[i]),
		Single: views.Cell(s), Double: views.Cell(d), Lost: underflowed(s, d),
	}
}

func (c chainRun) inputCells(r, single, double experiment.ChainResult) views.ChainCells {
	s, d := single.Of(c.view.Quantity)[0], double.Of(c.view.Quantity)[0]
	return views.ChainCells{Z: views.Cell(r.Z[0]), Single: views.Cell(s), Double: views.Cell(d), Lost: underflowed(s, d)}
}

// underflowed says whether a number is 0 in its own precision only.
func underflowed(v, exact float64) bool { return v == 0 && exact != 0 && !math.IsNaN(exact) }
