package autograd

import (
	"fmt"
	"slices"
)

type addBroadcast[T Float] struct{ node[T] }

// AddBroadcast returns x + p for a batch x (N, …) and a plain p of one sample's shape, the same for all: torch's x + p. So a
// transformer learns what each place of a sequence means.
func (t *Tape[T]) AddBroadcast(x, p *Tensor[T]) *Tensor[T] {
	if !x.layout.lanes || p.layout.lanes || !slices.Equal(x.Shape[1:], p.Shape) {
		panic(fmt.Sprintf("autograd: AddBroadcast: a batch x of shape %v wants a plain p of shape %v, not %v", x.Shape, x.Shape[1:], p.Shape))
	}
	o := take[T, addBroadcast[T]](t, x, p)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y[n,i] = x[n,i] + p[i].
func (o *addBroadcast[T]) forward(*Tape[T]) {
	x, p := o.args[0], o.args[1]
	o.each(func(at, i int) { o.out.Data[at] = x.Data[at] + p.Data[i] })
}

// backward: ∂L/∂x += ∂L/∂y; ∂L/∂p[i] += Σ_n ∂L/∂y[n,i].
func (o *addBroadcast[T]) backward(t *Tape[T]) {
	x, p := o.args[0], o.args[1]
	if p.requiresGrad {
		p.accumulateFromZero()
		o.each(func(at, i int) { p.Grad[i] += o.out.Grad[at] })
	}
	if x.requiresGrad {
		x.addGradOf(t.kernels, &o.out)
	}
}

func (o *addBroadcast[T]) kind() string { return "AddBroadcast" }

// each calls f with the storage index of every element of x, and its place in a sample.
func (o *addBroadcast[T]) each(f func(at, i int)) {
	for n := range o.out.Samples() {
		i := 0
		o.out.eachOf(n, func(at int) {
			f(at, i)
			i++
		})
	}
}
