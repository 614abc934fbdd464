package autograd

import "gradlab/mlcore/kernel"

type globalAvgPool2d[T Float] struct {
	node[T]
	planes kernel.Planes
}

// GlobalAvgPool2d returns the mean of each channel of x (N, C, H, W): (N, C), as x.mean((2, 3)).
func (t *Tape[T]) GlobalAvgPool2d(x *Tensor[T]) *Tensor[T] {
	checkImages("GlobalAvgPool2d", x)
	o := take[T, globalAvgPool2d[T]](t, x)
	l := featureLayout(x.Shape[0], x.Shape[1])
	o.result(t, l, l.n, l.c)
	return t.run(o)
}

// forward: y[n,c] = 1/(H·W) Σ x[n,c,·,·].
func (o *globalAvgPool2d[T]) forward(t *Tape[T]) {
	x := o.args[0]
	from, to := x.layout, o.out.layout
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
}

// backward: every pixel gets 1/(H·W) of ∂L/∂y.
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

func (o *globalAvgPool2d[T]) kind() string { return "GlobalAvgPool2d" }
