package autograd

type avgPool2d[T Float] struct {
	node[T]
	k, s int
}

// AvgPool2d returns the mean of each k×k window, windows s apart: (N, C, (H-k)/s+1, (W-k)/s+1), as
// torch.nn.functional.avg_pool2d.
func (t *Tape[T]) AvgPool2d(x *Tensor[T], k, s int) *Tensor[T] {
	l := poolLayout("AvgPool2d", x, k, s)
	o := take[T, avgPool2d[T]](t, x)
	o.k, o.s = k, s
	o.result(t, l, l.n, l.c, l.h, l.w)
	return t.run(o)
}

// forward: y[n,c,i,j] = 1/k² Σ over p, q < k of x[n,c,s·i+p,s·j+q].
func (o *avgPool2d[T]) forward(*Tape[T]) {
	x := o.args[0]
	windows(x.layout, o.out.layout, o.s, func(y, corner int) {
		var sum T
		for p := range o.k {
			for q := range o.k {
				sum += x.Data[corner+p*x.layout.row()+q*lanes]
			}
		}
		o.out.Data[y] = sum / T(o.k*o.k)
	})
}

// backward: each pixel of the window gets 1/k² of ∂L/∂y.
func (o *avgPool2d[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	windows(x.layout, o.out.layout, o.s, func(y, corner int) {
		share := o.out.Grad[y] / T(o.k*o.k)
		for p := range o.k {
			for q := range o.k {
				x.Grad[corner+p*x.layout.row()+q*lanes] += share
			}
		}
	})
}

func (o *avgPool2d[T]) kind() string { return "AvgPool2d" }
