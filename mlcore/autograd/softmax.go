package autograd

import (
	"fmt"
	"math"
)

type softmax[T Float] struct{ node[T] }

// Softmax returns the softmax over the last axis, the classes of x (N, K) or the second sequence of x (N, S, K), as attention
// weighs it: torch.softmax(x, -1).
func (t *Tape[T]) Softmax(x *Tensor[T]) *Tensor[T] {
	if len(x.Shape) != 3 {
		checkClasses("Softmax", x)
	}
	o := take[T, softmax[T]](t, x)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y[…,k] = exp(x[…,k]) / Σ_j exp(x[…,j]).
func (o *softmax[T]) forward(*Tape[T]) {
	x := o.args[0]
	eachDistribution(&o.out, func(_, at, size int) { softmaxLane(o.out.Data[at:], x.Data[at:], size) })
}

// backward: ∂L/∂x[…,k] += y[…,k]·(∂L/∂y[…,k] - Σ_j ∂L/∂y[…,j]·y[…,j]).
func (o *softmax[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	x.accumulateFromZero()
	eachDistribution(y, func(_, at, size int) {
		var dot T
		for i := at; i < at+size*lanes; i += lanes {
			dot += y.Grad[i] * y.Data[i]
		}
		for i := at; i < at+size*lanes; i += lanes {
			x.Grad[i] += y.Data[i] * (y.Grad[i] - dot)
		}
	})
}

// eachDistribution calls f for all that a softmax makes add up to 1, of x (N, K) or (N, S, K), with its number, the storage index of
// its first element, lanes apart, and how many they are.
func eachDistribution[T Float](x *Tensor[T], f func(n, at, size int)) {
	l := x.layout
	rows, size := 1, l.c
	if len(x.Shape) == 3 {
		rows, size = l.c, l.h
	}
	for n := range l.n {
		for row := range rows {
			f(n*rows+row, l.pixel(n/lanes, row, 0, 0)+n%lanes, size)
		}
	}
}

func (o *softmax[T]) kind() string      { return "Softmax" }
func (o *softmax[T]) readsResult() bool { return true }

func checkClasses[T Float](op string, x *Tensor[T]) {
	if len(x.Shape) != 2 || !x.layout.lanes || x.layout.border != 0 {
		panic(fmt.Sprintf("autograd: %s: x has shape %v, want a batch (N, K)", op, x.Shape))
	}
}

// softmaxLane stores the softmax of one sample's k logits, lanes apart, and returns the largest and
// ln Σ exp(x - largest). The largest is subtracted first, so that no exponential overflows; sums run in float64.
func softmaxLane[T Float](dst, x []T, k int) (largest, logSum float64) {
	largest = math.Inf(-1)
	for i := range k {
		largest = max(largest, float64(x[i*lanes]))
	}
	var sum float64
	for i := range k {
		e := math.Exp(float64(x[i*lanes]) - largest)
		sum += e
		dst[i*lanes] = T(e)
	}
	for i := range k {
		dst[i*lanes] /= T(sum)
	}
	return largest, math.Log(sum)
}
