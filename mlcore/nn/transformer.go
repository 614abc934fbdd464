package nn

import (
	"iter"

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
		embedding: autograd.NewParameter[T]("embedding.weight", c.Vocabulary, c.Width),
		positions: autograd.NewParameter[T]("positions", c.Places, c.Width),
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

// Forward maps N sequences of S tokens to logits (N, S, V). It keeps tokens until Reset.
func (m *Transformer[T]) Forward(t *autograd.Tape[T], tokens [][]int) *autograd.Tensor[T] {
	x := m.encoder.Forward(t, t.AddBroadcast(t.Embedding(m.embedding, tokens), m.positions))
	return m.out.forward(t, m.norm.forward(t, x, autograd.Identity), autograd.Identity)
}

// Parameters yields positions, embedding, layers.0 …, norm, out.
func (m *Transformer[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		_ = yield(m.positions) && yield(m.embedding) && m.encoder.parameters(yield) && m.norm.parameters(yield) && m.out.parameters(yield)
	}
}
