package autograd

type mul[T Float] struct{ node[T] }

// Mul returns the element-wise product of tensors of one shape: torch.mul.
func (t *Tape[T]) Mul(a, b *Tensor[T]) *Tensor[T] {
	sameShape("Mul", a, b)
	o := take[T, mul[T]](t, a, b)
	o.result(t, a.layout, a.Shape...)
	return t.run(o)
}

// forward: y = a·b.
func (o *mul[T]) forward(t *Tape[T]) {
	t.kernels.Mul(o.out.Data, o.args[0].Data, o.args[1].Data, false)
}

// backward: ∂L/∂a += ∂L/∂y·b; ∂L/∂b += ∂L/∂y·a.
func (o *mul[T]) backward(t *Tape[T]) {
	a, b := o.args[0], o.args[1]
	if a.requiresGrad {
		add := a.accumulate()
		t.kernels.Mul(a.Grad, o.out.Grad, b.Data, add)
	}
	if b.requiresGrad {
		add := b.accumulate()
		t.kernels.Mul(b.Grad, o.out.Grad, a.Data, add)
	}
}

func (o *mul[T]) kind() string { return "Mul" }
