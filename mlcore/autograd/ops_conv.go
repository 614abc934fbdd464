package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

// ConvParams are the attributes of Conv2d. The zero Stride means 1.
type ConvParams struct {
	Stride, Padding int
	// Activation is applied to the result: Conv2d followed by Activation, in one pass over memory.
	Activation Activation
}

// conv2d is y = f(x ⋆ w + b), a cross-correlation:
//
//	y[n,o,i,j] = f(b[o] + Σ_{c,p,q} w[o,c,p,q]·x[n, c, s·i+p-pad, s·j+q-pad])
//
// With da = ∂L/∂y·f'(a): ∂L/∂b[o] += Σ da; ∂L/∂w[o,c,p,q] += Σ_{n,i,j} da[n,o,i,j]·x[…]; ∂L/∂x is the correlation
// of da with the flipped kernel, one for each residue of the pixel modulo the stride.
type conv2d[T Float] struct {
	node[T]
	p            ConvParams
	b, skip      *Tensor[T] // nil where there is none
	plan         convPlan
	correlation  kernel.Correlation[T]
	phases       []kernel.Correlation[T] // of the gradient to x
	biasGradient biasGradient[T]
	padded       []T // x in a wider frame, where padding exceeds its own
	widened      []T // da in a wider frame, where the gradient to x needs one
	result       []T // f(a), where a skip is added to it; else the output holds it
}

// convPlan is what the tap tables depend on.
type convPlan struct {
	x, y            layout
	source          layout // x as read: x's own layout or padded
	gradient        layout // da as read by the gradient to x, for one chunk
	kh, kw          int
	stride, padding int
	chunk           int   // blocks handled together in backward, so that da stays in cache
	phaseOrigin     []int // where the first tap of each phase lies in the gradient, from its first pixel
}

// cacheBytes is the share of the second-level cache that a chunk of backward may fill with one activation.
const cacheBytes = 256 << 10

// Conv2d correlates images x (N, C, H, W) with kernels w (O, C, KH, KW) and adds b (O), which may be nil. The result
// is (N, O, (H+2·pad-KH)/s+1, (W+2·pad-KW)/s+1).
func (t *Tape[T]) Conv2d(x, w, b *Tensor[T], p ConvParams) *Tensor[T] {
	return t.conv2d(x, w, b, nil, p)
}

// Conv2dAdd is Conv2d followed by Add of skip, in one pass over memory: f(x ⋆ w + b) + skip, the notebook's residual
// layer. The skip has the result's shape.
func (t *Tape[T]) Conv2dAdd(x, w, b, skip *Tensor[T], p ConvParams) *Tensor[T] {
	return t.conv2d(x, w, b, skip, p)
}

func (t *Tape[T]) conv2d(x, w, b, skip *Tensor[T], p ConvParams) *Tensor[T] {
	if p.Stride == 0 {
		p.Stride = 1
	}
	checkConv(x, w, b, p)
	if !p.Activation.FromOutput() {
		f := p.Activation
		p.Activation = Identity
		y := t.Activation(f, t.Conv2d(x, w, b, p))
		if skip != nil {
			y = t.Add(y, skip)
		}
		return y
	}
	o := take[T, conv2d[T]](t, x, w)
	o.b, o.skip = o.arg(t, b), o.arg(t, skip)
	o.p = p
	kh, kw := w.Shape[2], w.Shape[3]
	y := imageLayout(x.Shape[0], w.Shape[0],
		(x.Shape[2]+2*p.Padding-kh)/p.Stride+1, (x.Shape[3]+2*p.Padding-kw)/p.Stride+1, border)
	o.out.shapeAs(y, anyRequires(x, w, b, skip), y.n, y.c, y.h, y.w)
	if skip != nil {
		sameShape("Conv2dAdd", &o.out, skip)
	}
	plan := convPlan{x: x.layout, y: y, kh: kh, kw: kw, stride: p.Stride, padding: p.Padding}
	if o.phases == nil || o.plan.x != plan.x || o.plan.y != plan.y || o.plan.kh != kh || o.plan.kw != kw ||
		o.plan.stride != p.Stride || o.plan.padding != p.Padding {
		o.prepare(plan)
	}
	o.forward(t)
	return &o.out
}

