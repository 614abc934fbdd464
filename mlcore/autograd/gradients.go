package autograd

import (
	"unsafe"

	"gradlab/mlcore/kernel"
)

// Where the gradient of a result is stored is decided here alone. An op calls one of three methods on an argument that wants
// a gradient: accumulate, then stores or adds to Grad; accumulateFromZero, then adds; addGradOf, where its own goes on
// unchanged. That shares the storage until one of the two is written to: a skip connection copies nothing.

// accumulate readies Grad for an op to write to, notes that a gradient arrives, and reports whether it must be added.
func (t *Tensor[T]) accumulate() (add bool) {
	r := t.root()
	add = r.hasGrad
	r.hasGrad = true
	if !r.leaf {
		switch {
		case r.grad == nil:
			r.setGradient(r.gradients.take(r.layout))
		case r.grad.users > 1:
			shared := r.grad
			r.setGradient(r.gradients.take(r.layout))
			copy(r.Grad, shared.data)
			r.gradients.drop(shared)
		}
	}
	t.Grad = r.Grad
	return add
}

// accumulateFromZero readies Grad for an op to add to.
func (t *Tensor[T]) accumulateFromZero() {
	if !t.accumulate() {
		clear(t.Grad)
	}
}

// addToGrad adds f(i) to every element of the gradient.
func (t *Tensor[T]) addToGrad(f func(i int) T) {
	t.accumulateFromZero()
	for i := range t.Grad {
		t.Grad[i] += f(i)
	}
}

// addGradOf adds the gradient of y, an op's result, to that of t, its argument: ∂L/∂x += ∂L/∂y.
func (t *Tensor[T]) addGradOf(kernels *kernel.Set[T], y *Tensor[T]) {
	if !t.hasGrad && !t.leaf && t.base == nil {
		t.hasGrad = true
		t.setGradient(y.grad)
		y.grad.users++
		return
	}
	if t.accumulate() {
		kernels.Add(t.Grad, t.Grad, y.Grad, false)
	} else {
		copy(t.Grad, y.Grad)
	}
}

func (t *Tensor[T]) setGradient(g *gradient[T]) { t.grad, t.Grad = g, g.data }

// gradient is the gradient of one result, or of several that share it.
type gradient[T Float] struct {
	data   []T
	layout layout
	users  int
}

// gradients is the storage of a tape's gradients of results: what one is done with serves another of the same layout, whose
// zero frame is then in place. A deep network's gradients so take turns in a few buffers that stay in the cache.
type gradients[T Float] struct {
	spare    map[layout][]*gradient[T]
	elements int // of all storage, in use or spare
}

// take returns storage for one user; it holds zeros in the frame and in idle lanes, anything elsewhere.
func (g *gradients[T]) take(l layout) *gradient[T] {
	spare := g.spare[l]
	if len(spare) == 0 {
		g.elements += l.size()
		return &gradient[T]{kernel.Storage[T](l.size()), l, 1}
	}
	last := len(spare) - 1
	taken := spare[last]
	g.spare[l] = spare[:last]
	taken.users = 1
	return taken
}

// drop ends one use of a gradient.
func (g *gradients[T]) drop(used *gradient[T]) {
	used.users--
	if used.users > 0 {
		return
	}
	if g.spare == nil {
		g.spare = map[layout][]*gradient[T]{}
	}
	g.spare[used.layout] = append(g.spare[used.layout], used)
}

// release lets a result's gradient go; a view's is its base's.
func (g *gradients[T]) release(x *Tensor[T]) {
	if x.grad != nil {
		g.drop(x.grad)
	}
	x.grad, x.Grad, x.hasGrad = nil, nil, false
}

// SetRetainGrad says whether results keep their gradients until the next Backward, as if torch's retain_grad had been called
// on each: true is the start, what the insights and the drawn graph need. With false a gradient is let go when its op has
// played backwards, as in PyTorch, and only parameters and other leaves keep theirs: half the memory, and less time.
func (t *Tape[T]) SetRetainGrad(on bool) { t.retain = on }

// Bytes is the memory that the tape holds for results, gradients and what ops keep.
func (t *Tape[T]) Bytes() int {
	elements := t.gradients.elements + len(t.scratch)
	for _, op := range t.ops {
		if out := &op.self().out; out.base == nil {
			elements += len(out.Data)
		}
		if o, ok := op.(interface{ kept() int }); ok {
			elements += o.kept()
		}
	}
	return elements * int(unsafe.Sizeof(T(0)))
}
