package autograd

import "fmt"

// ConvParams are the attributes of Conv2d. The zero Stride means 1.
type ConvParams struct{ Stride, Padding int }

type conv2d[T Float] struct {
	node[T]
	taps convTaps[T]
}

// Conv2d correlates images x (N, C, H, W) with weights w (O, C, KH, KW) and adds b (O), which may be nil:
// torch.nn.functional.conv2d. The result is (N, O, (H+2·pad-KH)/s+1, (W+2·pad-KW)/s+1). (LeCun et al. 1989)
func (t *Tape[T]) Conv2d(x, w, b *Tensor[T], p ConvParams, f ...Activation) *Tensor[T] {
	if p.Stride == 0 {
		p.Stride = 1
	}
	checkConv(x, w, b, p)
	o := take[T, conv2d[T]](t, x, w, b)
	y := imageLayout(x.Shape[0], w.Shape[0],
		(x.Shape[2]+2*p.Padding-w.Shape[2])/p.Stride+1, (x.Shape[3]+2*p.Padding-w.Shape[3])/p.Stride+1, border)
	o.result(t, y, y.n, y.c, y.h, y.w)
	o.taps.convGeometry = convGeometry{x.layout, y, w.Shape[2], w.Shape[3], p}
	return t.run(o, f...)
}

// forward, with stride s:
//
//	y[n,o,i,j] = b[o] + Σ_{c,p,q} w[o,c,p,q]·x[n, c, s·i+p-pad, s·j+q-pad]
func (o *conv2d[T]) forward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	k := o.taps.prepare()
	c := &k.forward
	c.W, c.Bias, c.ReLU = w.Data, nil, o.fusesReLU()
	if b != nil {
		c.Bias = b.Data
	}
	framed := k.framed(x)
	for r := k.y.run(0, k.y.blocks()); r.count > 0; r = k.y.run(r.first+r.count, k.y.blocks()) {
		c.X, c.Y = framed[k.firstTap(r):], o.out.Data[k.y.pixel(r.first, 0, 0, 0):]
		c.Blocks, c.Live = r.count, r.live
		t.kernels.Correlate(c)
	}
}

// backward, each sum over the places where the three meet:
//
//	∂L/∂b[o]       += Σ_{n,i,j} ∂L/∂y[n,o,i,j]
//	∂L/∂w[o,c,p,q] += Σ_{n,i,j} ∂L/∂y[n,o,i,j]·x[n, c, s·i+p-pad, s·j+q-pad]
//	∂L/∂x[n,c,h,v] += Σ_{o,p,q} ∂L/∂y[n,o,i,j]·w[o,c,p,q]  where s·i+p-pad = h and s·j+q-pad = v
//
// A chunk of blocks at a time, so that it stays in the cache for all three.
func (o *conv2d[T]) backward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	k := &o.taps
	add := x.requiresGrad && x.accumulate()
	if w.requiresGrad {
		w.accumulate()
	}
	if b != nil && b.requiresGrad {
		b.accumulate()
	}
	framed := k.framed(x)
	for first := 0; first < k.y.blocks(); first += k.chunk {
		end := min(first+k.chunk, k.y.blocks())
		dy := o.throughActivation(t, first, end)
		if b != nil && b.requiresGrad {
			k.bias.add(t.kernels, b.Grad, dy[k.y.lead():], end-first)
		}
		for r := k.y.run(first, end); r.count > 0; r = k.y.run(r.first+r.count, end) {
			dy := dy[(r.first-first)*k.y.block():]
			if w.requiresGrad {
				c := &k.forward
				c.W, c.X, c.Y = w.Grad, framed[k.firstTap(r):], dy[k.y.lead():]
				c.Blocks, c.Live = r.count, r.live
				t.kernels.CorrelateGrad(c)
			}
			if !x.requiresGrad {
				continue
			}
			dy = k.widen(dy, r.count)
			for i := range k.byPhase {
				if c, any := k.phase(i, x.Grad, dy, r); any {
					c.W, c.Accumulate = w.Data, add
					t.kernels.Correlate(c)
				}
			}
		}
	}
}

func (o *conv2d[T]) kind() string                    { return "Conv2d" }
func (o *conv2d[T]) takesActivation(Activation) bool { return true }

// kept is the number of elements that the op holds besides its output.
func (o *conv2d[T]) kept() int { return len(o.taps.padded) + len(o.taps.widened) }

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
		panic(fmt.Sprintf("autograd: Conv2d: weight of %dx%d exceeds the padded image, %dx%d",
			w.Shape[2], w.Shape[3], x.Shape[2]+2*p.Padding, x.Shape[3]+2*p.Padding))
	}
}
