package autograd

import "fmt"

type embedding[T Float] struct {
	node[T]
	tokens [][]int
}

// Embedding returns a row of w (V, D) for each token of N sequences of S: (N, S, D), as torch.nn.functional.embedding
// (Bengio et al. 2003). It keeps tokens until Reset.
func (t *Tape[T]) Embedding(w *Tensor[T], tokens [][]int) *Tensor[T] {
	if len(w.Shape) != 2 || w.layout.lanes {
		panic(fmt.Sprintf("autograd: Embedding: weight has shape %v, want (V, D)", w.Shape))
	}
	if len(tokens) == 0 || len(tokens[0]) == 0 {
		panic("autograd: Embedding: no tokens")
	}
	for n, sequence := range tokens {
		if len(sequence) != len(tokens[0]) {
			panic(fmt.Sprintf("autograd: Embedding: sequence %d has %d tokens, the first has %d", n, len(sequence), len(tokens[0])))
		}
		for s, token := range sequence {
			if token < 0 || token >= w.Shape[0] {
				panic(fmt.Sprintf("autograd: Embedding: token %d at place %d of sequence %d is not one of %d", token, s, n, w.Shape[0]))
			}
		}
	}
	o := take[T, embedding[T]](t, w)
	o.tokens = tokens
	l := sequenceLayout(len(tokens), len(tokens[0]), w.Shape[1])
	o.result(t, l, l.n, l.c, l.h)
	return t.run(o)
}

// forward: y[n,s,d] = w[token[n,s],d].
func (o *embedding[T]) forward(*Tape[T]) {
	w := o.args[0]
	o.each(func(y, at int) { o.out.Data[y] = w.Data[at] })
}

// backward: ∂L/∂w[v,d] += Σ ∂L/∂y[n,s,d] over the places whose token is v.
func (o *embedding[T]) backward(*Tape[T]) {
	w := o.args[0]
	w.accumulateFromZero()
	o.each(func(y, at int) { w.Grad[at] += o.out.Grad[y] })
}

func (o *embedding[T]) kind() string { return "Embedding" }

// each calls f with the storage index of every element of y, and of its weight.
func (o *embedding[T]) each(f func(y, w int)) {
	l := o.out.layout
	for n, sequence := range o.tokens {
		for s, token := range sequence {
			for d := range l.h {
				f(l.pixel(n/lanes, s, d, 0)+n%lanes, token*l.h+d)
			}
		}
	}
}