func checkConv[T Float](x, w, b *Tensor[T], p ConvParams) {
	switch {
	case len(x.Shape) != 4 || !x.layout.lanes:
		panic(fmt.Sprintf("autograd: Conv2d: x has shape %v, want a batch (N, C, H, W)", x.Shape))
	case len(w.Shape) != 4:
		panic(fmt.Sprintf("autograd: Conv2d: weight has shape %v, want (O, C, KH, KW)", w.Shape))
	case w.Shape[1] != x.Shape[1]:
		panic(fmt.Sprintf("autograd: Conv2d: weight has %d input channels, x has %d", w.Shape[1], x.Shape[1]))
	case b != nil && b.Len() != w.Shape[0]:
		panic(fmt.Sprintf("autograd: Conv2d: bias has %d elements, weight has %d output channels", b.Len(), w.Shape[0]))
	case p.Stride < 1 || p.Padding < 0:
		panic(fmt.Sprintf("autograd: Conv2d: stride %d and padding %d, want at least 1 and 0", p.Stride, p.Padding))
	case x.Shape[2]+2*p.Padding < w.Shape[2] || x.Shape[3]+2*p.Padding < w.Shape[3]:
		panic(fmt.Sprintf("autograd: Conv2d: kernel %dx%d exceeds the padded image %dx%d",
			w.Shape[2], w.Shape[3], x.Shape[2]+2*p.Padding, x.Shape[3]+2*p.Padding))
	}
}

func (o *conv2d[T]) kind() string {
	if o.skip != nil {
		return withActivation("Conv2dAdd", o.p.Activation)
	}
	return withActivation("Conv2d", o.p.Activation)
}

// forward computes y chunk by chunk, so that each chunk's activation and sum find it in the cache.
func (o *conv2d[T]) forward(t *Tape[T]) {
	c, y := &o.correlation, o.plan.y
	if x := o.args[0]; o.plan.source != x.layout {
		o.padded = grow(o.padded, o.plan.source.size())
		reframe(o.plan.source, o.padded, x.layout, x.Data)
	}
	if o.skip != nil && len(o.result) != len(o.out.Data) {
		o.result = kernel.Storage[T](len(o.out.Data))
	}
	c.W, c.Bias, c.ReLU = o.args[1].Data, nil, o.p.Activation == ReLU
	if o.b != nil {
		c.Bias = o.b.Data
	}
	source, result := o.source(), o.activated()
	for first := 0; first < y.blocks(); first += o.plan.chunk {
		count, live := o.next(first)
		c.X = source[o.plan.sourceOrigin()+first*o.plan.source.block():]
		c.Y = result[y.pixel(first, 0, 0, 0):]
		correlateBlocks(t.kernels.Correlate, c, count, live)
		from, to := y.pixel(first, 0, 0, 0), min(y.pixel(first+count, 0, 0, 0), len(result))
		if f := o.p.Activation; f != Identity && f != ReLU {
			t.kernels.Activate(f, result[from:to], result[from:to])
		}
		if o.skip != nil {
			t.kernels.Add(o.out.Data[from:to], result[from:to], o.skip.Data[from:to], false)
		}
	}
	if !o.p.Activation.ZeroAtZero() {
		clearFrame(y, result)
		clearFrame(y, o.out.Data)
	}
}

