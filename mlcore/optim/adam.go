package optim

import (
	"math"

	"gradlab/mlcore/kernel"
)

// Adam is Kingma and Ba 2015; with decay it is AdamW (Loshchilov and Hutter 2019), which first shrinks the weights by
// lr·decay.
type Adam[T Float] struct {
	group[T]
	decay        float64
	mean, square [][]T
	step         int
	numbers      kernel.AdamStep
}

// Step updates every parameter that has a gradient.
func (a *Adam[T]) Step() {
	if a.mean == nil {
		a.mean, a.square = a.state(), a.state()
	}
	a.step++
	n := float64(a.step)
	a.numbers = kernel.AdamStep{
		Beta1: beta1, Beta2: beta2, Epsilon: epsilon,
		StepSize:   a.lr / (1 - math.Pow(beta1, n)),
		Correction: math.Sqrt(1 - math.Pow(beta2, n)),
	}
	for i, p := range a.params {
		if !p.HasGrad() {
			continue
		}
		if a.decay != 0 {
			a.kernels.Scale(p.Data, p.Data, T(1-a.lr*a.decay), false)
		}
		a.kernels.Adam(p.Data, p.Grad, a.mean[i], a.square[i], &a.numbers)
	}
}
