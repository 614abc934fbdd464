package autograd

import (
	"fmt"
	"math"
)

type layerNorm[T Float] struct {
	node[T]
	eps     float64
	hat     []T // x̂, laid out like x
	inverse []T // 1/√(σ² + ε) of each token
}

// LayerNorm normalises over the last axis, scales by w (D) and shifts by b (D): the features of each sample of x (N, D), or of
// each token of x (N, S, D), as torch.nn.functional.layer_norm (Ba et al. 2016). Of (N, D) it is a GroupNorm of one group, and
// has that one's forward and backward.
func (t *Tape[T]) LayerNorm(x, w, b *Tensor[T], eps float64, f ...Activation) *Tensor[T] {
	switch {
	case len(x.Shape) == 2: // a group of all channels
		return t.groupNorm("LayerNorm", x, w, b, 1, eps, f...)
	case len(x.Shape) != 3 || !x.layout.lanes:
		panic(fmt.Sprintf("autograd: LayerNorm: x has shape %v, want a batch (N, D) or (N, S, D)", x.Shape))
	case w.Len() != x.Shape[2] || b.Len() != x.Shape[2]:
		panic(fmt.Sprintf("autograd: LayerNorm: weight and bias have %d and %d elements, x has %d features", w.Len(), b.Len(), x.Shape[2]))
	}
	o := take[T, layerNorm[T]](t, x, w, b)
	o.eps = eps
	o.result(t, x.layout, x.Shape...)
	return t.run(o, f...)
}

// forward, with mean μ and variance σ² of each token over its D features:
//
//	y[n,s,d] = w[d] x̂ + b[d], x̂ = (x[n,s,d] - μ) / √(σ² + ε)
func (o *layerNorm[T]) forward(*Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	o.hat, o.inverse = grow(o.hat, len(x.Data)), grow(o.inverse, x.layout.n*x.layout.c)
	size := x.layout.h
	o.each(func(token, at int) {
		mean, variance := 0.0, 0.0
		for d := range size {
			mean += float64(x.Data[at+d*lanes]) / float64(size)
		}
		for d := range size {
			apart := float64(x.Data[at+d*lanes]) - mean
			variance += apart * apart / float64(size)
		}
		inverse := 1 / math.Sqrt(variance+o.eps)
		o.inverse[token] = T(inverse)
		for d := range size {
			i := at + d*lanes
			o.hat[i] = T((float64(x.Data[i]) - mean) * inverse)
			o.out.Data[i] = w.Data[d]*o.hat[i] + b.Data[d]
		}
	})
}

// backward, with dx̂ = w·∂L/∂y: ∂L/∂b += Σ ∂L/∂y; ∂L/∂w += Σ ∂L/∂y·x̂ over all tokens; and since μ and σ² depend on x,
//
//	∂L/∂x += (dx̂ - Σ dx̂/D - x̂·Σ(dx̂·x̂)/D) / √(σ²+ε)
func (o *layerNorm[T]) backward(*Tape[T]) {
	x, w, b, dy := o.args[0], o.args[1], o.args[2], o.out.Grad
	for _, p := range o.inputs() {
		if p.requiresGrad {
			p.accumulateFromZero()
		}
	}
	size := x.layout.h
	o.each(func(token, at int) {
		var total, dot T
		for d := range size {
			i := at + d*lanes
			if b.requiresGrad {
				b.Grad[d] += dy[i]
			}
			if w.requiresGrad {
				w.Grad[d] += dy[i] * o.hat[i]
			}
			total += w.Data[d] * dy[i]
			dot += w.Data[d] * dy[i] * o.hat[i]
		}
		if !x.requiresGrad {
			return
		}
		for d := range size {
			i := at + d*lanes
			x.Grad[i] += (w.Data[d]*dy[i] - total/T(size) - o.hat[i]*dot/T(size)) * o.inverse[token]
		}
	})
}

func (o *layerNorm[T]) kind() string { return "LayerNorm" }

// kept is the number of elements that the op holds besides its result.
func (o *layerNorm[T]) kept() int { return len(o.hat) + len(o.inverse) }

// each calls f with every token's number and the storage index of its first feature.
func (o *layerNorm[T]) each(f func(token, at int)) {
	l := o.out.layout
	for n := range l.n {
		for s := range l.c {
			f(n*l.c+s, l.pixel(n/lanes, s, 0, 0)+n%lanes)
		}
	}
}
