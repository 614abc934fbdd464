package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

type linear[T Float] struct {
	node[T]
	from     layout       // of x when the tables were built
	tokens   int          // columns of features that a block of samples has: one, or one for each place of a sequence
	taps     []kernel.Tap // one for each feature of x
	product  kernel.Correlation[T]
	gradient kernel.Correlation[T] // to x, one run of neighbouring features at a time
	bias     biasGradient[T]
}

// Linear returns x wᵀ + b for x (N, D), w (O, D), b (O) or nil: (N, O); of sequences (N, S, D) for each token: (N, S, O), as
// torch.nn.functional.linear.
func (t *Tape[T]) Linear(x, w, b *Tensor[T], f ...Activation) *Tensor[T] {
	rank := len(x.Shape)
	switch {
	case rank != 2 && rank != 3 || !x.layout.lanes:
		panic(fmt.Sprintf("autograd: Linear: x has shape %v, want a batch (N, D) or (N, S, D)", x.Shape))
	case len(w.Shape) != 2:
		panic(fmt.Sprintf("autograd: Linear: weight has shape %v, want (O, D)", w.Shape))
	case w.Shape[1] != x.Shape[rank-1]:
		panic(fmt.Sprintf("autograd: Linear: weight has %d input features, x has %d", w.Shape[1], x.Shape[rank-1]))
	case b != nil && b.Len() != w.Shape[0]:
		panic(fmt.Sprintf("autograd: Linear: bias has %d elements, weight has %d output features", b.Len(), w.Shape[0]))
	}
	o := take[T, linear[T]](t, x, w, b)
	if rank == 3 {
		y := sequenceLayout(x.Shape[0], x.Shape[1], w.Shape[0])
		o.result(t, y, y.n, y.c, y.h)
	} else {
		y := featureLayout(x.Shape[0], w.Shape[0])
		o.result(t, y, y.n, y.c)
	}
	return t.run(o, f...)
}

// forward: y[…,o] = b[o] + Σ_d w[o,d]·x[…,d].
func (o *linear[T]) forward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	o.prepare(x.layout, w.Shape[0])
	c := &o.product
	for first, taps := range o.chunks() {
		c.W, c.Taps, c.Bias, c.Accumulate = w.Data, taps, nil, first > 0
		c.ReLU = o.fusesReLU() && first+len(taps) == len(o.taps)
		if b != nil && first == 0 {
			c.Bias = b.Data
		}
		o.columns(t.kernels.Correlate, c, x.Data, o.out.Data)
	}
}

// backward: ∂L/∂b[o] += Σ ∂L/∂y[…,o]; ∂L/∂w[o,d] += Σ ∂L/∂y[…,o]·x[…,d]; ∂L/∂x[…,d] += Σ_o ∂L/∂y[…,o]·w[o,d].
func (o *linear[T]) backward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	dy := o.out.Grad
	if b != nil && b.requiresGrad {
		b.accumulate()
		o.bias.add(t.kernels, b.Grad, dy, o.tokens*o.out.layout.blocks())
	}
	if w.requiresGrad {
		w.accumulate()
		c := &o.product
		for _, taps := range o.chunks() {
			c.W, c.Taps = w.Grad, taps
			o.columns(t.kernels.CorrelateGrad, c, x.Data, dy)
		}
	}
	if x.requiresGrad {
		c, l := &o.gradient, x.layout
		c.Accumulate = x.accumulate()
		for run := range len(o.taps) / c.Outputs { // all of x, or a row of the images that it may be a view of
			c.W = w.Data[run*c.Outputs:]
			o.columns(t.kernels.Correlate, c, dy, x.Grad[l.pixel(0, run/l.h, run%l.h, 0):])
		}
	}
}

func (o *linear[T]) kind() string { return "Linear" }
