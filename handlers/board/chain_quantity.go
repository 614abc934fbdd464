package board

import "gradlab/mlcore/experiment"

// A quantity is how one of the numbers of a layer is named.
type quantity struct {
	name    string // one of experiment's Quantity constants
	symbol  string // as a sentence has it
	caption string // of the figure, in full
	gets    string // what a sentence says of a layer: that it gets it, or hears it
	told    string // the same of the layer that it is compared with
	tex     string // with %d for the layer; of the factor, the layer before follows
}

var quantities = map[string]quantity{
	experiment.QuantityGradW: {symbol: "∂L/∂w", gets: "gets", told: "gets", tex: `\frac{\partial L}{\partial w_{%d}}`,
		caption: "Gradient of the loss with respect to each layer’s weight, |∂L/∂w|"},
	experiment.QuantityGradA: {symbol: "∂L/∂a", gets: "gets", told: "gets", tex: `\frac{\partial L}{\partial a_{%d}}`,
		caption: "Gradient of the loss with respect to what enters each activation, |∂L/∂a|"},
	experiment.QuantityGradZ: {symbol: "∂L/∂z", gets: "hears", told: "is told", tex: `\frac{\partial L}{\partial z_{%d}}`,
		caption: "Gradient of the loss with respect to each layer’s output, |∂L/∂z|"},
	experiment.QuantityFactor: {symbol: "the local factor", tex: `\frac{\partial z_{%d}}{\partial z_{%d}}`,
		caption: "Factor by which each layer multiplies the gradient: |f′(a)·w| plain, |f′(a)·w + 1| residual"},
	experiment.QuantityZ: {symbol: "z", tex: `z_{%d}`,
		caption: "Each layer’s output on the way forward, |z|"},
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
