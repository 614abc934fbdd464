package autograd

import "gradlab/mlcore/kernel"

// gradients is the storage of results' gradients on a tape that does not retain them: what one result is done with
// serves an earlier one of the same layout, whose zero frame is then in place. A deep network's gradients so take turns
// in a few buffers that stay in the cache. A nil *gradients hands out storage for good.
type gradients[T Float] struct {
	spare    map[layout][][]T
	elements int // of all storage, in use or spare
}

func (g *gradients[T]) take(l layout) []T {
	if g == nil {
		return kernel.Storage[T](l.size())
	}
	spare := g.spare[l]
	if len(spare) == 0 {
		g.elements += l.size()
		return kernel.Storage[T](l.size())
	}
	last := len(spare) - 1
	g.spare[l] = spare[:last]
	return spare[last]
}

func (g *gradients[T]) put(l layout, s []T) { g.spare[l] = append(g.spare[l], s) }

// SetRetainGrad says whether results keep their gradients until the next step, as if torch's retain_grad had been called
// on each: true is the start, what the insights and the drawn graph need. With false only parameters and other leaves
// keep theirs; a training run that looks at nothing else takes half the memory and less time. It holds from the next op
// on; call it between steps.
func (t *Tape[T]) SetRetainGrad(on bool) {
	t.ops, t.n = nil, 0
	t.gradients = nil
	if !on {
		t.gradients = &gradients[T]{spare: map[layout][][]T{}}
	}
}

// release takes back the gradient of an op's result once the op has played backwards, and the storage that its arguments
// no longer borrow.
func (t *Tape[T]) release(op operation[T]) {
	n := op.self()
	for _, x := range n.inputs() {
		if r := x.root(); r.lender != nil && r.own != nil && &r.Grad[0] == &r.own[0] {
			t.repay(r)
		}
	}
	out := &n.out
	if out.base != nil {
		return // a view: what it shares is released with the op that made it
	}
	if out.lender != nil {
		t.repay(out)
	}
	out.hasGrad, out.Grad, out.done = false, nil, true
	t.takeBack(out)
}

// repay ends x's loan.
func (t *Tape[T]) repay(x *Tensor[T]) {
	lender := x.lender
	x.lender = nil
	lender.loans--
	t.takeBack(lender)
}

func (t *Tape[T]) takeBack(x *Tensor[T]) {
	if x.done && x.loans == 0 && x.own != nil {
		t.gradients.put(x.layout, x.own)
		x.own = nil
	}
}
