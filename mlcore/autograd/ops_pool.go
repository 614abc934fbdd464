package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

// maxPool2d is y[n,c,i,j] = max over p, q < k of x[n,c,s·i+p,s·j+q]. The gradient goes to the pixel that was the
// largest, the first of equals.
type maxPool2d[T Float] struct {
	node[T]
	k, s   int
	winner []int32 // for every element of y, where in x's storage it came from
}

// MaxPool2d returns the largest value of each k×k window, windows s apart: (N, C, (H-k)/s+1, (W-k)/s+1).
func (t *Tape[T]) MaxPool2d(x *Tensor[T], k, s int) *Tensor[T] {
	l := poolLayout("MaxPool2d", x, k, s)
	o := take[T, maxPool2d[T]](t, x)
	o.k, o.s = k, s
	o.out.shapeAs(l, x.requiresGrad, l.n, l.c, l.h, l.w)
	o.winner = grow(o.winner, len(o.out.Data))
	windows(x.layout, l, k, s, func(y int, corner int) {
		best := corner
		for p := range k {
			for q := range k {
				at := corner + p*x.layout.row() + q*lanes
				if v := x.Data[at]; v > x.Data[best] || v != v {
					best = at
				}
			}
		}
		o.out.Data[y] = x.Data[best]
		o.winner[y] = int32(best)
	})
	return &o.out
}

func (o *maxPool2d[T]) kind() string { return "MaxPool2d" }

func (o *maxPool2d[T]) backward(*Tape[T]) {
	x := o.args[0]
	if !x.accumulate() {
		clear(x.Grad)
	}
	windows(x.layout, o.out.layout, o.k, o.s, func(y, _ int) {
		x.Grad[o.winner[y]] += o.out.Grad[y]
	})
}

// avgPool2d is y[n,c,i,j] = 1/k² Σ over p, q < k of x[n,c,s·i+p,s·j+q]; each pixel of the window gets 1/k² of ∂L/∂y.
type avgPool2d[T Float] struct {
	node[T]
	k, s int
}

// AvgPool2d returns the mean of each k×k window, windows s apart: (N, C, (H-k)/s+1, (W-k)/s+1).
func (t *Tape[T]) AvgPool2d(x *Tensor[T], k, s int) *Tensor[T] {
	l := poolLayout("AvgPool2d", x, k, s)
	o := take[T, avgPool2d[T]](t, x)
	o.k, o.s = k, s
	o.out.shapeAs(l, x.requiresGrad, l.n, l.c, l.h, l.w)
	windows(x.layout, l, k, s, func(y, corner int) {
		var sum T
		for p := range k {
			for q := range k {
				sum += x.Data[corner+p*x.layout.row()+q*lanes]
			}
		}
		o.out.Data[y] = sum / T(k*k)
	})
	return &o.out
}

func (o *avgPool2d[T]) kind() string { return "AvgPool2d" }

func (o *avgPool2d[T]) backward(*Tape[T]) {
	x := o.args[0]
	if !x.accumulate() {
		clear(x.Grad)
	}
	windows(x.layout, o.out.layout, o.k, o.s, func(y, corner int) {
		share := o.out.Grad[y] / T(o.k*o.k)
		for p := range o.k {
			for q := range o.k {
				x.Grad[corner+p*x.layout.row()+q*lanes] += share
			}
		}
	})
}

func poolLayout[T Float](op string, x *Tensor[T], k, s int) layout {
	if len(x.Shape) != 4 || !x.layout.lanes {
		panic(fmt.Sprintf("autograd: %s: x has shape %v, want a batch (N, C, H, W)", op, x.Shape))
	}
	if k < 1 || s < 1 || k > x.Shape[2] || k > x.Shape[3] {
		panic(fmt.Sprintf("autograd: %s: window %d and stride %d do not fit an image %dx%d", op, k, s, x.Shape[2], x.Shape[3]))
	}
	return imageLayout(x.Shape[0], x.Shape[1], (x.Shape[2]-k)/s+1, (x.Shape[3]-k)/s+1, border)
}

// windows calls f for every element of y with its storage index and that of its window's first pixel in x.
func windows(x, y layout, k, s int, f func(y, corner int)) {
	for b := range y.blocks() {
		for c := range y.c {
			for h := range y.h {
				for w := range y.w {
					to, from := y.pixel(b, c, h, w), x.pixel(b, c, s*h, s*w)
					for l := range lanes {
						f(to+l, from+l)
					}
				}
			}
		}
	}
}

