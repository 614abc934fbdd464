package nn

import (
	"fmt"
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// NotebookConfig describes a NotebookNet. Depth 0, ReLU and no skip is the notebook's own net.
type NotebookConfig struct {
	Depth      int // extra 5 → 5 convolutions
	Activation autograd.Activation
	Skip       bool // x + f(conv(x)) in the extra layers
}

// NotebookNet is the notebook's CNN on 28x28 images: a 3x3 convolution 1 → 5, Depth further ones 5 → 5 with padding
// 1, and a linear classifier of the 5·26·26 values.
type NotebookNet[T Float] struct {
	conv1         *conv2d[T]
	extra         []*conv2d[T]
	linearization *linear[T]
	f             autograd.Activation
	skip          bool
}

// NewNotebookNet draws the parameters from g in PyTorch's order.
func NewNotebookNet[T Float](g *torchrand.Generator, c NotebookConfig) *NotebookNet[T] {
	n := &NotebookNet[T]{f: c.Activation, skip: c.Skip}
	n.conv1 = newConv2d[T](g, "conv1", "conv1", 1, 5, 3, autograd.ConvParams{}, true)
	for i := range c.Depth {
		name := fmt.Sprintf("extra.%d", i)
		n.extra = append(n.extra, newConv2d[T](g, name, name, 5, 5, 3, autograd.ConvParams{Padding: 1}, true))
	}
	n.linearization = newLinear[T](g, "linearization", "linearization", 5*26*26, 10)
	return n
}

// Forward maps images (N, 1, 28, 28) to logits (N, 10).
func (n *NotebookNet[T]) Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	x = n.conv1.forward(t, x, n.f)
	for _, conv := range n.extra {
		x = n.layer(t, conv, x)
	}
	return n.linearization.forward(t, t.Flatten(x), autograd.Identity)
}

// layer is f(conv(x)), with a skip f(conv(x)) + x.
func (n *NotebookNet[T]) layer(t *autograd.Tape[T], conv *conv2d[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	defer t.Scope(conv.scope)()
	h := t.Conv2d(x, conv.weight, conv.bias, conv.params, n.f)
	if n.skip {
		return t.Add(h, x)
	}
	return h
}

// Parameters yields conv1, extra.0 …, linearization.
func (n *NotebookNet[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		if !n.conv1.parameters(yield) {
			return
		}
		for _, c := range n.extra {
			if !c.parameters(yield) {
				return
			}
		}
		n.linearization.parameters(yield)
	}
}

// Buffers yields none.
func (n *NotebookNet[T]) Buffers() iter.Seq[*autograd.Tensor[T]] {
	return func(func(*autograd.Tensor[T]) bool) {}
}

// SetTraining changes nothing: the net has no layer that differs between training and evaluation.
func (n *NotebookNet[T]) SetTraining(bool) {}
