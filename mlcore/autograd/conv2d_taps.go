package autograd

import "gradlab/mlcore/kernel"

// convGeometry is all that a convolution's tables depend on.
type convGeometry struct {
	x, y   layout
	kh, kw int // of the weight
	ConvParams
}

// convTaps are the tables of a convolution: for each term of its sums, where the input and the weight lie. They are built
// once for a geometry.
type convTaps[T Float] struct {
	convGeometry
	built       convGeometry
	source      layout                // x as read: its own, or with a frame as wide as the padding
	gradient    layout                // ∂L/∂y as the gradient to x reads it, for one chunk
	chunk       int                   // blocks handled together in backward
	forward     kernel.Correlation[T] // x with w
	byPhase     []kernel.Correlation[T]
	phaseOrigin []int // where the first tap of each phase lies in the gradient, from its first pixel
	bias        biasGradient[T]
	padded      []T // x in the wider frame
	widened     []T // ∂L/∂y in a wider frame
}

// cacheBytes is the share of the second-level cache that a chunk of backward may fill with one activation.
const cacheBytes = 256 << 10

// prepare builds the tables unless they are there.
func (k *convTaps[T]) prepare() *convTaps[T] {
	if k.built == k.convGeometry {
		return k
	}
	k.built = k.convGeometry
	k.source = k.x
	k.source.border = max(k.x.border, k.Padding)
	k.chunk = max(1, min(k.y.blocks(), cacheBytes/(4*k.y.block())))
	taps := make([]kernel.Tap, 0, k.x.c*k.kh*k.kw)
	for c := range k.x.c {
		for i := range k.kh {
			for j := range k.kw {
				taps = append(taps, kernel.Tap{
					X: int32(c*k.source.plane() + i*k.source.row() + j*lanes),
					W: int32(len(taps)),
				})
			}
		}
	}
	k.forward = kernel.Correlation[T]{
		Taps: taps, Outputs: k.y.c, Rows: k.y.h, Cols: k.y.w, WOut: len(taps),
		XBlock: k.source.block(), XRow: k.Stride * k.source.row(), XCol: k.Stride * lanes,
		YOut: k.y.plane(), YBlock: k.y.block(), YRow: k.y.row(), YCol: lanes,
	}
	k.buildPhases()
	k.bias.prepare(k.y)
	return k
}

// framed is x with the frame that the taps expect.
func (k *convTaps[T]) framed(x *Tensor[T]) []T {
	if k.source == x.layout {
		return x.Data
	}
	k.padded = grow(k.padded, k.source.size())
	reframe(k.source, k.padded, x.layout, x.Data)
	return k.padded
}

// firstTap is where the first tap of a run's first pixel lies in the framed input.
func (k *convTaps[T]) firstTap(r run) int {
	return k.source.pixel(r.first, 0, -k.Padding, -k.Padding)
}

// buildPhases builds the correlations that give ∂L/∂x. Pixel (s·i+h, s·j+w) of x meets tap (p, q) of output pixel
// (i + (h+pad-p)/s, j + (w+pad-q)/s) where both divisions are exact: each phase (h, w) is a correlation of its own,
// so that no zero is multiplied.
func (k *convTaps[T]) buildPhases() {
	s := k.Stride
	g := k.y
	g.n = k.chunk * lanes
	g.border = max(g.border, reach(k.x.h, k.y.h, k.kh, s, k.Padding), reach(k.x.w, k.y.w, k.kw, s, k.Padding))
	k.gradient = g
	k.byPhase, k.phaseOrigin = make([]kernel.Correlation[T], s*s), make([]int, s*s)
	for phase := range k.byPhase {
		h, w := phase/s, phase%s
		var taps []kernel.Tap
		lowest := 0
		for c := range k.y.c {
			for i := range k.kh {
				for j := range k.kw {
					dh, dw := h+k.Padding-i, w+k.Padding-j
					if dh%s != 0 || dw%s != 0 {
						continue
					}
					at := c*g.plane() + dh/s*g.row() + dw/s*lanes
					lowest = min(lowest, at)
					taps = append(taps, kernel.Tap{X: int32(at), W: int32(c*k.x.c*k.kh*k.kw + i*k.kw + j)})
				}
			}
		}
		for i := range taps {
			taps[i].X -= int32(lowest)
		}
		k.phaseOrigin[phase] = lowest
		k.byPhase[phase] = kernel.Correlation[T]{
			Taps: taps, Outputs: k.x.c, WOut: k.kh * k.kw,
			Rows: (k.x.h - h + s - 1) / s, Cols: (k.x.w - w + s - 1) / s,
			XBlock: g.block(), XRow: g.row(), XCol: lanes,
			YOut: k.x.plane(), YBlock: k.x.block(), YRow: s * k.x.row(), YCol: s * lanes,
		}
	}
}

// widen returns some blocks of ∂L/∂y in the frame that the gradient to x reads.
func (k *convTaps[T]) widen(dy []T, blocks int) []T {
	if k.gradient.border == k.y.border {
		return dy
	}
	k.widened = grow(k.widened, k.gradient.size())
	narrow := k.y
	narrow.n = blocks * lanes
	reframe(k.gradient, k.widened, narrow, dy)
	return k.widened
}

// phase readies the correlation of a phase that turns a run of dy, where it begins, into dx; false where x has no pixel of
// the phase.
func (k *convTaps[T]) phase(i int, dx, dy []T, r run) (*kernel.Correlation[T], bool) {
	h, w := i/k.Stride, i%k.Stride
	if h >= k.x.h || w >= k.x.w {
		return nil, false
	}
	c := &k.byPhase[i]
	c.X, c.Y = dy[k.gradient.lead()+k.phaseOrigin[i]:], dx[k.x.pixel(r.first, 0, h, w):]
	c.Blocks, c.Live = r.count, r.live
	return c, true
}

// reach is how far beyond the output's edge the gradient to an input of the given size looks.
func reach(in, out, k, stride, padding int) int {
	before := (k - 1 - padding + stride - 1) / stride
	after := (in-1+padding)/stride - (out - 1)
	return max(0, before, after)
}

// reframe copies the pixels of an activation into another frame width; dst may hold anything before.
func reframe[T Float](to layout, dst []T, from layout, src []T) {
	clear(dst)
	for b := range from.blocks() {
		for c := range from.c {
			for h := range from.h {
				d, s := to.pixel(b, c, h, 0), from.pixel(b, c, h, 0)
				copy(dst[d:d+to.w*lanes], src[s:s+from.w*lanes])
			}
		}
	}
}
