package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

// Tape records operations as they run and plays them backwards. Ops stand in execution order, so the tape is
// already sorted for Backward. A tape belongs to one goroutine: there is no hidden current tape.
type Tape[T Float] struct {
	kernels   *kernel.Set[T]
	ops       []operation[T]
	n         int // ops recorded since Reset; the rest are kept from earlier steps for reuse
	scopes    scopes
	scratch   []T
	popScope  func()
	meta      bool // see NewMetaTape
	noGrad    bool // see NoGrad
	endNoGrad func()
	gradients *gradients[T]
	retain    bool         // the gradients of results, until the next Backward
	leaves    *Leaves[T]   // nil where parameters collect their gradients themselves
	group     *Group       // nil where the batch is all on this tape
	rank      int          // in the group
	alone     [1][]float64 // what gather returns without a group
}

// operation is one recorded step: a struct with its inputs, its result and both directions side by side.
type operation[T Float] interface {
	kind() string
	inputs() []*Tensor[T] // in the order of the arguments
	self() *node[T]
	forward(t *Tape[T]) // computes the result
	// backward adds the gradients to the inputs that want one; the result's gradient is complete when it runs.
	backward(t *Tape[T])
}

// node is what every operation has: its result, its scope, its arguments.
type node[T Float] struct {
	out   Tensor[T]
	scope int
	args  [4]*Tensor[T] // nil beyond the last, and for one that was left out at the end
	nargs int
	fusion
}

func (n *node[T]) self() *node[T]       { return n }
func (n *node[T]) inputs() []*Tensor[T] { return n.args[:n.nargs] }

// NewTape returns an empty tape that computes with the fastest kernels for T on this machine.
func NewTape[T Float]() *Tape[T] { return NewTapeWith(kernel.For[T]()) }

// NewTapeWith returns an empty tape that computes with the given kernels.
func NewTapeWith[T Float](kernels *kernel.Set[T]) *Tape[T] {
	t := &Tape[T]{kernels: kernels, scopes: newScopes(), gradients: &gradients[T]{}, retain: true}
	t.popScope = func() { t.scopes.pop() }
	t.endNoGrad = func() { t.noGrad = false }
	return t
}

// NewMetaTape returns an empty tape that records which ops a program runs, and with which shapes, and computes nothing: as
// PyTorch does with tensors on the device "meta". Its results have no storage. Leaves are made by [NewMetaBatch] and
// [NewMetaParameter]; for what was recorded see [Tape.Ops].
func NewMetaTape[T Float]() *Tape[T] {
	t := NewTape[T]()
	t.meta = true
	return t
}

// Kernels returns the table of kernels that the tape computes with.
func (t *Tape[T]) Kernels() *kernel.Set[T] { return t.kernels }

// Reset rewinds the tape. Results and gradients stay readable until the next op is recorded: the next step, if it
// records the same ops with the same shapes, reuses their structs and buffers and allocates nothing.
func (t *Tape[T]) Reset() {
	t.n = 0
	t.scopes.reset()
}

// Len is the number of ops recorded since Reset.
func (t *Tape[T]) Len() int { return t.n }

// take returns the op struct for the next position: the one of the step before, if its type matches.
func take[T Float, O any, P interface {
	*O
	operation[T]
}](t *Tape[T], args ...*Tensor[T]) P {
	var op P
	if t.n < len(t.ops) {
		op, _ = t.ops[t.n].(P)
		if op == nil {
			// Another program than last time: what follows is of no use either.
			for _, dropped := range t.ops[t.n:] {
				t.gradients.release(&dropped.self().out)
			}
			clear(t.ops[t.n:])
			t.ops = t.ops[:t.n]
		}
	}
	if op == nil {
		op = P(new(O))
		t.ops = append(t.ops, op)
	}
	t.n++
	n := op.self()
	n.scope = t.scopes.current
	n.args, n.nargs = [4]*Tensor[T]{}, 0
	t.gradients.release(&n.out)
	for _, x := range args {
		n.arg(t, x)
	}
	return op
}

// arg notes x as the op's next argument: as the op has to use it, since a parameter whose gradient this tape collects by
// itself is another tensor here. A nil x, an argument left out, is none.
func (n *node[T]) arg(t *Tape[T], x *Tensor[T]) {
	if x == nil {
		return
	}
	x.settle()
	n.args[n.nargs] = t.leaves.of(x)
	n.nargs++
}

// result gives the op's result its shape and storage. It wants a gradient where an argument does.
func (n *node[T]) result(t *Tape[T], l layout, shape ...int) {
	n.out.shapeAs(l, t.meta, shape...)
	n.out.gradients = t.gradients
	n.out.requiresGrad = false
	for _, x := range n.inputs() {
		n.out.requiresGrad = n.out.requiresGrad || x.requiresGrad
	}
}

// Scope opens a named part of the computation, "blocks.3" and within it "conv1"; the returned function closes it.
// Output and the drawn graph go by it.
//
//	defer t.Scope("conv1")()
func (t *Tape[T]) Scope(name string) (end func()) {
	t.scopes.push(name)
	return t.popScope
}

// NoGrad makes results want no gradient, whatever they are made of, until the returned function ends it: torch.no_grad. What
// a net does in training (moving a batch norm's statistics, say) it still does: see SetTraining of package nn.
//
//	defer t.NoGrad()()
func (t *Tape[T]) NoGrad() (end func()) {
	t.noGrad = true
	return t.endNoGrad
}

// Backward computes the gradient of loss, one plain element, to everything it depends on and that wants one. The
// gradients of results are stored anew; those of parameters add to what they hold.
func (t *Tape[T]) Backward(loss *Tensor[T]) {
	if loss.Len() != 1 || loss.layout.lanes {
		panic(fmt.Sprintf("autograd: Backward: loss has shape %v, want one element", loss.Shape))
	}
	t.clearResults()
	if !loss.requiresGrad {
		return
	}
	loss.accumulate()
	loss.Grad[0] = 1
	t.playBack()
}

// BackwardFrom is Backward from a result of any shape, given the gradient to it in logical order: the
// vector-Jacobian product, as torch's y.backward(dy).
func (t *Tape[T]) BackwardFrom(y *Tensor[T], dy []T) {
	if len(dy) != y.Len() {
		panic(fmt.Sprintf("autograd: BackwardFrom: %d gradients for shape %v", len(dy), y.Shape))
	}
	t.clearResults()
	if !y.requiresGrad {
		return
	}
	y.accumulate()
	clear(y.Grad)
	scatter(y.layout, y.Grad, dy)
	t.playBack()
}

func (t *Tape[T]) clearResults() {
	for _, op := range t.ops[:t.n] {
		t.gradients.release(&op.self().out)
	}
}

func (t *Tape[T]) playBack() {
	for i := t.n - 1; i >= 0; i-- {
		op := t.ops[i]
		n := op.self()
		if !n.out.requiresGrad || !n.out.HasGrad() {
			continue
		}
		t.playBackOne(op)
		if !t.retain {
			t.gradients.release(&n.out)
		}
	}
}
