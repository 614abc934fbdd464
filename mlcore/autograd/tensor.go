package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

// Tensor is a value in a computation, and the gradient of the last loss to it.
//
// Shape is the logical shape. Data and Grad are the storage: row-major for parameters and scalars, in lanes for
// activations; read either kind in logical order with Values and Gradients.
type Tensor[T Float] struct {
	Name  string // a parameter's name, as in PyTorch's named_parameters; "" for results
	Shape []int
	Data  []T
	Grad  []T // storage like Data's, to read only; nil where no gradient has arrived yet or it is not retained

	layout       layout
	requiresGrad bool
	hasGrad      bool          // a gradient has arrived since it was last cleared: the next one adds
	base         *Tensor[T]    // the tensor whose storage a view shares
	leaf         bool          // no op made it: its gradient adds up over Backward calls, in storage of its own
	made         bool          // by an op
	grad         *gradient[T]  // what Grad points to, of a result
	gradients    *gradients[T] // where grad comes from
}

// NewTensor returns a plain tensor of zeros: a scalar, a vector, a matrix, in row-major order.
func NewTensor[T Float](shape ...int) *Tensor[T] {
	t := &Tensor[T]{Shape: append([]int(nil), shape...), layout: plainLayout(product(shape))}
	t.Data = make([]T, t.layout.size())
	return t
}

// NewParameter returns a plain tensor of zeros that collects gradients: a leaf to train. Its gradient adds up over
// Backward calls until ZeroGrad.
func NewParameter[T Float](name string, shape ...int) *Tensor[T] {
	t := NewMetaParameter[T](name, shape...)
	t.Data = make([]T, t.layout.size())
	return t.RequireGrad()
}

// NewMetaParameter returns a parameter that has a shape and no storage: see [NewMetaTape].
func NewMetaParameter[T Float](name string, shape ...int) *Tensor[T] {
	t := &Tensor[T]{Name: name, Shape: append([]int(nil), shape...), layout: plainLayout(product(shape))}
	return t.RequireGrad()
}

// NewBatch returns a batch of zeros in lanes: images (N, C, H, W), sequences (N, S, D) or vectors (N, D). It panics for other shapes.
func NewBatch[T Float](shape ...int) *Tensor[T] {
	t := NewMetaBatch[T](shape...)
	t.Data, t.made = make([]T, t.layout.size()), false
	return t
}

// NewMetaBatch returns a batch that has a shape and no storage: see [NewMetaTape].
func NewMetaBatch[T Float](shape ...int) *Tensor[T] {
	t := &Tensor[T]{Shape: append([]int(nil), shape...), made: true}
	switch len(shape) {
	case 2:
		t.layout = featureLayout(shape[0], shape[1])
	case 3:
		t.layout = sequenceLayout(shape[0], shape[1], shape[2])
	case 4:
		t.layout = imageLayout(shape[0], shape[1], shape[2], shape[3], border)
	default:
		panic(fmt.Sprintf("autograd: NewBatch: shape %v is none of (N, C, H, W), (N, S, D) and (N, D)", shape))
	}
	return t
}

// RequireGrad makes Backward compute the gradient to t, a leaf, and returns t.
func (t *Tensor[T]) RequireGrad() *Tensor[T] {
	t.requiresGrad, t.leaf = true, true
	t.Grad = make([]T, len(t.Data))
	return t
}

// Freeze makes Backward leave t, a leaf, out: torch's requires_grad_(False).
func (t *Tensor[T]) Freeze() { t.requiresGrad, t.Grad = false, nil }

// Len is the number of logical elements.
func (t *Tensor[T]) Len() int { return product(t.Shape) }

// Item returns the only element of a one-element tensor; it panics for others.
func (t *Tensor[T]) Item() T {
	if t.Len() != 1 || t.layout.lanes {
		panic(fmt.Sprintf("autograd: Item: shape %v is not one plain element", t.Shape))
	}
	return t.Data[0]
}

