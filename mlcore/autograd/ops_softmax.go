package autograd

import (
	"fmt"
	"math"
)

// softmax is y[n,k] = exp(x[n,k]) / Σ_j exp(x[n,j]). ∂L/∂x[k] += y[k]·(∂L/∂y[k] - Σ_j ∂L/∂y[j]·y[j]).
type softmax[T Float] struct{ node[T] }

// Softmax returns the softmax over the classes of x (N, K).
func (t *Tape[T]) Softmax(x *Tensor[T]) *Tensor[T] {
	checkClasses("Softmax", x)
	o := take[T, softmax[T]](t, x)
	o.out.shapeAs(x.layout, x.requiresGrad, x.Shape...)
	for n := range x.Samples() {
		at := x.layout.pixel(n/lanes, 0, 0, 0) + n%lanes
		softmaxLane(o.out.Data[at:], x.Data[at:], x.layout.c)
	}
	return &o.out
}

func (o *softmax[T]) kind() string { return "Softmax" }

func (o *softmax[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	if !x.accumulate() {
		clear(x.Grad)
	}
	for n := range x.Samples() {
		var dot T
		y.eachOf(n, func(i int) { dot += y.Grad[i] * y.Data[i] })
		y.eachOf(n, func(i int) { x.Grad[i] += y.Data[i] * (y.Grad[i] - dot) })
	}
}

// logSoftmax is y[n,k] = x[n,k] - ln Σ_j exp(x[n,j]). ∂L/∂x[k] += ∂L/∂y[k] - exp(y[k])·Σ_j ∂L/∂y[j].
type logSoftmax[T Float] struct {
	node[T]
	probs []T
}

// LogSoftmax returns the logarithm of the softmax over the classes of x (N, K), without overflow.
func (t *Tape[T]) LogSoftmax(x *Tensor[T]) *Tensor[T] {
	checkClasses("LogSoftmax", x)
	o := take[T, logSoftmax[T]](t, x)
	o.out.shapeAs(x.layout, x.requiresGrad, x.Shape...)
	o.probs = grow(o.probs, len(x.Data))
	for n := range x.Samples() {
		at := x.layout.pixel(n/lanes, 0, 0, 0) + n%lanes
		largest, logSum := softmaxLane(o.probs[at:], x.Data[at:], x.layout.c)
		x.eachOf(n, func(i int) { o.out.Data[i] = T(float64(x.Data[i]) - largest - logSum) })
	}
	return &o.out
}

func (o *logSoftmax[T]) kind() string { return "LogSoftmax" }

func (o *logSoftmax[T]) backward(*Tape[T]) {
	x, y := o.args[0], &o.out
	if !x.accumulate() {
		clear(x.Grad)
	}
	for n := range x.Samples() {
		var total T
		y.eachOf(n, func(i int) { total += y.Grad[i] })
		y.eachOf(n, func(i int) { x.Grad[i] += y.Grad[i] - T(math.Exp(float64(y.Data[i])))*total })
	}
}

func checkClasses[T Float](op string, x *Tensor[T]) {
	if len(x.Shape) != 2 || !x.layout.lanes || x.layout.border != 0 {
		panic(fmt.Sprintf("autograd: %s: x has shape %v, want a batch (N, K)", op, x.Shape))
	}
}

// matMul is y = a b: y[i,j] = Σ_k a[i,k]·b[k,j]. ∂L/∂a += ∂L/∂y bᵀ; ∂L/∂b += aᵀ ∂L/∂y.
type matMul[T Float] struct{ node[T] }

// MatMul returns the product of plain matrices a (I, K) and b (K, J): (I, J).
func (t *Tape[T]) MatMul(a, b *Tensor[T]) *Tensor[T] {
	switch {
	case len(a.Shape) != 2 || len(b.Shape) != 2 || a.layout.lanes || b.layout.lanes:
		panic(fmt.Sprintf("autograd: MatMul: a and b have shapes %v and %v, want plain matrices", a.Shape, b.Shape))
	case a.Shape[1] != b.Shape[0]:
		panic(fmt.Sprintf("autograd: MatMul: a has %d columns, b has %d rows", a.Shape[1], b.Shape[0]))
	}
	o := take[T, matMul[T]](t, a, b)
	rows, inner, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	o.out.shapeAs(plainLayout(rows*cols), anyRequires(a, b), rows, cols)
	clear(o.out.Data)
	for i := range rows {
		for k := range inner {
			v := a.Data[i*inner+k]
			for j := range cols {
				o.out.Data[i*cols+j] += v * b.Data[k*cols+j]
			}
		}
	}
	return &o.out
}

func (o *matMul[T]) kind() string { return "MatMul" }

func (o *matMul[T]) backward(*Tape[T]) {
	a, b := o.args[0], o.args[1]
	rows, inner, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	for _, x := range o.inputs() {
		if x.requiresGrad && !x.accumulate() {
			clear(x.Grad)
		}
	}
	for i := range rows {
		for k := range inner {
			for j := range cols {
				dy := o.out.Grad[i*cols+j]
				if a.requiresGrad {
					a.Grad[i*inner+k] += dy * b.Data[k*cols+j]
				}
				if b.requiresGrad {
					b.Grad[k*cols+j] += dy * a.Data[i*inner+k]
				}
			}
		}
	}
}
