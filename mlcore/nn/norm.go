package nn

import (
	"fmt"

	"gradlab/mlcore/autograd"
)

// The defaults of torch.nn's normalisations.
const (
	normEps      = 1e-5
	normMomentum = 0.1
)

// norm is one normalisation layer: torch.nn.BatchNorm1d and 2d, GroupNorm or LayerNorm.
type norm[T Float] struct {
	kind         Norm
	scope        string
	groups       int
	training     bool
	momentum     float64             // batch only: of the running statistics
	weight, bias *autograd.Tensor[T] // C each, 1 and 0 at the start
	mean, square *autograd.Tensor[T] // batch only: the running mean and variance, 0 and 1 at the start
}

// newNorm returns the layer of that kind, or nil for NormNone.
func newNorm[T Float](kind Norm, scope, name string, channels int) *norm[T] {
	if kind == NormNone {
		return nil
	}
	n := &norm[T]{kind: kind, scope: scope, training: true, momentum: normMomentum, groups: min(4, channels)}
	n.weight = autograd.NewParameter[T](name+".weight", channels)
	n.bias = autograd.NewParameter[T](name+".bias", channels)
	setAll(n.weight, 1)
	switch kind {
	case NormBatch:
		n.mean, n.square = autograd.NewTensor[T](channels), autograd.NewTensor[T](channels)
		n.mean.Name, n.square.Name = name+".running_mean", name+".running_var"
		setAll(n.square, 1)
	case NormGroup:
		if channels%n.groups != 0 {
			panic(fmt.Sprintf("nn: group norm: %d groups do not divide %d channels", n.groups, channels))
		}
	}
	return n
}

// forward returns f(norm(x)); a nil norm is the identity.
func (n *norm[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T], f autograd.Activation) *autograd.Tensor[T] {
	if n == nil {
		if f == autograd.Identity {
			return x
		}
		return t.Activation(f, x)
	}
	defer t.Scope(n.scope)()
	switch n.kind {
	case NormGroup:
		return t.GroupNorm(x, n.weight, n.bias, n.groups, normEps, f)
	case NormLayer:
		return t.LayerNorm(x, n.weight, n.bias, normEps, f)
	}
	return t.BatchNorm(x, n.weight, n.bias, autograd.BatchNormParams[T]{
		Training: n.training, Momentum: n.momentum, Eps: normEps, RunningMean: n.mean, RunningVar: n.square,
	}, f)
}

func (n *norm[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return n == nil || (yield(n.weight) && yield(n.bias))
}

func (n *norm[T]) buffers(yield func(*autograd.Tensor[T]) bool) bool {
	return n == nil || n.mean == nil || (yield(n.mean) && yield(n.square))
}

func (n *norm[T]) setTraining(on bool) {
	if n != nil {
		n.training = on
	}
}

func (n *norm[T]) setMomentum(momentum float64) {
	if n != nil {
		n.momentum = momentum
	}
}

func setAll[T Float](p *autograd.Tensor[T], v T) {
	for i := range p.Data {
		p.Data[i] = v
	}
}