// Values copies the elements in logical row-major order into dst, growing it where it is too short, and returns it.
func (t *Tensor[T]) Values(dst []T) []T {
	dst = grow(dst, t.Len())
	gather(t.layout, dst, t.Data)
	return dst
}

// SetValues sets the elements from src in logical row-major order.
func (t *Tensor[T]) SetValues(src []T) {
	if len(src) != t.Len() {
		panic(fmt.Sprintf("autograd: SetValues: %d values for shape %v", len(src), t.Shape))
	}
	scatter(t.layout, t.Data, src)
}

// Gradients is Values for the gradient; zeros where the last loss does not depend on t, or the tape does not retain it.
func (t *Tensor[T]) Gradients(dst []T) []T {
	dst = grow(dst, t.Len())
	if !t.HasGrad() {
		clear(dst)
		return dst
	}
	gather(t.layout, dst, t.root().Grad)
	return dst
}

// HasGrad reports whether a gradient has reached t and is there to read.
func (t *Tensor[T]) HasGrad() bool { return t.root().hasGrad }

// ZeroGrad clears the gradient.
func (t *Tensor[T]) ZeroGrad() {
	clear(t.Grad)
	t.root().hasGrad = false
}

// NarrowTo makes t the samples first to first+n of a batch x: a view, as torch.narrow along dimension 0. Blocks of 16
// samples lie together, so first is a multiple of 16; it panics for another.
func (t *Tensor[T]) NarrowTo(x *Tensor[T], first, n int) {
	l := x.layout
	if !l.lanes || first%lanes != 0 || n < 1 || first+n > l.n {
		panic(fmt.Sprintf("autograd: NarrowTo: samples %d to %d of a tensor of shape %v", first, first+n, x.Shape))
	}
	l.n = n
	from := first / lanes * l.block()
	t.Shape = append(append(t.Shape[:0], n), x.Shape[1:]...)
	t.layout, t.Data = l, x.Data[from:from+l.size()]
}

func (t *Tensor[T]) root() *Tensor[T] {
	for t.base != nil {
		t = t.base
	}
	return t
}

// shapeAs gives an op's result its shape and, but on a meta tape, storage, reusing what it had in the step before.
func (t *Tensor[T]) shapeAs(l layout, meta bool, shape ...int) {
	t.Shape = append(t.Shape[:0], shape...)
	t.made = true
	if t.layout != l || t.base != nil || t.Data == nil {
		// The frame must be zero, and a new layout puts it elsewhere.
		t.base = nil
		t.layout = l
		if !meta {
			t.Data = kernel.Storage[T](l.size())
		}
	}
}

// viewOf makes t a view of x: the same storage under another shape.
func (t *Tensor[T]) viewOf(x *Tensor[T], shape ...int) {
	t.Shape = append(t.Shape[:0], shape...)
	t.layout, t.Data, t.Grad = x.layout, x.Data, x.Grad
	t.requiresGrad, t.base, t.made = x.requiresGrad, x, true
}

// settle readies a tensor as an op's input: idle lanes that no op has seen to are zeroed.
func (t *Tensor[T]) settle() {
	if !t.made {
		clearIdle(t.layout, t.Data)
	}
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Samples is the batch size of an activation, and 1 for a plain tensor.
func (t *Tensor[T]) Samples() int {
	if t.layout.lanes {
		return t.layout.n
	}
	return 1
}

// eachOf calls f with the storage index of every element of one sample, in logical order.
func (t *Tensor[T]) eachOf(sample int, f func(i int)) {
	l := t.layout
	if !l.lanes {
		for i := range l.count {
			f(i)
		}
		return
	}
	for c := range l.c {
		for h := range l.h {
			at := l.pixel(sample/lanes, c, h, 0) + sample%lanes
			for range l.w {
				f(at)
				at += lanes
			}
		}
	}
}
