package autograd

import (
	"fmt"
	"slices"
)

// add is y = a + b, element by element. ∂L/∂a += ∂L/∂y and ∂L/∂b += ∂L/∂y: an addition hands the gradient on
// unchanged, which is what a skip connection is for.
type add[T Float] struct {
	node[T]
	act Activation
	sum []T // ∂L/∂(a + b), where an activation follows and gradients are retained
}

// Add returns a + b for tensors of one shape.
func (t *Tape[T]) Add(a, b *Tensor[T]) *Tensor[T] { return t.AddActivation(a, b, Identity) }

// AddActivation returns f(a + b): the end of a residual block. It is Add followed by Activation in one pass.
func (t *Tape[T]) AddActivation(a, b *Tensor[T], f Activation) *Tensor[T] {
	sameShape("Add", a, b)
	if !f.FromOutput() {
		return t.Activation(f, t.Add(a, b))
	}
	o := take[T, add[T]](t, a, b)
	o.act = f
	o.out.shapeAs(a.layout, anyRequires(a, b), a.Shape...)
	t.kernels.Add(o.out.Data, a.Data, b.Data, f == ReLU)
	if f != Identity && f != ReLU {
		t.activate(f, &o.out, o.out.Data)
	}
	return &o.out
}

func (o *add[T]) kind() string { return withActivation("Add", o.act) }

func (o *add[T]) backward(t *Tape[T]) {
	dy := o.out.Grad
	if o.act != Identity {
		sum := o.out.changed(&o.sum)
		t.kernels.ActivateGrad(o.act, sum, dy, o.out.Data, false)
		dy = sum
	}
	for _, x := range o.inputs() {
		if x.requiresGrad {
			x.lend(t.kernels, dy, &o.out)
		}
	}
}

// mul is y = a·b, element by element. ∂L/∂a += ∂L/∂y·b; ∂L/∂b += ∂L/∂y·a.
type mul[T Float] struct{ node[T] }

// Mul returns the element-wise product of tensors of one shape.
func (t *Tape[T]) Mul(a, b *Tensor[T]) *Tensor[T] {
	sameShape("Mul", a, b)
	o := take[T, mul[T]](t, a, b)
	o.out.shapeAs(a.layout, anyRequires(a, b), a.Shape...)
	t.kernels.Mul(o.out.Data, a.Data, b.Data, false)
	return &o.out
}

func (o *mul[T]) kind() string { return "Mul" }

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

// scale is y = s·x with one learnt number s, ReZero's α (Bachlechner et al. 2020).
// ∂L/∂x += s·∂L/∂y; ∂L/∂s += Σ ∂L/∂y·x.
type scale[T Float] struct{ node[T] }

// Scale returns s·x, where s has one element.
func (t *Tape[T]) Scale(s, x *Tensor[T]) *Tensor[T] {
	if s.Len() != 1 || s.layout.lanes {
		panic(fmt.Sprintf("autograd: Scale: s has shape %v, want one element", s.Shape))
	}
	o := take[T, scale[T]](t, s, x)
	o.out.shapeAs(x.layout, anyRequires(s, x), x.Shape...)
	t.kernels.Scale(o.out.Data, x.Data, s.Data[0], false)
	return &o.out
}

func (o *scale[T]) kind() string { return "Scale" }

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

// highway is y = g·h + (1-g)·x (Srivastava et al. 2015, equation 3).
// ∂L/∂g += ∂L/∂y·(h-x); ∂L/∂h += ∂L/∂y·g; ∂L/∂x += ∂L/∂y·(1-g).
type highway[T Float] struct{ node[T] }

// Highway returns g·h + (1-g)·x for tensors of one shape: the gate g chooses between the layer's h and its input x.
func (t *Tape[T]) Highway(g, h, x *Tensor[T]) *Tensor[T] {
	sameShape("Highway", g, h)
	sameShape("Highway", g, x)
	o := take[T, highway[T]](t, g, h, x)
	o.out.shapeAs(x.layout, anyRequires(g, h, x), x.Shape...)
	y := o.out.Data
	for i, gate := range g.Data {
		y[i] = gate*h.Data[i] + (1-gate)*x.Data[i]
	}
	return &o.out
}

func (o *highway[T]) kind() string { return "Highway" }

func (o *highway[T]) backward(*Tape[T]) {
	g, h, x := o.args[0], o.args[1], o.args[2]
	dy := o.out.Grad
	if g.requiresGrad {
		into(g, func(i int) T { return dy[i] * (h.Data[i] - x.Data[i]) })
	}
	if h.requiresGrad {
		into(h, func(i int) T { return dy[i] * g.Data[i] })
	}
	if x.requiresGrad {
		into(x, func(i int) T { return dy[i] * (1 - g.Data[i]) })
	}
}

// into stores or adds f(i) to every element of x's gradient.
func into[T Float](x *Tensor[T], f func(i int) T) {
	if x.accumulate() {
		for i := range x.Grad {
			x.Grad[i] += f(i)
		}
		return
	}
	for i := range x.Grad {
		x.Grad[i] = f(i)
	}
}

// flatten is y = x under the shape (N, C·H·W); it shares x's storage, and so its gradient.
type flatten[T Float] struct{ node[T] }

// Flatten views a batch of images (N, C, H, W) as a batch of vectors (N, C·H·W).
func (t *Tape[T]) Flatten(x *Tensor[T]) *Tensor[T] {
	if len(x.Shape) != 4 {
		panic(fmt.Sprintf("autograd: Flatten: x has shape %v, want (N, C, H, W)", x.Shape))
	}
	o := take[T, flatten[T]](t, x)
	o.out.viewOf(x, x.Shape[0], x.Shape[1]*x.Shape[2]*x.Shape[3])
	return &o.out
}

func (o *flatten[T]) kind() string      { return "Flatten" }
func (o *flatten[T]) backward(*Tape[T]) {}

func sameShape[T Float](op string, a, b *Tensor[T]) {
	if !slices.Equal(a.Shape, b.Shape) {
		panic(fmt.Sprintf("autograd: %s: shapes %v and %v differ", op, a.Shape, b.Shape))
	}
	if a.layout != b.layout {
		panic(fmt.Sprintf("autograd: %s: %v is stored in two ways, one plain or flattened; use one of them", op, a.Shape))
	}
}

func (o *add[T]) kept() int { return len(o.sum) }
