package autograd

import "fmt"

type batchMatMul[T Float] struct{ node[T] }

// BatchMatMul returns the product of two activations a (N, I, K) and b (N, K, J), sample by sample: (N, I, J), as torch.bmm.
// It is what attention scores its keys with, and weighs its values (Vaswani et al. 2017).
func (t *Tape[T]) BatchMatMul(a, b *Tensor[T]) *Tensor[T] {
	checkSequence("BatchMatMul", "a", a)
	checkSequence("BatchMatMul", "b", b)
	if a.Shape[0] != b.Shape[0] || a.Shape[2] != b.Shape[1] {
		panic(fmt.Sprintf("autograd: BatchMatMul: a of shape %v and b of shape %v have no product", a.Shape, b.Shape))
	}
	o := take[T, batchMatMul[T]](t, a, b)
	l := sequenceLayout(a.Shape[0], a.Shape[1], b.Shape[2])
	o.result(t, l, l.n, l.c, l.h)
	return t.run(o)
}

// forward: y[n,i,j] = Σ_k a[n,i,k]·b[n,k,j].
func (o *batchMatMul[T]) forward(*Tape[T]) {
	clear(o.out.Data)
	o.each(func(a, b, y int) { addProduct(o.out.Data[y:], o.args[0].Data[a:], o.args[1].Data[b:]) })
}

// backward: ∂L/∂a[n,i,k] += Σ_j ∂L/∂y[n,i,j]·b[n,k,j]; ∂L/∂b[n,k,j] += Σ_i a[n,i,k]·∂L/∂y[n,i,j].
func (o *batchMatMul[T]) backward(*Tape[T]) {
	a, b, dy := o.args[0], o.args[1], o.out.Grad
	if a.requiresGrad {
		a.accumulateFromZero()
		o.each(func(i, k, j int) { addProduct(a.Grad[i:], dy[j:], b.Data[k:]) })
	}
	if b.requiresGrad {
		b.accumulateFromZero()
		o.each(func(i, k, j int) { addProduct(b.Grad[k:], a.Data[i:], dy[j:]) })
	}
}

func (o *batchMatMul[T]) kind() string { return "BatchMatMul" }

// each calls f with the storage indices of a[·,i,k], b[·,k,j] and y[·,i,j], for 16 samples at a time.
func (o *batchMatMul[T]) each(f func(a, b, y int)) {
	a, b, y := o.args[0].layout, o.args[1].layout, o.out.layout
	for block := range y.blocks() {
		for i := range y.c {
			for k := range b.c {
				for j := range y.h {
					f(a.pixel(block, i, k, 0), b.pixel(block, k, j, 0), y.pixel(block, i, j, 0))
				}
			}
		}
	}
}

// addProduct adds a·b to y for the 16 samples of a block.
func addProduct[T Float](y, a, b []T) {
	d, p, q := (*[lanes]T)(y), (*[lanes]T)(a), (*[lanes]T)(b)
	for l := range d {
		d[l] += p[l] * q[l]
	}
}

func checkSequence[T Float](op, name string, x *Tensor[T]) {
	if len(x.Shape) != 3 || !x.layout.lanes {
		panic(fmt.Sprintf("autograd: %s: %s has shape %v, want a batch of sequences (N, S, D)", op, name, x.Shape))
	}
}
