package autograd

// An activation that directly follows an op can be computed with it: a pass over memory and a result less, and the same
// numbers. Add, Conv2d, Linear and the norms take one as their last argument. How that is done is known here; an op only has
// its kernel apply a ReLU if it can.

// fusion is what an op knows of the activation f that follows it, y = f(a).
type fusion struct {
	f       Activation // Identity where there is none
	applied bool       // by the op's kernel
	later   Activation // one that cannot be fused: an op of its own
	name    string     // of the op with f, in the graph
	named   Activation // which f the name is of
}

// fuse notes the activation that follows an op, if any.
func (n *fusion) fuse(f []Activation, keepsResult bool) {
	n.f, n.later, n.applied = Identity, Identity, false
	switch {
	case len(f) == 0:
	case keepsResult || !f[0].FromOutput():
		n.later = f[0]
	default:
		n.f = f[0]
	}
}

// fusesReLU reports whether the op's kernel has to apply a ReLU, and takes it that it does.
func (n *fusion) fusesReLU() bool {
	n.applied = n.f == ReLU
	return n.applied
}

// run computes an op, with an activation that follows, and returns the result.
func (t *Tape[T]) run(op operation[T], f ...Activation) *Tensor[T] {
	n := op.self()
	n.fuse(f, keepsResult(op))
	if t.noGrad {
		n.out.requiresGrad = false
	}
	if !t.meta {
		op.forward(t)
		if n.f != Identity && !n.applied {
			t.activate(n.f, &n.out, n.out.Data)
		}
	}
	if n.later != Identity {
		return t.Activation(n.later, &n.out)
	}
	return &n.out
}

// activate stores f(x) in y and keeps y's frame and idle lanes zero.
func (t *Tape[T]) activate(f Activation, y *Tensor[T], x []T) {
	t.kernels.Activate(f, y.Data, x)
	if !f.ZeroAtZero() {
		clearFrame(y.layout, y.Data)
	}
}

// kindOf names an op in the graph, with its activation: "Conv2d+relu".
func kindOf[T Float](op operation[T]) string {
	n := op.self()
	if n.f == Identity {
		return op.kind()
	}
	if n.named != n.f { // once: a step allocates nothing
		n.named, n.name = n.f, op.kind()+"+"+n.f.String()
	}
	return n.name
}

// keepsResult reports whether an op's backward needs its result as it was.
func keepsResult[T Float](op operation[T]) bool {
	o, ok := op.(interface{ readsResult() bool })
	return ok && o.readsResult()
}

// playBackOne has an op add the gradients to its arguments. Unless it takes f's derivative itself, in the same pass over
// memory, the gradient that it finds is ∂L/∂a = ∂L/∂y·f'(y).
func (t *Tape[T]) playBackOne(op operation[T]) {
	n := op.self()
	if n.f == Identity || takesActivation(op) {
		op.backward(t)
		return
	}
	y := &n.out
	dy := y.grad
	inPlace := !t.retain && dy.users == 1
	if !inPlace {
		y.setGradient(t.gradients.take(y.layout))
	}
	t.kernels.ActivateGrad(n.f, y.Grad, dy.data, y.Data, false)
	if !inPlace && !t.retain {
		t.gradients.drop(dy) // before the op adds to the gradient of whoever shares it: no copy is needed then
	}
	op.backward(t)
	if t.retain {
		t.gradients.drop(y.grad)
		y.setGradient(dy)
	}
}

func takesActivation[T Float](op operation[T]) bool {
	o, ok := op.(interface{ takesActivation(f Activation) bool })
	return ok && o.takesActivation(op.self().f)
}

// throughActivation returns ∂L/∂a of some blocks, from the first one's lead on, for an op that goes through them one after
// the other.
func (n *node[T]) throughActivation(t *Tape[T], first, end int) []T {
	l := n.out.layout
	from := first * l.block()
	to := from + l.lead() + (end-first)*l.block() + l.border*lanes
	dy := n.out.Grad[from:to]
	if n.f == Identity {
		return dy
	}
	t.scratch = grow(t.scratch, len(dy))
	t.kernels.ActivateGrad(n.f, t.scratch, dy, n.out.Data[from:to], false)
	return t.scratch
}

// gate is the result from an index on where a ReLU made it, for kernels that take its derivative; else nil.
func (n *node[T]) gate(at int) []T {
	if n.f != ReLU {
		return nil
	}
	return n.out.Data[at:]
}
