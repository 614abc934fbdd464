package autograd

import "fmt"

type halfSquaredError[T Float] struct {
	node[T]
	target T
}

// HalfSquaredError returns (z - target)²/2 of one element, the loss of the scalar chain.
func (t *Tape[T]) HalfSquaredError(z *Tensor[T], target T) *Tensor[T] {
	if z.Len() != 1 || z.layout.lanes {
		panic(fmt.Sprintf("autograd: HalfSquaredError: z has shape %v, want one element", z.Shape))
	}
	o := take[T, halfSquaredError[T]](t, z)
	o.target = target
	o.result(t, plainLayout(1))
	return t.run(o)
}

// forward: L = (z - target)²/2.
func (o *halfSquaredError[T]) forward(*Tape[T]) {
	d := o.args[0].Data[0] - o.target
	o.out.Data[0] = 0.5 * (d * d)
}

// backward: ∂L/∂z += z - target.
func (o *halfSquaredError[T]) backward(*Tape[T]) {
	z := o.args[0]
	d := o.out.Grad[0] * (z.Data[0] - o.target)
	if z.accumulate() {
		d += z.Grad[0]
	}
	z.Grad[0] = d
}

func (o *halfSquaredError[T]) kind() string { return "HalfSquaredError" }