// backward computes da chunk by chunk, and from each what it contributes to the three gradients.
func (o *conv2d[T]) backward(t *Tape[T]) {
	x, w := o.args[0], o.args[1]
	if o.skip != nil && o.skip.requiresGrad {
		o.skip.lend(t.kernels, o.out.Grad, &o.out)
	}
	var lent []T
	add := false
	if x.requiresGrad {
		lent, add = x.accumulateFrom()
	}
	if w.requiresGrad {
		w.accumulate()
	}
	if o.b != nil && o.b.requiresGrad {
		o.b.accumulate()
	}
	for first := 0; first < o.plan.y.blocks(); first += o.plan.chunk {
		count, live := o.next(first)
		da := o.preActivation(t, first, count)
		if o.b != nil && o.b.requiresGrad {
			o.biasGradient.add(t, o.b.Grad, da, o.plan.y, count)
		}
		if w.requiresGrad {
			c := &o.correlation
			c.W = w.Grad
			c.X = o.source()[o.plan.sourceOrigin()+first*o.plan.source.block():]
			c.Y = da[o.plan.y.pixel(0, 0, 0, 0):]
			correlateBlocks(t.kernels.CorrelateGrad, c, count, live)
		}
		if x.requiresGrad {
			o.backwardInput(t, da, first, count, live, lent, add)
		}
	}
}

// preActivation returns ∂L/∂a of some blocks, framed like the output.
func (o *conv2d[T]) preActivation(t *Tape[T], first, count int) []T {
	y := o.plan.y
	from := first * y.block()
	to := from + y.lead() + count*y.block() + y.border*lanes
	dy := o.out.Grad[from:to]
	if o.p.Activation == Identity {
		return dy
	}
	da := t.buffer(len(dy))
	t.kernels.ActivateGrad(o.p.Activation, da, dy, o.activated()[from:to], false)
	return da
}

// backwardInput stores some blocks of ∂L/∂x, to which it adds lent or, with add, what is there.
func (o *conv2d[T]) backwardInput(t *Tape[T], da []T, first, count, live int, lent []T, add bool) {
	plan := &o.plan
	if plan.gradient.border != plan.y.border {
		o.widened = grow(o.widened, plan.gradient.size())
		narrow := plan.y
		narrow.n = count * lanes
		reframe(plan.gradient, o.widened, narrow, da)
		da = o.widened
	}
	for i := range o.phases {
		c := &o.phases[i]
		h, w := i/plan.stride, i%plan.stride
		if h >= plan.x.h || w >= plan.x.w {
			continue
		}
		c.W, c.Accumulate = o.args[1].Data, add
		c.X = da[plan.gradient.lead()+plan.phaseOrigin[i]:]
		at := plan.x.pixel(first, 0, h, w)
		c.Y, c.Source = o.args[0].Grad[at:], nil
		if lent != nil {
			c.Source = lent[at:]
		}
		correlateBlocks(t.kernels.Correlate, c, count, live)
	}
}

// source is x with the frame that the taps expect.
func (o *conv2d[T]) source() []T {
	if o.plan.source != o.args[0].layout {
		return o.padded
	}
	return o.args[0].Data
}

// activated is the storage of f(a). The gradient needs it, and a skip that is added leaves no trace of it in the
// output.
func (o *conv2d[T]) activated() []T {
	if o.skip == nil {
		return o.out.Data
	}
	return o.result
}

// next returns the number of blocks in the chunk that begins with a block, and the live lanes of its last.
func (o *conv2d[T]) next(first int) (count, live int) {
	y := o.plan.y
	count = min(o.plan.chunk, y.blocks()-first)
	if first+count == y.blocks() {
		return count, y.live()
	}
	return count, lanes
}

// correlateBlocks runs c over count blocks, of which the last has only some live lanes.
func correlateBlocks[T Float](run func(*kernel.Correlation[T]), c *kernel.Correlation[T], count, live int) {
	if live < lanes {
		count--
	}
	c.Live = lanes
	if count > 0 {
		c.Blocks = count
		run(c)
	}
	if live < lanes {
		c.X, c.Y = c.X[count*c.XBlock:], c.Y[count*c.YBlock:]
		if c.Source != nil {
			c.Source = c.Source[count*c.YBlock:]
		}
		c.Blocks, c.Live = 1, live
		run(c)
	}
}

// kept is the number of elements that the op holds besides its output.
func (o *conv2d[T]) kept() int { return len(o.result) + len(o.padded) + len(o.widened) }
