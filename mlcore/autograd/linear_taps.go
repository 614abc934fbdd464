package autograd

import (
	"iter"

	"gradlab/mlcore/kernel"
)

// prepare builds the tables unless they are there.
func (o *linear[T]) prepare(x layout, outputs int) {
	if o.from == x && o.product.Outputs == outputs {
		return
	}
	o.from, o.tokens = x, 1
	if len(o.out.Shape) == 3 { // tokens lie together, whatever the block: each is a column of its own
		o.tokens = x.c
		x.c = 1
	}
	features := x.c * x.h * x.w
	o.taps = make([]kernel.Tap, 0, features)
	for c := range x.c {
		for h := range x.h {
			for w := range x.w {
				o.taps = append(o.taps, kernel.Tap{X: int32(x.pixel(0, c, h, w)), W: int32(len(o.taps))})
			}
		}
	}
	y := featureLayout(o.out.layout.n, outputs)
	o.product = kernel.Correlation[T]{
		Outputs: outputs, Blocks: 1, Rows: 1, WOut: features,
		XCol: x.block(), YOut: lanes, YCol: y.block(),
	}
	o.bias.prepare(y)
	neighbours := features
	if x.border > 0 {
		neighbours = x.w
	}
	back := make([]kernel.Tap, outputs)
	for i := range back {
		back[i] = kernel.Tap{X: int32(i * lanes), W: int32(i * features)}
	}
	o.gradient = kernel.Correlation[T]{
		Taps: back, Outputs: neighbours, Blocks: 1, Rows: 1, WOut: 1, XCol: y.block(), YOut: lanes, YCol: x.block(),
	}
}

// chunks yields the taps in runs, each with its place, whose part of x stays in the cache while all outputs read it.
func (o *linear[T]) chunks() iter.Seq2[int, []kernel.Tap] {
	size := max(1, cacheBytes/(4*lanes*o.tokens*o.from.blocks()))
	return func(yield func(int, []kernel.Tap) bool) {
		for first := 0; first < len(o.taps); first += size {
			if !yield(first, o.taps[first:min(first+size, len(o.taps))]) {
				return
			}
		}
	}
}

// columns runs c from x to y, with a column for each block of samples, or for each of its tokens.
func (o *linear[T]) columns(correlate func(*kernel.Correlation[T]), c *kernel.Correlation[T], x, y []T) {
	samples := o.out.layout
	for r := samples.run(0, samples.blocks()); r.count > 0; r = samples.run(r.first+r.count, samples.blocks()) {
		c.X, c.Y = x[r.first*o.tokens*c.XCol:], y[r.first*o.tokens*c.YCol:]
		c.Cols, c.Live = r.count*o.tokens, r.live
		correlate(c)
	}
}
