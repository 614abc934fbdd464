package autograd

import "math"

type logSoftmax[T Float] struct{ node[T] }

// LogSoftmax returns the logarithm of the softmax over the classes of x (N, K), without overflow:
// torch.log_softmax(x, 1).
func (t *Tape[T]) LogSoftmax(x *Tensor[T]) *Tensor[T] {
	checkClasses("LogSoftmax", x)
	o := take[T, logSoftmax[T]](t, x)
	o.result(t, x.layout, x.Shape...)
	return t.run(o)
}

// forward: y[n,k] = x[n,k] - ln Σ_j exp(x[n,j]).
func (o *logSoftmax[T]) forward(*Tape[T]) {
	x := o.args[0]
	for n := range x.Samples() {
		at := x.layout.pixel(n/lanes, 0, 0, 0) + n%lanes
		largest, logSum := softmaxLane(o.out.Data[at:], x.Data[at:], x.layout.c)
		x.eachOf(n, func(i int) { o.out.Data[i] = T(float64(x.Data[i]) - largest - logSum) })
	}
}

// backward: ∂L/∂x[k] += ∂L/∂y[k] - exp(y[k])·Σ_j ∂L/∂y[j].
func (o *logSoftmax[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	x.accumulateFromZero()
	for n := range x.Samples() {
		var total T
		y.eachOf(n, func(i int) { total += y.Grad[i] })
		y.eachOf(n, func(i int) { x.Grad[i] += y.Grad[i] - T(math.Exp(float64(y.Data[i])))*total })
	}
}

func (o *logSoftmax[T]) kind() string      { return "LogSoftmax" }
func (o *logSoftmax[T]) readsResult() bool { return true }