// globalAvgPool2d is y[n,c] = 1/(H·W) Σ x[n,c,·,·]; every pixel gets 1/(H·W) of ∂L/∂y.
type globalAvgPool2d[T Float] struct {
	node[T]
	planes kernel.Planes
}

// GlobalAvgPool2d returns the mean of each channel of x (N, C, H, W): (N, C).
func (t *Tape[T]) GlobalAvgPool2d(x *Tensor[T]) *Tensor[T] {
	if len(x.Shape) != 4 || !x.layout.lanes {
		panic(fmt.Sprintf("autograd: GlobalAvgPool2d: x has shape %v, want a batch (N, C, H, W)", x.Shape))
	}
	o := take[T, globalAvgPool2d[T]](t, x)
	from, to := x.layout, featureLayout(x.Shape[0], x.Shape[1])
	o.out.shapeAs(to, x.requiresGrad, to.n, to.c)
	o.planes = from.planes(1)
	inverse := 1 / T(from.h*from.w)
	for b := range to.blocks() {
		for c := range to.c {
			y := o.out.Data[to.pixel(b, c, 0, 0):][:lanes]
			clear(y)
			t.kernels.LaneSum(y, x.Data[from.pixel(b, c, 0, 0):], &o.planes)
			for l := range y {
				y[l] *= inverse
			}
		}
	}
	return &o.out
}

func (o *globalAvgPool2d[T]) kind() string { return "GlobalAvgPool2d" }

func (o *globalAvgPool2d[T]) backward(*Tape[T]) {
	x := o.args[0]
	from, to := x.layout, o.out.layout
	add := x.accumulate()
	inverse := 1 / T(from.h*from.w)
	for b := range to.blocks() {
		for c := range to.c {
			share := *(*[lanes]T)(o.out.Grad[to.pixel(b, c, 0, 0):])
			for l := range share {
				share[l] *= inverse
			}
			for h := range from.h {
				row := x.Grad[from.pixel(b, c, h, 0):][:from.w*lanes]
				for ; len(row) >= lanes; row = row[lanes:] {
					d := (*[lanes]T)(row)
					for l := range d {
						if add {
							d[l] += share[l]
						} else {
							d[l] = share[l]
						}
					}
				}
			}
		}
	}
}

// subsamplePad is y[n,c,i,j] = x[n,c,s·i,s·j] for the channels that x has, and 0 for those it lacks: He et al. 2015's
// option A for a skip across a change of shape, which has no parameters.
type subsamplePad[T Float] struct {
	node[T]
	s int
}

// SubsamplePad takes every s-th pixel of x (N, C, H, W) and pads with zero channels: (N, channels, ⌈H/s⌉, ⌈W/s⌉).
func (t *Tape[T]) SubsamplePad(x *Tensor[T], s, channels int) *Tensor[T] {
	switch {
	case len(x.Shape) != 4 || !x.layout.lanes:
		panic(fmt.Sprintf("autograd: SubsamplePad: x has shape %v, want a batch (N, C, H, W)", x.Shape))
	case s < 1:
		panic(fmt.Sprintf("autograd: SubsamplePad: stride %d, want at least 1", s))
	case channels < x.Shape[1]:
		panic(fmt.Sprintf("autograd: SubsamplePad: %d channels, x has %d", channels, x.Shape[1]))
	}
	o := take[T, subsamplePad[T]](t, x)
	o.s = s
	l := imageLayout(x.Shape[0], channels, (x.Shape[2]+s-1)/s, (x.Shape[3]+s-1)/s, border)
	o.out.shapeAs(l, x.requiresGrad, l.n, l.c, l.h, l.w)
	o.each(func(y, x int) { copy(o.out.Data[y:y+lanes], o.args[0].Data[x:x+lanes]) })
	return &o.out
}

func (o *subsamplePad[T]) kind() string { return "SubsamplePad" }

func (o *subsamplePad[T]) backward(*Tape[T]) {
	x := o.args[0]
	if !x.accumulate() {
		clear(x.Grad)
	}
	o.each(func(y, at int) {
		d, g := (*[lanes]T)(x.Grad[at:]), (*[lanes]T)(o.out.Grad[y:])
		for l := range d {
			d[l] += g[l]
		}
	})
}

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
