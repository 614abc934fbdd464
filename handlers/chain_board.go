package handlers

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
type twins struct{ plain, residual experiment.ChainResult }

func runTwins(config experiment.Chain) twins {
	a, b := config.Run(), config.Twin().Run()
	if config.Residual() {
		a, b = b, a
	}
	return twins{plain: a, residual: b}
}

// chainBoard computes a chain and its twin, and shows them.
func chainBoard(config experiment.Chain) views.ChainBoard {
	t := runTwins(config)
	exact := t
	if config.DType != "float64" {
		exact = runTwins(config.In("float64"))
	}
	layers := make([]string, config.Depth)
	rows := make([]views.ChainRow, config.Depth)
	for i := range layers {
		layers[i] = strconv.Itoa(i + 1)
		rows[i] = views.ChainRow{
			Layer: i + 1, Weight: views.Cell(t.plain.W[i]),
			Plain: chainCells(t.plain, exact.plain, i), Residual: chainCells(t.residual, exact.residual, i),
		}
	}
	verdict := chainVerdict(t, exact)
	query := config.Query()
	return views.ChainBoard{
		Verdict: verdict,
		Figure: views.Figure{
			ID: "gradients", Height: "tall", Keys: bothTwins,
			Caption: views.T("Gradient of the loss with respect to each layer’s weight, |∂L/∂w|"),
			Option: chart.BarsByLayer(layers, fmt.Sprintf("layer, from the input (1) to the output (%d)", config.Depth),
				chart.Series{ID: "plain", Name: "plain", Values: t.plain.GradW},
				chart.Series{ID: "residual", Name: "residual", Values: t.residual.GradW, Faint: !config.Residual()}),
			Label: "Bars of the gradient of each layer’s weight, plain and residual, on a logarithmic axis. " + verdict.String(),
		},
		Rows:    rows,
		Losses:  views.Join(views.T("loss "), views.Num(t.plain.Loss, 2), views.T(" plain, "), views.Num(t.residual.Loss, 2), views.T(" residual")),
		APILink: link("/api/chain", query),
		Exports: exports("chain", query),
	}
}

// chainCells are one layer's numbers. A zero that float64 would not give is told apart from an exact one.
func chainCells(r, exact experiment.ChainResult, i int) views.ChainCells {
	grad := views.Cell(r.GradW[i])
	if underflowed(r.GradW[i], exact.GradW[i]) {
		grad = views.Join(grad, views.T(" (underflow: "), views.Num(exact.GradW[i], 2), views.T(")"))
	}
	return views.ChainCells{A: views.Cell(r.A[i]), Z: views.Cell(r.Z[i+1]), GradW: grad}
}

// underflowed says whether a gradient is 0 in its own precision only.
func underflowed(v, exact float64) bool { return v == 0 && exact != 0 && !math.IsNaN(exact) }
