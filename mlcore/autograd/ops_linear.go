package autograd

import (
	"fmt"
	"iter"

	"gradlab/mlcore/kernel"
)

// linear is y = f(x wᵀ + b): y[n,o] = f(b[o] + Σ_d w[o,d]·x[n,d]).
// With da = ∂L/∂y·f'(a): ∂L/∂w[o,d] += Σ_n da[n,o]·x[n,d]; ∂L/∂b[o] += Σ_n da[n,o]; ∂L/∂x[n,d] += Σ_o da[n,o]·w[o,d].
type linear[T Float] struct {
	node[T]
	f       Activation
	from    layout       // of x when the tables were built
	taps    []kernel.Tap // one for each feature of x
	forward kernel.Correlation[T]
	input   kernel.Correlation[T] // the gradient to x, one run of neighbouring features at a time
	bias    biasGradient[T]
}

// Linear returns x wᵀ + b for x (N, D), w (O, D), b (O) or nil: shape (N, O).
func (t *Tape[T]) Linear(x, w, b *Tensor[T]) *Tensor[T] { return t.LinearActivation(x, w, b, Identity) }

// LinearActivation returns f(x wᵀ + b): Linear followed by Activation in one pass.
func (t *Tape[T]) LinearActivation(x, w, b *Tensor[T], f Activation) *Tensor[T] {
	switch {
	case len(x.Shape) != 2 || !x.layout.lanes:
		panic(fmt.Sprintf("autograd: Linear: x has shape %v, want a batch (N, D)", x.Shape))
	case len(w.Shape) != 2:
		panic(fmt.Sprintf("autograd: Linear: weight has shape %v, want (O, D)", w.Shape))
	case w.Shape[1] != x.Shape[1]:
		panic(fmt.Sprintf("autograd: Linear: weight has %d input features, x has %d", w.Shape[1], x.Shape[1]))
	case b != nil && b.Len() != w.Shape[0]:
		panic(fmt.Sprintf("autograd: Linear: bias has %d elements, weight has %d output features", b.Len(), w.Shape[0]))
	}
	if !f.FromOutput() {
		return t.Activation(f, t.Linear(x, w, b))
	}
	o := take[T, linear[T]](t, x, w)
	o.arg(t, b)
	o.f = f
	y := featureLayout(x.Shape[0], w.Shape[0])
	o.out.shapeAs(y, anyRequires(x, w, b), y.n, y.c)
	if o.taps == nil || o.from != x.layout || o.forward.Outputs != y.c {
		o.prepare(x.layout, y)
	}
	c := &o.forward
	for first, taps := range o.chunks() {
		c.X, c.Y, c.W, c.Taps, c.Bias = x.Data, o.out.Data, w.Data, taps, nil
		if b != nil && first == 0 {
			c.Bias = b.Data
		}
		c.Accumulate, c.ReLU = first > 0, f == ReLU && first+len(taps) == len(o.taps)
		correlateCols(t.kernels.Correlate, c, y)
	}
	if f != Identity && f != ReLU {
		t.activate(f, &o.out, o.out.Data)
	}
	return &o.out
}

func (o *linear[T]) kind() string { return withActivation("Linear", o.f) }

// prepare builds the tap tables: a feature of x is a tap, a block of samples is a column.
func (o *linear[T]) prepare(x, y layout) {
	o.from = x
	features := x.c * x.h * x.w
	o.taps = make([]kernel.Tap, 0, features)
	for c := range x.c {
		for h := range x.h {
			for w := range x.w {
				o.taps = append(o.taps, kernel.Tap{X: int32(x.pixel(0, c, h, w)), W: int32(len(o.taps))})
			}
		}
	}
	o.forward = kernel.Correlation[T]{
		Outputs: y.c, Blocks: 1, Rows: 1, WOut: features,
		XCol: x.block(), YOut: lanes, YCol: y.block(),
	}
	o.bias.prepare(y)
	back := make([]kernel.Tap, y.c)
	for i := range back {
		back[i] = kernel.Tap{X: int32(i * lanes), W: int32(i * features)}
	}
	o.input = kernel.Correlation[T]{
		Taps: back, Blocks: 1, Rows: 1, WOut: 1, XCol: y.block(), YOut: lanes, YCol: x.block(),
	}
}

// chunks yields the taps in runs, each with its place, whose part of x stays in the cache while all outputs read it.
func (o *linear[T]) chunks() iter.Seq2[int, []kernel.Tap] {
	size := max(1, cacheBytes/(4*lanes*o.from.blocks()))
	return func(yield func(int, []kernel.Tap) bool) {
		for first := 0; first < len(o.taps); first += size {
			if !yield(first, o.taps[first:min(first+size, len(o.taps))]) {
				return
			}
		}
	}
}

func (o *linear[T]) backward(t *Tape[T]) {
	x, w := o.args[0], o.args[1]
	y := o.out.layout
	da := o.out.Grad
	if o.f != Identity {
		da = t.buffer(len(da))
		t.kernels.ActivateGrad(o.f, da, o.out.Grad, o.out.Data, false)
	}
	if o.nargs == 3 && o.args[2].requiresGrad {
		b := o.args[2]
		b.accumulate()
		o.bias.add(t, b.Grad, da, y, y.blocks())
	}
	if w.requiresGrad {
		w.accumulate()
		c := &o.forward
		for _, taps := range o.chunks() {
			c.X, c.Y, c.W, c.Taps = x.Data, da, w.Grad, taps
			correlateCols(t.kernels.CorrelateGrad, c, y)
		}
	}
	if x.requiresGrad {
		o.backwardInput(t, da, x.accumulate())
	}
}

// backwardInput computes ∂L/∂x row by row of the images that x may be a view of.
func (o *linear[T]) backwardInput(t *Tape[T], da []T, accumulate bool) {
	x, w := o.args[0], o.args[1]
	l := x.layout
	runs, length := l.c*l.h, l.w
	if l.border == 0 {
		runs, length = 1, l.c*l.h*l.w
	}
	c := &o.input
	c.Outputs, c.Accumulate = length, accumulate
	for run := range runs {
		c.X, c.Y, c.W = da, x.Grad[l.pixel(0, run/l.h, run%l.h, 0):], w.Data[run*length:]
		correlateCols(t.kernels.Correlate, c, o.out.layout)
	}
}

// correlateCols runs c with a column for each block of y, of which the last has only some live lanes.
func correlateCols[T Float](run func(*kernel.Correlation[T]), c *kernel.Correlation[T], y layout) {
	count, live := y.blocks(), y.live()
	if live < lanes {
		count--
	}
	c.Live = lanes
	if count > 0 {
		c.Cols = count
		run(c)
	}
	if live < lanes {
		c.X, c.Y = c.X[count*c.XCol:], c.Y[count*c.YCol:]
		c.Cols, c.Live = 1, live
		run(c)
	}
}
