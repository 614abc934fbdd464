package autograd

import "fmt"

type flatten[T Float] struct{ node[T] }

// Flatten views images (N, C, H, W) as vectors (N, C·H·W): torch.flatten(x, 1).
func (t *Tape[T]) Flatten(x *Tensor[T]) *Tensor[T] {
	if len(x.Shape) != 4 {
		panic(fmt.Sprintf("autograd: Flatten: x has shape %v, want (N, C, H, W)", x.Shape))
	}
	o := take[T, flatten[T]](t, x)
	o.out.viewOf(o.args[0], x.Shape[0], x.Shape[1]*x.Shape[2]*x.Shape[3])
	return t.run(o)
}

// forward: y is x, in x's storage.
func (o *flatten[T]) forward(*Tape[T]) {}

// backward: ∂L/∂x is ∂L/∂y, in the same storage, too.
func (o *flatten[T]) backward(*Tape[T]) {}

func (o *flatten[T]) kind() string { return "Flatten" }
