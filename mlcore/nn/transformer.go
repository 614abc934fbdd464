package nn

import (
	"iter"
	"slices"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// TransformerConfig describes a Transformer.
type TransformerConfig struct {
	Vocabulary int // tokens that there are
	Places     int // of a sequence
	EncoderConfig
}

// Transformer reads a sequence of tokens and says of each place which token should stand there: embedding, plus a learnt vector for
// each place, the layers of an Encoder, a last norm with NormPre (Xiong et al. 2020, figure 1), and a linear layer.
type Transformer[T Float] struct {
	embedding, positions *autograd.Tensor[T] // (V, D), (S, D), both normal at the start
	encoder              *Encoder[T]
	norm                 *norm[T] // NormPre only
	out                  *linear[T]
}

// NewTransformer draws the parameters from g in PyTorch's order.
func NewTransformer[T Float](g *torchrand.Generator, c TransformerConfig) *Transformer[T] {
	m := &Transformer[T]{
		embedding: newParameter[T](g, "embedding.weight", c.Vocabulary, c.Width),
		positions: newParameter[T](g, "positions", c.Places, c.Width),
	}
	draw(m.embedding, g.Randn)
	draw(m.positions, g.Randn)
	m.encoder = NewEncoder[T](g, c.EncoderConfig)
	if c.Norm == NormPre {
		m.norm = newNorm[T](NormLayer, "norm", "norm", c.Width)
	}
	m.out = newLinear[T](g, "out", "out", c.Width, c.Vocabulary)
	return m
}

// Forward maps sequences x (N, S), whose numbers are tokens, to logits (N, S, V).
func (m *Transformer[T]) Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	y := m.encoder.Forward(t, t.AddBroadcast(t.Embedding(m.embedding, tokensOf(x)), m.positions))
	return m.out.forward(t, m.norm.forward(t, y, autograd.Identity), autograd.Identity)
}

// tokensOf are the tokens of x (N, S); all 0 where x has no storage.
func tokensOf[T Float](x *autograd.Tensor[T]) [][]int {
	places, all := x.Shape[1], make([]int, x.Len())
	if len(x.Data) > 0 {
		for i, v := range x.Values(nil) {
			all[i] = int(v)
		}
	}
	return slices.Collect(slices.Chunk(all, places))
}

// Parameters yields positions, embedding, layers.0 …, norm, out.
func (m *Transformer[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		_ = yield(m.positions) && yield(m.embedding) && m.encoder.parameters(yield) && m.norm.parameters(yield) && m.out.parameters(yield)
	}
}

// Buffers yields none.
func (m *Transformer[T]) Buffers() iter.Seq[*autograd.Tensor[T]] { return m.encoder.Buffers() }

// SetTraining changes nothing.
func (m *Transformer[T]) SetTraining(bool) {}
