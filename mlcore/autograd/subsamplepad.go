package autograd

import "fmt"

type subsamplePad[T Float] struct {
	node[T]
	s int
}

// SubsamplePad takes every s-th pixel of x (N, C, H, W) and pads with zero channels: (N, channels, ⌈H/s⌉, ⌈W/s⌉), as
// F.pad(x[:, :, ::s, ::s], …). It is option A of He et al. 2015, for a skip across a change of shape without parameters.
func (t *Tape[T]) SubsamplePad(x *Tensor[T], s, channels int) *Tensor[T] {
	checkImages("SubsamplePad", x)
	switch {
	case s < 1:
		panic(fmt.Sprintf("autograd: SubsamplePad: stride %d, want at least 1", s))
	case channels < x.Shape[1]:
		panic(fmt.Sprintf("autograd: SubsamplePad: %d channels, x has %d", channels, x.Shape[1]))
	}
	o := take[T, subsamplePad[T]](t, x)
	o.s = s
	l := imageLayout(x.Shape[0], channels, (x.Shape[2]+s-1)/s, (x.Shape[3]+s-1)/s, border)
	o.result(t, l, l.n, l.c, l.h, l.w)
	return t.run(o)
}

// forward: y[n,c,i,j] = x[n,c,s·i,s·j] for the channels that x has, and 0 for those it lacks.
func (o *subsamplePad[T]) forward(*Tape[T]) {
	o.each(func(y, x int) { copy(o.out.Data[y:y+lanes], o.args[0].Data[x:x+lanes]) })
}

// backward: ∂L/∂x[n,c,s·i,s·j] += ∂L/∂y[n,c,i,j].
func (o *subsamplePad[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	o.each(func(y, at int) {
		d, g := (*[lanes]T)(x.Grad[at:]), (*[lanes]T)(o.out.Grad[y:])
		for l := range d {
			d[l] += g[l]
		}
	})
}

func (o *subsamplePad[T]) kind() string { return "SubsamplePad" }

// each calls f with the storage index of every vector of y that x has, and of its source.
func (o *subsamplePad[T]) each(f func(y, x int)) {
	from, to := o.args[0].layout, o.out.layout
	for b := range to.blocks() {
		for c := range from.c {
			for h := range to.h {
				y, x := to.pixel(b, c, h, 0), from.pixel(b, c, o.s*h, 0)
				for w := range to.w {
					f(y+w*lanes, x+w*o.s*lanes)
				}
			}
		}
	}
}
