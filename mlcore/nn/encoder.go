package nn

import (
	"fmt"
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// EncoderConfig describes an Encoder. Whatever is left out of the computation is drawn all the same: equal seeds give equal
// weights with and without skips, MLPs and norms.
type EncoderConfig struct {
	Layers int
	Width  int // of a token
	Heads  int // divides Width
	Hidden int // of the MLP, dim_feedforward in PyTorch
	Skip   bool
	MLP    bool
	Norm   NormPlace
}

// Encoder is a stack of torch.nn.TransformerEncoderLayer without dropout, each drawn anew. With Skip and MLP, and NormPre or
// NormPost, a layer computes what PyTorch's does; without them only the parts that are left.
type Encoder[T Float] struct{ layers []*encoderLayer[T] }

// NewEncoder draws the parameters from g in PyTorch's order. It panics where heads do not divide the width.
func NewEncoder[T Float](g *torchrand.Generator, c EncoderConfig) *Encoder[T] {
	mustTake(c.Norm, NormPlaces())
	if c.Heads < 1 || c.Width%c.Heads != 0 {
		panic(fmt.Sprintf("nn: %d heads do not divide a width of %d", c.Heads, c.Width))
	}
	e := &Encoder[T]{}
	for i := range c.Layers {
		e.layers = append(e.layers, newEncoderLayer[T](g, fmt.Sprintf("layers.%d", i), c))
	}
	return e
}

// Forward maps x (N, S, D) to (N, S, D). What layer i puts out is the output of the scope "layers.i".
func (e *Encoder[T]) Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	for _, l := range e.layers {
		x = l.forward(t, x)
	}
	return x
}

// Parameters yields layers.0 ….
func (e *Encoder[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) { e.parameters(yield) }
}

func (e *Encoder[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	for _, l := range e.layers {
		if !l.parameters(yield) {
			return false
		}
	}
	return true
}

// Buffers yields none.
func (e *Encoder[T]) Buffers() iter.Seq[*autograd.Tensor[T]] {
	return func(func(*autograd.Tensor[T]) bool) {}
}

// SetTraining changes nothing: there is neither dropout nor a batch norm.
func (e *Encoder[T]) SetTraining(bool) {}

// encoderLayer is one torch.nn.TransformerEncoderLayer.
type encoderLayer[T Float] struct {
	scope            string
	attention        *attention[T]
	linear1, linear2 *linear[T]
	norm1, norm2     *norm[T]
	config           EncoderConfig
}

func newEncoderLayer[T Float](g *torchrand.Generator, scope string, c EncoderConfig) *encoderLayer[T] {
	return &encoderLayer[T]{
		scope: scope, config: c,
		attention: newAttention[T](g, scope+".self_attn", c.Width, c.Heads),
		linear1:   newLinear[T](g, "linear1", scope+".linear1", c.Width, c.Hidden),
		linear2:   newLinear[T](g, "linear2", scope+".linear2", c.Hidden, c.Width),
		norm1:     newNorm[T](NormLayer, "norm1", scope+".norm1", c.Width),
		norm2:     newNorm[T](NormLayer, "norm2", scope+".norm2", c.Width),
	}
}

func (l *encoderLayer[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	defer t.Scope(l.scope)()
	x = l.sublayer(t, x, l.norm1, l.attention.forward)
	if !l.config.MLP {
		return x
	}
	return l.sublayer(t, x, l.norm2, func(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
		return l.linear2.forward(t, l.linear1.forward(t, x, autograd.ReLU), autograd.Identity)
	})
}

// sublayer is f with its norm and its skip, where there are any.
func (l *encoderLayer[T]) sublayer(t *autograd.Tape[T], x *autograd.Tensor[T], n *norm[T], f func(*autograd.Tape[T], *autograd.Tensor[T]) *autograd.Tensor[T]) *autograd.Tensor[T] {
	h := x
	if l.config.Norm == NormPre {
		h = n.forward(t, h, autograd.Identity)
	}
	h = f(t, h)
	if l.config.Skip {
		h = t.Add(x, h)
	}
	if l.config.Norm == NormPost {
		h = n.forward(t, h, autograd.Identity)
	}
	return h
}

func (l *encoderLayer[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return l.attention.parameters(yield) && l.linear1.parameters(yield) && l.linear2.parameters(yield) &&
		l.norm1.parameters(yield) && l.norm2.parameters(yield)
}
