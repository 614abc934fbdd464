package autograd

import "iter"

// An Op is one operation of a recorded program.
type Op[T Float] struct {
	Kind       string     // "Conv2d"
	Activation Activation // computed with it, in the same storage; Identity where there is none
	Scope      string     // "blocks.3.conv1"
	Inputs     []*Tensor[T]
	Output     *Tensor[T]
	Stored     int // elements that the output takes, frame and idle lanes included; 0 for a view
}

// Ops yields what was recorded since Reset, in the order of execution. What it yields is there until the next op is recorded.
func (t *Tape[T]) Ops() iter.Seq[Op[T]] {
	return func(yield func(Op[T]) bool) {
		for _, op := range t.ops[:t.n] {
			n := op.self()
			o := Op[T]{op.kind(), n.f, t.scopes.paths[n.scope], op.inputs(), &n.out, 0}
			if n.out.base == nil {
				o.Stored = n.out.layout.size()
			}
			if !yield(o) {
				return
			}
		}
	}
}
