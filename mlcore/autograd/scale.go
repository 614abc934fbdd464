package autograd

import "fmt"

type scale[T Float] struct{ node[T] }

// Scale returns s·x, where s is one learnt number: ReZero's α (Bachlechner et al. 2020).
func (t *Tape[T]) Scale(s, x *Tensor[T]) *Tensor[T] {
	if s.Len() != 1 || s.layout.lanes {
		panic(fmt.Sprintf("autograd: Scale: s has shape %v, want one element", s.Shape))
	}
	o := take[T, scale[T]](t, s, x)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y = s·x.
func (o *scale[T]) forward(t *Tape[T]) {
	s, x := o.args[0], o.args[1]
	t.kernels.Scale(o.out.Data, x.Data, s.Data[0], false)
}

// backward: ∂L/∂s += Σ ∂L/∂y·x; ∂L/∂x += s·∂L/∂y.
func (o *scale[T]) backward(t *Tape[T]) {
	s, x := o.args[0], o.args[1]
	if s.requiresGrad {
		d := t.kernels.Dot(o.out.Grad, x.Data)
		if s.accumulate() {
			d += s.Grad[0]
		}
		s.Grad[0] = d
	}
	if x.requiresGrad {
		add := x.accumulate()
		t.kernels.Scale(x.Grad, o.out.Grad, s.Data[0], add)
	}
}

func (o *scale[T]) kind() string { return "Scale" }
