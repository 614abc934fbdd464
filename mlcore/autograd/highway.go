package autograd

type highway[T Float] struct{ node[T] }

// Highway returns g·h + (1-g)·x for tensors of one shape: the gate g chooses between the layer's h and its input x
// (Srivastava et al. 2015, equation 3).
func (t *Tape[T]) Highway(g, h, x *Tensor[T]) *Tensor[T] {
	sameShape("Highway", g, h)
	sameShape("Highway", g, x)
	o := take[T, highway[T]](t, g, h, x)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y = g·h + (1-g)·x.
func (o *highway[T]) forward(*Tape[T]) {
	g, h, x := o.args[0], o.args[1], o.args[2]
	y := o.out.Data
	for i, gate := range g.Data {
		y[i] = gate*h.Data[i] + (1-gate)*x.Data[i]
	}
}

// backward: ∂L/∂g += ∂L/∂y·(h-x); ∂L/∂h += ∂L/∂y·g; ∂L/∂x += ∂L/∂y·(1-g).
func (o *highway[T]) backward(*Tape[T]) {
	g, h, x := o.args[0], o.args[1], o.args[2]
	dy := o.out.Grad
	if g.requiresGrad {
		g.addToGrad(func(i int) T { return dy[i] * (h.Data[i] - x.Data[i]) })
	}
	if h.requiresGrad {
		h.addToGrad(func(i int) T { return dy[i] * g.Data[i] })
	}
	if x.requiresGrad {
		x.addToGrad(func(i int) T { return dy[i] * (1 - g.Data[i]) })
	}
}

func (o *highway[T]) kind() string { return "Highway" }
