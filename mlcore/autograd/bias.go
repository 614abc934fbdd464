package autograd

import "gradlab/mlcore/kernel"

// biasGradient is ∂L/∂b[o] += Σ ∂L/∂y[n,o,i,j] over samples and pixels: the gradient to the weight of an input that is
// always 1.
type biasGradient[T Float] struct {
	correlation kernel.Correlation[T]
	one         [lanes]T
}

func (b *biasGradient[T]) prepare(y layout) {
	fill(&b.one, 1)
	b.correlation = kernel.Correlation[T]{
		X: b.one[:], Taps: []kernel.Tap{{}}, Outputs: y.c, WOut: 1,
		Rows: y.h, Cols: y.w, YOut: y.plane(), YBlock: y.block(), YRow: y.row(), YCol: lanes,
	}
}

// add adds to grad what some blocks contribute, of which dy holds the first pixel first. Their idle lanes are zero, and
// count for nothing.
func (b *biasGradient[T]) add(kernels *kernel.Set[T], grad, dy []T, blocks int) {
	c := &b.correlation
	c.W, c.Y, c.Blocks = grad, dy, blocks
	kernels.CorrelateGrad(c)
}
