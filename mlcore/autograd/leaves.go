package autograd

import (
	"unsafe"

	"gradlab/mlcore/kernel"
)

// Leaves are gradients to a net's parameters that are kept apart from the parameters' own: those of one shard of a batch,
// while other shards are computed with the same parameters. The values are shared.
type Leaves[T Float] struct {
	params []*Tensor[T]
	own    []Tensor[T]
	index  map[*Tensor[T]]int
}

// NewLeaves returns gradients to the parameters, none of which has arrived.
func NewLeaves[T Float](params []*Tensor[T]) *Leaves[T] {
	l := &Leaves[T]{params: params, own: make([]Tensor[T], len(params)), index: map[*Tensor[T]]int{}}
	for i, p := range params {
		l.own[i] = Tensor[T]{Name: p.Name, Shape: p.Shape, Data: p.Data, layout: p.layout}
		l.own[i].RequireGrad()
		l.index[p] = i
	}
	return l
}

// of returns the tensor that stands for x: another one with the same values if x is one of the parameters.
func (l *Leaves[T]) of(x *Tensor[T]) *Tensor[T] {
	if l == nil || !x.leaf {
		return x
	}
	if i, found := l.index[x]; found {
		return &l.own[i]
	}
	return x
}

// ZeroGrad clears the gradients.
func (l *Leaves[T]) ZeroGrad() {
	for i := range l.own {
		if l.own[i].hasGrad {
			l.own[i].ZeroGrad()
		}
	}
}

// AddTo adds the gradients that have arrived to the parameters' own.
func (l *Leaves[T]) AddTo(kernels *kernel.Set[T]) {
	for i := range l.own {
		if g := &l.own[i]; g.hasGrad {
			p := l.params[i]
			if p.accumulate() {
				kernels.Add(p.Grad, p.Grad, g.Grad, false)
			} else {
				copy(p.Grad, g.Grad)
			}
		}
	}
}

// CollectIn makes the gradients to parameters that Backward finds from now on go to l. Call it after Reset.
func (t *Tape[T]) CollectIn(l *Leaves[T]) { t.leaves = l }

// Bytes is the memory that the gradients take.
func (l *Leaves[T]) Bytes() int {
	elements := 0
	for i := range l.own {
		elements += len(l.own[i].Grad)
	}
	return elements * int(unsafe.Sizeof(T(0)))
}
