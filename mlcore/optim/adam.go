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
	numbers      kernel.AdamStep
	step         int // that the numbers are for
}

// Step updates every parameter that has had a gradient.
func (a *Adam[T]) Step() {
	if a.mean == nil {
		a.mean, a.square = a.state(), a.state()
	}
	for i, p := range a.params {
		n := a.count(i)
		if n == 0 {
			continue
		}
		a.prepare(n)
		if a.decay != 0 {
			a.kernels.Scale(p.Data, p.Data, T(1-a.lr*a.decay), false)
		}
		a.kernels.Adam(p.Data, p.Grad, a.mean[i], a.square[i], &a.numbers)
	}
}

// SetLR changes the learning rate.
func (a *Adam[T]) SetLR(lr float64) { a.lr, a.step = lr, 0 }

// prepare readies the numbers for a parameter's n-th step.
func (a *Adam[T]) prepare(n int) {
	if n == a.step {
		return
	}
	a.step = n
	a.numbers = kernel.AdamStep{
		Beta1: beta1, Beta2: beta2, Epsilon: epsilon,
		StepSize:   a.lr / (1 - math.Pow(beta1, float64(n))),
		Correction: math.Sqrt(1 - math.Pow(beta2, float64(n))),
	}
}
