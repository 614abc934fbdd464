package autograd

import (
	"fmt"
	"math"
)

type softmax[T Float] struct{ node[T] }

// Softmax returns the softmax over the classes of x (N, K): torch.softmax(x, 1).
func (t *Tape[T]) Softmax(x *Tensor[T]) *Tensor[T] {
	checkClasses("Softmax", x)
	o := take[T, softmax[T]](t, x)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y[n,k] = exp(x[n,k]) / Σ_j exp(x[n,j]).
func (o *softmax[T]) forward(*Tape[T]) {
	x := o.args[0]
	for n := range x.Samples() {
		at := x.layout.pixel(n/lanes, 0, 0, 0) + n%lanes
		softmaxLane(o.out.Data[at:], x.Data[at:], x.layout.c)
	}
}

// backward: ∂L/∂x[k] += y[k]·(∂L/∂y[k] - Σ_j ∂L/∂y[j]·y[j]).
func (o *softmax[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	x.accumulateFromZero()
	for n := range x.Samples() {
		var dot T
		y.eachOf(n, func(i int) { dot += y.Grad[i] * y.Data[i] })
		y.eachOf(n, func(i int) { x.Grad[i] += y.Data[i] * (y.Grad[i] - dot) })
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
