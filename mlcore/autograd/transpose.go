package autograd

type transpose[T Float] struct{ node[T] }

// Transpose exchanges the last two axes of x (N, S, D): (N, D, S), as torch.transpose(x, 1, 2).
func (t *Tape[T]) Transpose(x *Tensor[T]) *Tensor[T] {
	checkSequence("Transpose", "x", x)
	o := take[T, transpose[T]](t, x)
	l := sequenceLayout(x.Shape[0], x.Shape[2], x.Shape[1])
	o.result(t, l, l.n, l.c, l.h)
	return t.run(o)
}

// forward: y[n,d,s] = x[n,s,d].
func (o *transpose[T]) forward(*Tape[T]) {
	x := o.args[0]
	o.each(func(y, at int) { copy(o.out.Data[y:y+lanes], x.Data[at:at+lanes]) })
}

// backward: ∂L/∂x[n,s,d] += ∂L/∂y[n,d,s].
func (o *transpose[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	o.each(func(y, at int) {
		for l := range lanes {
			x.Grad[at+l] += o.out.Grad[y+l]
		}
	})
}

func (o *transpose[T]) kind() string { return "Transpose" }

// each calls f with the storage index of every vector of y, and of its source.
func (o *transpose[T]) each(f func(y, x int)) {
	from, to := o.args[0].layout, o.out.layout
	for block := range to.blocks() {
		for d := range to.c {
			for s := range to.h {
				f(to.pixel(block, d, s, 0), from.pixel(block, s, d, 0))
			}
		}
	}
}
