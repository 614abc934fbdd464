package autograd

import "gradlab/mlcore/kernel"

// convPart is one half of a convolution's blocks, or all of them. A large convolution is always cut in two, whether or
// not a second core takes the other half: the order of the sums, and so every bit of a run, does not depend on it.
type convPart[T Float] struct {
	o                 *conv2d[T]
	index             int // 0 or 1
	first, end        int // blocks
	correlation       kernel.Correlation[T]
	phases            []kernel.Correlation[T] // of the gradient to x
	biasGradient      biasGradient[T]
	widened           []T    // da in a wider frame, where the gradient to x needs one
	weight, bias      []T    // the second half's own gradients
	forward, backward func() // kept, so that handing them on allocates nothing
}

// splitWork is the number of multiply-adds from which a convolution is cut in two: a tenth of a millisecond and more,
// against some microseconds for waking a goroutine.
const splitWork = 8_000_000

// prepareParts cuts the blocks, with tap tables that the parts share.
func (o *conv2d[T]) prepareParts(t *Tape[T], correlation kernel.Correlation[T], phases []kernel.Correlation[T]) {
	y := o.plan.y
	count := 1
	if y.blocks() > 1 && y.n*y.c*y.h*y.w*len(correlation.Taps) >= splitWork {
		count = 2
	}
	o.parts = make([]convPart[T], count)
	for i := range o.parts {
		p := &o.parts[i]
		*p = convPart[T]{o: o, index: i, first: i * y.blocks() / count, end: (i + 1) * y.blocks() / count, correlation: correlation}
		p.phases = append(p.phases, phases...)
		p.biasGradient.prepare(y)
		p.forward = func() { p.runForward(t) }
		p.backward = func() { p.runBackward(t) }
		if i > 0 {
			p.weight = make([]T, y.c*len(correlation.Taps))
			p.bias = make([]T, y.c)
		}
	}
}

// next returns the number of blocks in the chunk that begins with a block, and the live lanes of its last.
func (p *convPart[T]) next(first int) (count, live int) {
	y := p.o.plan.y
	count = min(p.o.plan.chunk, p.end-first)
	if first+count == y.blocks() {
		return count, y.live()
	}
	return count, lanes
}

func (p *convPart[T]) forwardWork() func()  { return p.forward }
func (p *convPart[T]) backwardWork() func() { return p.backward }

func (p *convPart[T]) runForward(t *Tape[T]) {
	o, c, y := p.o, &p.correlation, p.o.plan.y
	c.W, c.Bias, c.ReLU = o.args[1].Data, nil, o.p.Activation == ReLU
	if o.b != nil {
		c.Bias = o.b.Data
	}
	source, result := o.source(), o.activated()
	for first := p.first; first < p.end; first += o.plan.chunk {
		count, live := p.next(first)
		c.X = source[o.plan.sourceOrigin()+first*o.plan.source.block():]
		c.Y = result[y.pixel(first, 0, 0, 0):]
		correlateBlocks(t.kernels.Correlate, c, count, live)
		// From the first pixel to that of the next chunk: what another part writes is not touched.
		from, to := y.pixel(first, 0, 0, 0), min(y.pixel(first+count, 0, 0, 0), len(result))
		if f := o.p.Activation; f != Identity && f != ReLU {
			t.kernels.Activate(f, result[from:to], result[from:to])
		}
		if o.skip != nil {
			t.kernels.Add(o.out.Data[from:to], result[from:to], o.skip.Data[from:to], false)
		}
	}
}

func (p *convPart[T]) runBackward(t *Tape[T]) {
	o := p.o
	x, w := o.args[0], o.args[1]
	weight, bias := w.Grad, p.bias
	if p.weight != nil {
		weight = p.weight
		clear(p.weight)
		clear(p.bias)
	} else if o.b != nil {
		bias = o.b.Grad
	}
	for first := p.first; first < p.end; first += o.plan.chunk {
		count, live := p.next(first)
		da := p.preActivation(t, first, count)
		if o.b != nil && o.b.requiresGrad {
			p.biasGradient.add(t, bias, da, o.plan.y, count)
		}
		if w.requiresGrad {
			c := &p.correlation
			c.W = weight
			c.X = o.source()[o.plan.sourceOrigin()+first*o.plan.source.block():]
			c.Y = da[o.plan.y.pixel(0, 0, 0, 0):]
			correlateBlocks(t.kernels.CorrelateGrad, c, count, live)
		}
		if x.requiresGrad {
			p.backwardInput(t, da, first, count, live)
		}
	}
}

// preActivation returns ∂L/∂a of some blocks, framed like the output.
func (p *convPart[T]) preActivation(t *Tape[T], first, count int) []T {
	o, y := p.o, p.o.plan.y
	from := first * y.block()
	to := from + y.lead() + count*y.block() + y.border*lanes
	dy := o.dy[from:to]
	if o.p.Activation == Identity {
		return dy
	}
	da := t.buffer(p.index, len(dy))
	t.kernels.ActivateGrad(o.p.Activation, da, dy, o.activated()[from:to], false)
	return da
}

func (p *convPart[T]) backwardInput(t *Tape[T], da []T, first, count, live int) {
	o, plan := p.o, &p.o.plan
	if plan.gradient.border != plan.y.border {
		p.widened = grow(p.widened, plan.gradient.size())
		narrow := plan.y
		narrow.n = count * lanes
		reframe(plan.gradient, p.widened, narrow, da)
		da = p.widened
	}
	for i := range p.phases {
		c := &p.phases[i]
		h, w := i/plan.stride, i%plan.stride
		if h >= plan.x.h || w >= plan.x.w {
			continue
		}
		c.W, c.Accumulate = o.args[1].Data, o.addX
		c.X = da[plan.gradient.lead()+plan.phaseOrigin[i]:]
		at := plan.x.pixel(first, 0, h, w)
		c.Y, c.Source = o.dx[at:], nil
		if o.lent != nil {
			c.Source = o.lent[at:]
		}
		correlateBlocks(t.kernels.Correlate, c, count, live)
	}
}

// addTo adds the second half's gradients to those of the first.
func (p *convPart[T]) addTo(t *Tape[T], w, b *Tensor[T]) {
	if w.requiresGrad {
		t.kernels.Add(w.Grad, w.Grad, p.weight, false)
	}
	if b != nil && b.requiresGrad {
		t.kernels.Add(b.Grad, b.Grad, p.bias, false)
	}
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

func sum[T Float](v []T) T {
	var s T
	for _, x := range v {
		s += x
	}
	return s
}
