package nn

import (
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// Module is a network or a part of one.
type Module[T Float] interface {
	// Forward records the module's ops on t and returns its output.
	Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T]
	// Parameters yields the trainable tensors, named and ordered as PyTorch's named_parameters.
	Parameters() iter.Seq[*autograd.Tensor[T]]
	// Buffers yields what a net learns without a gradient, the running statistics of batch norms, as PyTorch's named_buffers.
	Buffers() iter.Seq[*autograd.Tensor[T]]
	// SetTraining chooses between training (batch statistics) and evaluation (running statistics, which stay as they are).
	SetTraining(on bool)
}

// meta stands for a generator where a net is built without storage, to be looked at: see [autograd.NewMetaTape].
var meta *torchrand.Generator

// newParameter is a parameter of zeros, or of none.
func newParameter[T Float](g *torchrand.Generator, name string, shape ...int) *autograd.Tensor[T] {
	if g == meta {
		return autograd.NewMetaParameter[T](name, shape...)
	}
	return autograd.NewParameter[T](name, shape...)
}

// conv2d is torch.nn.Conv2d.
type conv2d[T Float] struct {
	scope        string
	weight, bias *autograd.Tensor[T] // (O, C, K, K) and (O); bias may be nil
	params       autograd.ConvParams
}

func newConv2d[T Float](g *torchrand.Generator, scope, name string, in, out, kernel int, p autograd.ConvParams, bias bool) *conv2d[T] {
	c := &conv2d[T]{scope: scope, params: p}
	c.weight = newParameter[T](g, name+".weight", out, in, kernel, kernel)
	if bias {
		c.bias = newParameter[T](g, name+".bias", out)
	}
	resetDefault(g, c.weight, c.bias)
	return c
}

// forward returns f(conv(x)).
func (c *conv2d[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T], f autograd.Activation) *autograd.Tensor[T] {
	defer t.Scope(c.scope)()
	return t.Conv2d(x, c.weight, c.bias, c.params, f)
}

func (c *conv2d[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return yield(c.weight) && (c.bias == nil || yield(c.bias))
}

// linear is torch.nn.Linear.
type linear[T Float] struct {
	scope        string
	weight, bias *autograd.Tensor[T] // (O, I) and (O)
}

func newLinear[T Float](g *torchrand.Generator, scope, name string, in, out int) *linear[T] {
	l := &linear[T]{
		scope:  scope,
		weight: newParameter[T](g, name+".weight", out, in),
		bias:   newParameter[T](g, name+".bias", out),
	}
	resetDefault(g, l.weight, l.bias)
	return l
}

// forward returns f(linear(x)).
func (l *linear[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T], f autograd.Activation) *autograd.Tensor[T] {
	defer t.Scope(l.scope)()
	return t.Linear(x, l.weight, l.bias, f)
}

func (l *linear[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return yield(l.weight) && yield(l.bias)
}
