package autograd

import "fmt"

type maxPool2d[T Float] struct {
	node[T]
	k, s   int
	winner []int32 // for every element of y, where in x's storage it came from
}

// MaxPool2d returns the largest value of each k×k window, windows s apart: (N, C, (H-k)/s+1, (W-k)/s+1), as
// torch.nn.functional.max_pool2d.
func (t *Tape[T]) MaxPool2d(x *Tensor[T], k, s int) *Tensor[T] {
	l := poolLayout("MaxPool2d", x, k, s)
	o := take[T, maxPool2d[T]](t, x)
	o.k, o.s = k, s
	o.result(t, l, l.n, l.c, l.h, l.w)
	return t.run(o)
}

// forward: y[n,c,i,j] = max over p, q < k of x[n,c,s·i+p,s·j+q]; NaN where one is.
func (o *maxPool2d[T]) forward(*Tape[T]) {
	x := o.args[0]
	o.winner = grow(o.winner, len(o.out.Data))
	windows(x.layout, o.out.layout, o.s, func(y, corner int) {
		best := corner
		for p := range o.k {
			for q := range o.k {
				at := corner + p*x.layout.row() + q*lanes
				if v := x.Data[at]; v > x.Data[best] || v != v {
					best = at
				}
			}
		}
		o.out.Data[y] = x.Data[best]
		o.winner[y] = int32(best)
	})
}

// backward: the pixel that was the largest, the first of equals, gets all of ∂L/∂y.
func (o *maxPool2d[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	windows(x.layout, o.out.layout, o.s, func(y, _ int) { x.Grad[o.winner[y]] += o.out.Grad[y] })
}

func (o *maxPool2d[T]) kind() string { return "MaxPool2d" }

func poolLayout[T Float](op string, x *Tensor[T], k, s int) layout {
	checkImages(op, x)
	if k < 1 || s < 1 || k > x.Shape[2] || k > x.Shape[3] {
		panic(fmt.Sprintf("autograd: %s: window %d and stride %d do not fit an image %dx%d", op, k, s, x.Shape[2], x.Shape[3]))
	}
	return imageLayout(x.Shape[0], x.Shape[1], (x.Shape[2]-k)/s+1, (x.Shape[3]-k)/s+1, border)
}

func checkImages[T Float](op string, x *Tensor[T]) {
	if len(x.Shape) != 4 || !x.layout.lanes {
		panic(fmt.Sprintf("autograd: %s: x has shape %v, want a batch (N, C, H, W)", op, x.Shape))
	}
}

// windows calls f for every element of y with its storage index and that of its window's first pixel in x.
func windows(x, y layout, s int, f func(y, corner int)) {
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
