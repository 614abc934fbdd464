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
	p       ConvParams
	b, skip *Tensor[T] // nil where there is none
	plan    convPlan
	parts   []convPart[T] // one, or two that may run side by side
	padded  []T           // x in a wider frame, where padding exceeds its own
	result  []T           // f(a), where a skip is added to it; else the output holds it
	// What backward's parts share: the gradients to the result and to x, to which they add lent or, with addX, what it
	// holds. The tape may be at another op when a part begins.
	dy, dx, lent []T
	addX         bool
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
	o.b, o.skip = b, skip
	for _, arg := range []*Tensor[T]{b, skip} {
		if arg != nil {
			arg.settle()
			o.args[o.nargs] = arg
			o.nargs++
		}
	}
	o.p = p
	kh, kw := w.Shape[2], w.Shape[3]
	y := imageLayout(x.Shape[0], w.Shape[0],
		(x.Shape[2]+2*p.Padding-kh)/p.Stride+1, (x.Shape[3]+2*p.Padding-kw)/p.Stride+1, border)
	o.out.shapeAs(y, anyRequires(x, w, b, skip), y.n, y.c, y.h, y.w)
	if skip != nil {
		sameShape("Conv2dAdd", &o.out, skip)
	}
	plan := convPlan{x: x.layout, y: y, kh: kh, kw: kw, stride: p.Stride, padding: p.Padding}
	if o.parts == nil || o.plan.x != plan.x || o.plan.y != plan.y || o.plan.kh != kh || o.plan.kw != kw ||
		o.plan.stride != p.Stride || o.plan.padding != p.Padding {
		o.prepare(t, plan)
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

func (o *conv2d[T]) forward(t *Tape[T]) {
	if x := o.args[0]; o.plan.source != x.layout {
		t.join()
		o.padded = grow(o.padded, o.plan.source.size())
		reframe(o.plan.source, o.padded, x.layout, x.Data)
	}
	// Before the parts run side by side: they share it.
	if o.skip != nil && len(o.result) != len(o.out.Data) {
		o.result = kernel.Storage[T](len(o.out.Data))
	}
	t.inParts(o.parts, (*convPart[T]).forwardWork)
	if !o.p.Activation.ZeroAtZero() {
		t.join()
		clearFrame(o.plan.y, o.activated())
		clearFrame(o.plan.y, o.out.Data)
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

func (o *conv2d[T]) backward(t *Tape[T]) {
	x, w := o.args[0], o.args[1]
	if !w.leaf || o.b != nil && !o.b.leaf || o.skip != nil && !o.skip.borrows() {
		t.join() // their gradients are computed with at once
	}
	o.dy = o.out.Grad
	if o.skip != nil && o.skip.requiresGrad {
		o.skip.lend(t.kernels, o.out.Grad, &o.out)
	}
	if x.requiresGrad {
		o.lent, o.addX = x.accumulateFrom()
		o.dx = x.Grad
	}
	if w.requiresGrad {
		w.accumulate()
	}
	if o.b != nil && o.b.requiresGrad {
		o.b.accumulate()
	}
	if o.p.Activation != Identity {
		for i := range o.parts {
			t.reserve(i, o.plan.chunkSize())
		}
	}
	t.inParts(o.parts, (*convPart[T]).backwardWork)
	if len(o.parts) > 1 {
		t.parts.joined = append(t.parts.joined, o)
	}
}

// kept is the number of elements that the op holds besides its output.
func (o *conv2d[T]) kept() int {
	n := len(o.result) + len(o.padded)
	for i := range o.parts {
		p := &o.parts[i]
		n += len(p.widened) + len(p.weight) + len(p.bias)
	}
	return n
}
