package autograd

import "fmt"

type matMul[T Float] struct{ node[T] }

// MatMul returns the product of plain matrices a (I, K) and b (K, J): (I, J), as torch.mm.
func (t *Tape[T]) MatMul(a, b *Tensor[T]) *Tensor[T] {
	switch {
	case len(a.Shape) != 2 || len(b.Shape) != 2 || a.layout.lanes || b.layout.lanes:
		panic(fmt.Sprintf("autograd: MatMul: a and b have shapes %v and %v, want plain matrices", a.Shape, b.Shape))
	case a.Shape[1] != b.Shape[0]:
		panic(fmt.Sprintf("autograd: MatMul: a has %d columns, b has %d rows", a.Shape[1], b.Shape[0]))
	}
	o := take[T, matMul[T]](t, a, b)
	o.result(t, plainLayout(a.Shape[0]*b.Shape[1]), a.Shape[0], b.Shape[1])
	return t.run(o)
}

// forward: y[i,j] = Σ_k a[i,k]·b[k,j].
func (o *matMul[T]) forward(*Tape[T]) {
	a, b := o.args[0], o.args[1]
	rows, inner, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	clear(o.out.Data)
	for i := range rows {
		for k := range inner {
			v := a.Data[i*inner+k]
			for j := range cols {
				o.out.Data[i*cols+j] += v * b.Data[k*cols+j]
			}
		}
	}
}

// backward: ∂L/∂a += ∂L/∂y bᵀ; ∂L/∂b += aᵀ ∂L/∂y.
func (o *matMul[T]) backward(*Tape[T]) {
	a, b := o.args[0], o.args[1]
	rows, inner, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	for _, x := range o.inputs() {
		if x.requiresGrad {
			x.accumulateFromZero()
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

func (o *matMul[T]) kind() string { return "MatMul" }
