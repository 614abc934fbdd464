package experiment

import (
	"fmt"

	"gradlab/mlcore/autograd"
)

// chainLayer computes one layer of a chain by itself, z = f(zin·w) [+ zin], on a tape that is used again and again. What
// it takes apart, the whole chain multiplies: ∂L/∂z_{i-1} = ∂L/∂z_i · ∂z_i/∂z_{i-1}.
type chainLayer[T autograd.Float] struct {
	tape     *autograd.Tape[T]
	f        autograd.Activation
	residual bool
	zin, w   *autograd.Tensor[T]
}

func newChainLayer[T autograd.Float](c Chain) *chainLayer[T] {
	return &chainLayer[T]{tape: autograd.NewTape[T](), f: c.function(), residual: c.Residual(), zin: leaf[T]("z", 0), w: leaf[T]("w", 0)}
}

// function is the activation that the config names.
func (c Chain) function() autograd.Activation {
	f, err := autograd.ParseActivation(c.Activation)
	if err != nil {
		panic(fmt.Sprintf("experiment: chain: %v", err)) // the table bounds it
	}
	return f
}

// forward computes a layer; moved is added to a, for whoever takes differences.
func (l *chainLayer[T]) forward(zin, w, moved T) (a, z *autograd.Tensor[T]) {
	l.tape.Reset()
	l.zin.Data[0], l.w.Data[0] = zin, w
	a = l.tape.Mul(l.zin, l.w)
	a.Data[0] += moved
	z = l.tape.Activation(l.f, a)
	if l.residual {
		z = l.tape.Add(z, l.zin)
	}
	return a, z
}

// locals computes the local derivatives of a layer by the tape itself: the slope f′(a), the factor
// ∂z/∂zin = f′(a)·w [+ 1] and ∂z/∂w = f′(a)·zin.
func (l *chainLayer[T]) locals(zin, w T) (slope, factor, byWeight T) {
	a, z := l.forward(zin, w, 0)
	l.zin.ZeroGrad()
	l.w.ZeroGrad()
	l.tape.BackwardFrom(z, []T{1})
	return a.Grad[0], l.zin.Grad[0], l.w.Grad[0]
}

// localsOf fills in the local derivatives of a chain that has run.
func localsOf[T autograd.Float](r *ChainResult) {
	layer := newChainLayer[T](r.Config)
	for i, w := range r.W {
		slope, factor, byWeight := layer.locals(T(r.Z[i]), T(w))
		r.Slope = append(r.Slope, float64(slope))
		r.Factor = append(r.Factor, float64(factor))
		r.ByWeight = append(r.ByWeight, float64(byWeight))
	}
}

// Of returns the values of a quantity, one a layer from the first; of [QuantityGradZ] and [QuantityZ] there is one more,
// the input's, in front.
func (r ChainResult) Of(quantity string) []float64 {
	switch quantity {
	case QuantityGradW:
		return r.GradW
	case QuantityGradA:
		return r.GradA
	case QuantityGradZ:
		return r.GradZ
	case QuantityFactor:
		return r.Factor
	case QuantityZ:
		return r.Z
	}
	panic(fmt.Sprintf("experiment: ChainResult.Of: no quantity %q", quantity))
}

// At is the value of a quantity in a layer, from 1.
func (r ChainResult) At(quantity string, layer int) float64 {
	values := r.Of(quantity)
	return values[layer-1+len(values)-len(r.W)]
}
