package board

import (
	"fmt"
	"maps"
	"math"
	"net/url"
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

// A ChainPage is a page that shows a chain: where it is, and how its address says what is shown.
type ChainPage struct {
	Path string
	View experiment.Table[experiment.ChainView]
}

// The pages of a chain: the lab, and the first page of the site.
var (
	ChainLab   = ChainPage{"/labs/chain", experiment.ChainViewTable()}
	ChainFirst = ChainPage{"/", experiment.ChainFirstTable()}
)

// Query writes a chain and how it is shown, as the page's address has it.
func (p ChainPage) Query(c experiment.Chain, v experiment.ChainView) url.Values {
	query := c.Query()
	maps.Copy(query, p.View.Query(v))
	return query
}

func (p ChainPage) href(c experiment.Chain, v experiment.ChainView) string {
	return views.Href(p.Path, p.Query(c, v))
}

// A chainRun is a chain and its twin in both precisions, and what is to be shown of them.
type chainRun struct {
	page           ChainPage
	config         experiment.Chain
	view           experiment.ChainView
	single, double chainTwins
}

func runChain(page ChainPage, config experiment.Chain, view experiment.ChainView) chainRun {
	view.Layer = min(view.Layer, config.Depth) // a chain may have become shallower than the layer in hand
	return chainRun{page: page, config: config, view: view, single: runTwins(config.In("float32")), double: runTwins(config.In("float64"))}
}

// shown are the twins in the precision that the config asks for.
func (c chainRun) shown() chainTwins {
	if c.config.DType == "float64" {
		return c.double
	}
	return c.single
}

// Chain computes a chain and its twin, and shows them on a page.
func Chain(page ChainPage, config experiment.Chain, view experiment.ChainView) views.ChainBoard {
	c := runChain(page, config, view)
	q := quantityOf(view.Quantity)
	t, query := c.shown(), config.Query()
	verdict := chainVerdict(q, t, c.double, config.Residual())
	losses := views.Join(views.T("loss "), views.Num(t.plain.Loss, 2), views.T(" plain"))
	if config.Residual() {
		losses = views.Join(losses, views.T(", "), views.Num(t.residual.Loss, 2), views.T(" with skips"))
	}
	return views.ChainBoard{
		Verdict: verdict,
		Network: c.network(),
		Figure: views.Figure{
			ID: "gradients", Height: "tall", Caption: views.T(q.caption), Option: c.bars(),
			Label: "Bars of " + q.symbol + " by layer, on a logarithmic axis. " + verdict.String(),
		},
		Note:     c.note(),
		Losses:   losses,
		APILink:  views.Href("/api/chain", query),
		Exports:  exports("chain", query),
		Symbol:   q.short(),
		Residual: config.Residual(),
		Rows:     c.rows(),
		Layer:    c.layer(),
		Graph:    chainGraph(config),
		Deepest:  deepestDrawn,
		Shallow:  views.Link{Label: "Show these settings at depth 4", Href: ChainLab.href(shallower(config, 4), view)},
	}
}

func shallower(config experiment.Chain, depth int) experiment.Chain {
	config.Depth = depth
	return config
}

// hasInput says whether the quantity in hand has a value at the input, too: the table has it, the bars do not.
func (c chainRun) hasInput() bool { return len(c.single.plain.Of(c.view.Quantity)) > c.config.Depth }

// bars is the figure: the quantity in hand by layer, under the layers of the network. Where it is 0 in float32 only, what float64
// makes of it stands in outline.
func (c chainRun) bars() map[string]any {
	q := quantityOf(c.view.Quantity)
	names := make([]string, c.config.Depth)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	var series []chart.Series
	for i, r := range c.drawn() {
		id, exact := bothTwins[i], c.exact(i)
		values := layers(q, r)
		series = append(series, chart.Series{ID: id, Twin: id, Name: id, Values: values, Hollow: lost(values, layers(q, exact))})
	}
	option := chart.BarsByLayer(names, fmt.Sprintf("layer, from the input (1) to the output (%d)", c.config.Depth), series...)
	option["network"] = true
	if runs := c.zeroRuns(); len(runs) > 0 {
		option["zeros"] = runs
	}
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
	q := quantityOf(c.view.Quantity)
	for i, r := range c.drawn() {
		exact := c.exact(i)
		if lost(layers(q, r), layers(q, exact)) != nil {
			return views.T("A hollow bar is 0 in float32 and not in float64: its height is what float64 computes. The number was lost to rounding, not to the mathematics.")
		}
	}
	return nil
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
