package autograd

import "fmt"

type splitHeads[T Float] struct {
	node[T]
	heads
}

// SplitHeads gives each head of an attention its share of width features of x (N, S, D), counted from the first:
// (N·heads, S, width/heads), the heads of a sample after one another, as torch's multi_head_attention_forward lays them out
// (Vaswani et al. 2017, section 3.2.2).
func (t *Tape[T]) SplitHeads(x *Tensor[T], first, width, count int) *Tensor[T] {
	checkSequence("SplitHeads", "x", x)
	if first < 0 || width < 1 || first+width > x.Shape[2] || count < 1 || width%count != 0 {
		panic(fmt.Sprintf("autograd: SplitHeads: %d features from %d on of shape %v do not make %d heads", width, first, x.Shape, count))
	}
	o := take[T, splitHeads[T]](t, x)
	o.heads = heads{count, first, width}
	l := sequenceLayout(x.Shape[0]*count, x.Shape[1], width/count)
	o.result(t, l, l.n, l.c, l.h)
	return t.run(o)
}

// forward: y[n·H+h,s,d] = x[n,s,first+h·D+d].
func (o *splitHeads[T]) forward(*Tape[T]) {
	x, y := o.args[0], &o.out
	o.each(x.layout, y.layout, func(whole, part int) { y.Data[part] = x.Data[whole] })
}

// backward: ∂L/∂x[n,s,first+h·D+d] += ∂L/∂y[n·H+h,s,d].
func (o *splitHeads[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	x.accumulateFromZero()
	o.each(x.layout, y.layout, func(whole, part int) { x.Grad[whole] += y.Grad[part] })
}

func (o *splitHeads[T]) kind() string { return "SplitHeads" }

// heads is how a sequence's features lie whole, and by head.
type heads struct{ count, first, width int }

// each calls f with the storage index of every feature that a head has, in the whole and in the head's part.
func (o heads) each(whole, part layout, f func(whole, part int)) {
	size := o.width / o.count
	for n := range whole.n {
		for h := range o.count {
			head := n*o.count + h
			for s := range whole.c {
				from := whole.pixel(n/lanes, s, o.first+h*size, 0) + n%lanes
				to := part.pixel(head/lanes, s, 0, 0) + head%lanes
				for d := range size {
					f(from+d*lanes, to+d*lanes)
				}
			}
		}
	}
}
