package autograd

import "fmt"

type mergeHeads[T Float] struct {
	node[T]
	heads
}

// MergeHeads puts the features of the heads of x (N·heads, S, D) side by side: (N, S, heads·D), what SplitHeads took apart.
func (t *Tape[T]) MergeHeads(x *Tensor[T], count int) *Tensor[T] {
	checkSequence("MergeHeads", "x", x)
	if count < 1 || x.Shape[0]%count != 0 {
		panic(fmt.Sprintf("autograd: MergeHeads: shape %v is not of %d heads", x.Shape, count))
	}
	o := take[T, mergeHeads[T]](t, x)
	o.heads = heads{count, 0, count * x.Shape[2]}
	l := sequenceLayout(x.Shape[0]/count, x.Shape[1], o.width)
	o.result(t, l, l.n, l.c, l.h)
	return t.run(o)
}

// forward: y[n,s,h·D+d] = x[n·H+h,s,d].
func (o *mergeHeads[T]) forward(*Tape[T]) {
	x, y := o.args[0], &o.out
	o.each(y.layout, x.layout, func(whole, part int) { y.Data[whole] = x.Data[part] })
}

// backward: ∂L/∂x[n·H+h,s,d] += ∂L/∂y[n,s,h·D+d].
func (o *mergeHeads[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	x.accumulateFromZero()
	o.each(y.layout, x.layout, func(whole, part int) { x.Grad[part] += y.Grad[whole] })
}

func (o *mergeHeads[T]) kind() string { return "MergeHeads" }
