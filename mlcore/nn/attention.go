package nn

import (
	"math"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// attention is torch.nn.MultiheadAttention of a sequence to itself, without dropout and without a mask.
type attention[T Float] struct {
	heads, width int
	inWeight     *autograd.Tensor[T] // (3D, D): of queries, keys, values
	inBias       *autograd.Tensor[T] // (3D)
	out          *linear[T]
	root         *autograd.Tensor[T] // 1/√(D/heads)
}

func newAttention[T Float](g *torchrand.Generator, name string, width, heads int) *attention[T] {
	a := &attention[T]{
		heads: heads, width: width,
		inWeight: newParameter[T](g, name+".in_proj_weight", 3*width, width),
		inBias:   newParameter[T](g, name+".in_proj_bias", 3*width),
		out:      newLinear[T](g, "out_proj", name+".out_proj", width, width), // drawn first, as in PyTorch
		root:     autograd.NewTensor[T](1),
	}
	redraw(g, a.inWeight, InitXavierUniform)
	setAll(a.out.bias, 0)
	a.root.Data[0] = T(1 / math.Sqrt(float64(width/heads)))
	return a
}

// forward maps x (N, S, D) to (N, S, D): every token becomes a mean of all tokens' values, weighed by softmax(q kᵀ/√d) for each
// head (Vaswani et al. 2017, section 3.2). The weights, (N·heads, S, S), are the output of the scope "weights".
func (a *attention[T]) forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	defer t.Scope("self_attn")()
	all := t.Linear(x, a.inWeight, a.inBias)
	part := func(i int) *autograd.Tensor[T] { return t.SplitHeads(all, i*a.width, a.width, a.heads) }
	q, k, v := t.Scale(a.root, part(0)), part(1), part(2)
	mixed := t.BatchMatMul(a.weights(t, q, k), v)
	return a.out.forward(t, t.MergeHeads(mixed, a.heads), autograd.Identity)
}

func (a *attention[T]) weights(t *autograd.Tape[T], q, k *autograd.Tensor[T]) *autograd.Tensor[T] {
	defer t.Scope("weights")()
	return t.Softmax(t.BatchMatMul(q, t.Transpose(k)))
}

func (a *attention[T]) parameters(yield func(*autograd.Tensor[T]) bool) bool {
	return yield(a.inWeight) && yield(a.inBias) && a.out.parameters(yield)
}
