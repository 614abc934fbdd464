package nn

import (
	"fmt"
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// DeepConfig describes a DeepNet of depth 6 N + 2.
type DeepConfig struct {
	N          int  // blocks a stage
	Channels   int  // of the first stage
	Skip       Skip // one of DeepSkips
	Norm       Norm // one of DeepNorms
	Order      Order
	Activation autograd.Activation
}

// DeepNet is He et al. 2015's network for small images (section 4.2) on 28x28 pixels: a 3x3 stem with stride 2, three
// stages of N blocks with C, 2C and 4C channels on 14, 7 and 4 pixels, the mean over all pixels, a linear classifier.
type DeepNet[T Float] struct {
	stem     *conv2d[T]
	stemNorm *norm[T]
	blocks   []*block[T]
	path     []*block[T] // blocks in the order of the forward pass; see SetPath
	head     *linear[T]
	f        autograd.Activation
}

// NewDeepNet draws the parameters from g in PyTorch's order. It panics for a skip or a norm that the net does not take.
func NewDeepNet[T Float](g *torchrand.Generator, c DeepConfig) *DeepNet[T] {
	mustTake(c.Skip, DeepSkips())
	mustTake(c.Norm, DeepNorms())
	mustTake(c.Order, DeepOrders())
	d := &DeepNet[T]{f: c.Activation}
	d.stem = newConv2d[T](g, "stem", "stem", 1, c.Channels, 3, autograd.ConvParams{Stride: 2, Padding: 1}, c.Norm == NormNone)
	d.stemNorm = newNorm[T](c.Norm, "stem_norm", "stem_norm", c.Channels)
	cin := c.Channels
	for stage := range 3 {
		cout := c.Channels << stage
		for i := range c.N {
			stride := 1
			if stage > 0 && i == 0 {
				stride = 2
			}
			d.blocks = append(d.blocks, newBlock[T](g, fmt.Sprintf("blocks.%d", len(d.blocks)), c, cin, cout, stride))
			cin = cout
		}
	}
	d.path = d.blocks
	d.head = newLinear[T](g, "head", "head", 4*c.Channels, 10)
	return d
}

// Forward maps images (N, 1, 28, 28) to logits (N, 10).
func (d *DeepNet[T]) Forward(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	x = convNorm(t, d.stem, d.stemNorm, x, d.f)
	for _, b := range d.path {
		x = b.forward(t, x)
	}
	return d.head.forward(t, t.GlobalAvgPool2d(x), autograd.Identity)
}

// Parameters yields stem, stem_norm, blocks.0 …, head.
func (d *DeepNet[T]) Parameters() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		if !d.stem.parameters(yield) || !d.stemNorm.parameters(yield) {
			return
		}
		for _, b := range d.blocks {
			if !b.parameters(yield) {
				return
			}
		}
		d.head.parameters(yield)
	}
}

// Buffers yields stem_norm, blocks.0 ….
func (d *DeepNet[T]) Buffers() iter.Seq[*autograd.Tensor[T]] {
	return func(yield func(*autograd.Tensor[T]) bool) {
		if !d.stemNorm.buffers(yield) {
			return
		}
		for _, b := range d.blocks {
			if !b.norm1.buffers(yield) || !b.norm2.buffers(yield) {
				return
			}
		}
	}
}

// Blocks is the number of blocks.
func (d *DeepNet[T]) Blocks() int { return len(d.blocks) }

// SetPath makes Forward go through these blocks, in this order, instead of through all: what a residual net loses where two
// change places at test time (Veit et al. 2016), or one is skipped. It panics where a block does not take what the one
// before it puts out, as where a stage's first is left out.
func (d *DeepNet[T]) SetPath(blocks ...int) {
	channels := d.stem.weight.Shape[0]
	path := make([]*block[T], 0, len(blocks))
	for _, i := range blocks {
		b := d.blocks[i]
		if b.cin != channels {
			panic(fmt.Sprintf("nn: SetPath: block %d takes %d channels, is given %d", i, b.cin, channels))
		}
		channels = b.cout
		path = append(path, b)
	}
	if want := d.head.weight.Shape[1]; channels != want {
		panic(fmt.Sprintf("nn: SetPath: the blocks put out %d channels, the head takes %d", channels, want))
	}
	d.path = path
}

// SetRoutes says of every block what of it computes, or what of it gradients pass; of no block, that all are whole. A block that is
// out leaves its shortcut, as Veit et al. 2016 take blocks out: the identity, or across a change of shape option A's padding or
// what a projection has learnt. A plain net's block has no shortcut and leaves option A's, which has no parameters, so that the
// shapes still fit. RouteF and RouteShortcut make a gradient take one of a residual net's paths; those of all paths add up to
// the gradient of the net.
func (d *DeepNet[T]) SetRoutes(routes ...Route) {
	if len(routes) > 0 && len(routes) != len(d.blocks) {
		panic(fmt.Sprintf("nn: SetRoutes: %d routes for %d blocks", len(routes), len(d.blocks)))
	}
	for i, b := range d.blocks {
		if b.route = RouteWhole; len(routes) > 0 {
			b.route = routes[i]
		}
	}
}

// SetTraining chooses between batch and running statistics.
func (d *DeepNet[T]) SetTraining(on bool) {
	d.stemNorm.setTraining(on)
	for _, b := range d.blocks {
		b.norm1.setTraining(on)
		b.norm2.setTraining(on)
	}
}

// SetMomentum says how far a batch in training moves the running statistics: by a tenth at first, as in PyTorch. With 1 they are
// those of the last batch.
func (d *DeepNet[T]) SetMomentum(momentum float64) {
	d.stemNorm.setMomentum(momentum)
	for _, b := range d.blocks {
		b.norm1.setMomentum(momentum)
		b.norm2.setMomentum(momentum)
	}
}
