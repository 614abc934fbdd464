package nn

import (
	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// block is one residual block of a DeepNet: two 3x3 convolutions F, and a shortcut.
//
//	OrderPost:     f(F(x) + shortcut(x))        He et al. 2015
//	OrderNotebook: f(F(x)) + shortcut(x)        where the notebook adds
//	OrderPre:      F(x) + shortcut(x), where F is norm-f-conv twice (He et al. 2016)
//
// Without a skip, OrderPost and OrderNotebook end in f(F(x)), OrderPre in F(x).
type block[T Float] struct {
	scope        string
	conv1, conv2 *conv2d[T]
	norm1, norm2 *norm[T]
	proj         *conv2d[T] // option B across a change of shape, option C always
	cin, cout    int
	stride       int
	skip         Skip
	order        Order
	route        Route
	f            autograd.Activation
}

func newBlock[T Float](g *torchrand.Generator, scope string, c DeepConfig, cin, cout, stride int) *block[T] {
	b := &block[T]{scope: scope, cin: cin, cout: cout, stride: stride, skip: c.Skip, order: c.Order, f: c.Activation}
	bias := c.Norm == NormNone
	normed := cout
	if c.Order == OrderPre {
		normed = cin
	}
	b.conv1 = newConv2d[T](g, "conv1", scope+".conv1", cin, cout, 3, autograd.ConvParams{Stride: stride, Padding: 1}, bias)
	b.norm1 = newNorm[T](c.Norm, "norm1", scope+".norm1", normed)
	b.conv2 = newConv2d[T](g, "conv2", scope+".conv2", cout, cout, 3, autograd.ConvParams{Stride: 1, Padding: 1}, bias)
	b.norm2 = newNorm[T](c.Norm, "norm2", scope+".norm2", cout)
	if c.Skip == SkipC || (c.Skip == SkipB && (cin != cout || stride != 1)) {
		b.proj = newConv2d[T](g, "proj", scope+".proj", cin, cout, 1, autograd.ConvParams{Stride: stride}, false)
	}
	return b
}

func (b *block[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	defer t.Scope(b.scope)()
	switch {
	case b.route == RouteOut:
		return b.without(t, x)
	case b.skip == SkipNone:
		return b.residual(t, x)
	}
	h, s := b.parts(t, x)
	if b.order == OrderPost {
		return t.Add(h, s, b.f)
	}
	return t.Add(h, s)
}

// parts returns F(x) and the shortcut of x; only what is on the block's route wants a gradient.
func (b *block[T]) parts(t *autograd.Tape[T], x *autograd.Tensor[T]) (h, s *autograd.Tensor[T]) {
	if b.route == RouteShortcut {
		end := t.NoGrad()
		h = b.residual(t, x)
		end()
	} else {
		h = b.residual(t, x)
	}
	if b.route != RouteF {
		return h, b.shortcut(t, x)
	}
	defer t.NoGrad()()
	if b.proj == nil {
		return h, t.SubsamplePad(x, b.stride, b.cout) // a copy: x itself would pass its gradient on
	}
	return h, b.shortcut(t, x)
}

// residual returns F(x), with the last activation where it comes before an addition or there is none.
func (b *block[T]) residual(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	if b.order == OrderPre {
		h := b.conv1.forward(t, b.norm1.forward(t, x, b.f), autograd.Identity)
		return b.conv2.forward(t, b.norm2.forward(t, h, b.f), autograd.Identity)
	}
	last := b.f
	if b.skip != SkipNone && b.order == OrderPost {
		last = autograd.Identity
	}
	return convNorm(t, b.conv2, b.norm2, convNorm(t, b.conv1, b.norm1, x, b.f), last)
}

// without returns what is left where F(x) is 0: f(shortcut(x)) in order post, else the shortcut. A block without one passes x on,
// in the block's output shape.
func (b *block[T]) without(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	s := b.shortcut(t, x)
	if b.skip != SkipNone && b.order == OrderPost && b.f != autograd.Identity {
		return t.Activation(b.f, s)
	}
	return s
}

// shortcut brings x to the block's output shape: as it is, by zero padding, or by projection.
func (b *block[T]) shortcut(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	switch {
	case b.proj != nil:
		return b.proj.forward(t, x, autograd.Identity)
	case b.stride != 1 || b.cin != b.cout:
		return t.SubsamplePad(x, b.stride, b.cout)
	}
	return x
}

// convNorm returns f(norm(conv(x))), f fused into the last of the two that there is.
func convNorm[T Float](t *autograd.Tape[T], conv *conv2d[T], n *norm[T], x *autograd.Tensor[T], f autograd.Activation) *autograd.Tensor[T] {
	if n == nil {
		return conv.forward(t, x, f)
	}
	return n.forward(t, conv.forward(t, x, autograd.Identity), f)
}

// parameters yields in PyTorch's order of registration.
func (b *block[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return b.conv1.parameters(yield) && b.norm1.parameters(yield) &&
		b.conv2.parameters(yield) && b.norm2.parameters(yield) &&
		(b.proj == nil || b.proj.parameters(yield))
}
