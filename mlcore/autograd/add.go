package autograd

import (
	"fmt"
	"slices"
)

type add[T Float] struct{ node[T] }

// Add returns a + b for tensors of one shape: torch.add. A skip connection is an addition (He et al. 2015).
func (t *Tape[T]) Add(a, b *Tensor[T], f ...Activation) *Tensor[T] {
	sameShape("Add", a, b)
	o := take[T, add[T]](t, a, b)
	o.result(t, a.layout, a.Shape...)
	return t.run(o, f...)
}

// forward: y = a + b.
func (o *add[T]) forward(t *Tape[T]) {
	t.kernels.Add(o.out.Data, o.args[0].Data, o.args[1].Data, o.fusesReLU())
}

// backward: ∂L/∂a += ∂L/∂y; ∂L/∂b += ∂L/∂y. The gradient goes on unchanged, which is what a skip is for.
func (o *add[T]) backward(t *Tape[T]) {
	for _, x := range o.inputs() {
		if x.requiresGrad {
			x.addGradOf(t.kernels, &o.out)
		}
	}
}

func (o *add[T]) kind() string { return "Add" }

func sameShape[T Float](op string, a, b *Tensor[T]) {
	if !slices.Equal(a.Shape, b.Shape) {
		panic(fmt.Sprintf("autograd: %s: shapes %v and %v differ", op, a.Shape, b.Shape))
	}
	if a.layout != b.layout {
		panic(fmt.Sprintf("autograd: %s: %v is stored in two ways, one plain or flattened; use one of them", op, a.Shape))
	}
}
