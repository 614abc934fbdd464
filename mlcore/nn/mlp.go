package nn

import (
	"fmt"
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// MLPConfig describes an MLP.
type MLPConfig struct {
	Depth      int // hidden layers
	Width      int // of each
	Activation autograd.Activation
	Skip       Skip // one of MLPSkips
	Norm       Norm // one of MLPNorms
	Init       Initialisation
}

// MLP is 784 → Width, Depth hidden layers h = f(norm(linear(x))), Width → 10. SkipReZero's α is 0 at the start; SkipHighway's
// gate is g = sigmoid(gate(x)) with a bias of -1 at the start.
type MLP[T Float] struct {
	inp    *linear[T]
	hidden []*linear[T]
	norms  []*norm[T]
	gates  []*linear[T]          // highway only
	alphas []*autograd.Tensor[T] // rezero only, one element each
	out    *linear[T]
	scopes []string
	f      autograd.Activation
	skip   Skip
}

// NewMLP draws the parameters from g in PyTorch's order. It panics for a skip or a norm that the net does not take.
func NewMLP[T Float](g *torchrand.Generator, c MLPConfig) *MLP[T] {
	mustTake(c.Skip, MLPSkips())
	mustTake(c.Norm, MLPNorms())
	m := &MLP[T]{f: c.Activation, skip: c.Skip}
	initialised := func(scope, name string, in, out int) *linear[T] {
		l := newLinear[T](g, scope, name, in, out)
		if c.Init != InitDefault {
			redraw(g, l.weight, c.Init)
			setAll(l.bias, 0)
		}
		return l
	}
	m.inp = initialised("inp", "inp", 784, c.Width)
	for i := range c.Depth {
		m.scopes = append(m.scopes, fmt.Sprintf("hidden.%d", i))
		m.hidden = append(m.hidden, initialised("linear", m.scopes[i], c.Width, c.Width))
		m.norms = append(m.norms, newNorm[T](c.Norm, "norm", fmt.Sprintf("norms.%d", i), c.Width))
		switch c.Skip {
		case SkipHighway:
			gate := newLinear[T](g, "gate", fmt.Sprintf("gates.%d", i), c.Width, c.Width)
			setAll(gate.bias, -1)
			m.gates = append(m.gates, gate)
		case SkipReZero:
			m.alphas = append(m.alphas, newParameter[T](g, fmt.Sprintf("alphas.%d", i), 1))
		}
	}
	m.out = initialised("out", "out", c.Width, 10)
	return m
}

// Forward maps images (N, 1, 28, 28) to logits (N, 10).
func (m *MLP[T]) Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	x = m.inp.forward(t, t.Flatten(x), m.f)
	for i := range m.hidden {
		x = m.layer(t, x, i)
	}
	return m.out.forward(t, x, autograd.Identity)
}

func (m *MLP[T]) layer(t *autograd.Tape[T], x *autograd.Tensor[T], i int) *autograd.Tensor[T] {
	defer t.Scope(m.scopes[i])()
	var h *autograd.Tensor[T]
	if m.norms[i] == nil {
		h = m.hidden[i].forward(t, x, m.f)
	} else {
		h = m.norms[i].forward(t, m.hidden[i].forward(t, x, autograd.Identity), m.f)
	}
	switch m.skip {
	case SkipIdentity:
		return t.Add(x, h)
	case SkipReZero:
		return t.Add(x, t.Scale(m.alphas[i], h))
	case SkipHighway:
		return t.Highway(m.gates[i].forward(t, x, autograd.Sigmoid), h, x)
	}
	return h
}

// Parameters yields inp, hidden.0 …, norms.0 …, gates.0 …, alphas.0 …, out.
func (m *MLP[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		ok := m.inp.parameters(yield)
		for _, l := range m.hidden {
			ok = ok && l.parameters(yield)
		}
		for _, n := range m.norms {
			ok = ok && n.parameters(yield)
		}
		for _, g := range m.gates {
			ok = ok && g.parameters(yield)
		}
		for _, a := range m.alphas {
			ok = ok && yield(a)
		}
		if ok {
			m.out.parameters(yield)
		}
	}
}

// Buffers yields norms.0 ….
func (m *MLP[T]) Buffers() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		for _, n := range m.norms {
			if !n.buffers(yield) {
				return
			}
		}
	}
}

// SetTraining chooses between batch and running statistics.
func (m *MLP[T]) SetTraining(on bool) {
	for _, n := range m.norms {
		n.setTraining(on)
	}
}

// SetMomentum says how far a batch in training moves the running statistics: by a tenth at first, as in PyTorch. With 1 they are
// those of the last batch.
func (m *MLP[T]) SetMomentum(momentum float64) {
	for _, n := range m.norms {
		n.setMomentum(momentum)
	}
}
