package board

import "gradlab/mlcore/experiment"

// A quantity is how one of the numbers of a layer is named.
type quantity struct {
	name    string // one of experiment's Quantity constants
	symbol  string // as a sentence has it
	caption string // of the figure, in full
	tex     string // with %d for the layer; of the factor, the layer before follows
}

var quantities = map[string]quantity{
	experiment.QuantityGradW: {symbol: "∂L/∂w", tex: `\frac{\partial L}{\partial w_{%d}}`,
		caption: "Gradient of the loss with respect to each layer’s weight, |∂L/∂w|"},
	experiment.QuantityGradA: {symbol: "∂L/∂a", tex: `\frac{\partial L}{\partial a_{%d}}`,
		caption: "Gradient of the loss with respect to what enters each activation, |∂L/∂a|"},
	experiment.QuantityGradZ: {symbol: "∂L/∂z", tex: `\frac{\partial L}{\partial z_{%d}}`,
		caption: "Gradient of the loss with respect to each layer’s output, |∂L/∂z|; at x, |∂L/∂x|"},
	experiment.QuantityFactor: {symbol: "the local factor", tex: `\frac{\partial z_{%d}}{\partial z_{%d}}`,
		caption: "Factor by which each layer multiplies the gradient: |f′(a)·w| plain, |f′(a)·w + 1| residual"},
	experiment.QuantityZ: {symbol: "z", tex: `z_{%d}`,
		caption: "Each layer’s output on the way forward, |z|; at x, the input"},
}

// quantityOf finds how a quantity is named.
func quantityOf(name string) quantity {
	q := quantities[name]
	q.name = name
	return q
}

// short is the symbol as a column has room for.
func (q quantity) short() string {
	if q.name == experiment.QuantityFactor {
		return "factor"
	}
	return q.symbol
}
