package autograd

import "gradlab/mlcore/kernel"

// sourceOrigin is where the kernel's first tap of the first pixel lies in the framed input.
func (p *convPlan) sourceOrigin() int {
	return p.source.lead() - p.padding*(p.source.row()+lanes)
}

// prepare builds the tap tables for a geometry.
func (o *conv2d[T]) prepare(p convPlan) {
	p.source = p.x
	if p.padding > p.x.border {
		p.source.border = p.padding
	}
	p.chunk = max(1, min(p.y.blocks(), cacheBytes/(4*p.y.block())))
	taps := make([]kernel.Tap, 0, p.x.c*p.kh*p.kw)
	for c := range p.x.c {
		for i := range p.kh {
			for j := range p.kw {
				taps = append(taps, kernel.Tap{
					X: int32(c*p.source.plane() + i*p.source.row() + j*lanes),
					W: int32(len(taps)),
				})
			}
		}
	}
	o.correlation = kernel.Correlation[T]{
		Taps: taps, Outputs: p.y.c, Rows: p.y.h, Cols: p.y.w, WOut: len(taps),
		XBlock: p.source.block(), XRow: p.stride * p.source.row(), XCol: p.stride * lanes,
		YOut: p.y.plane(), YBlock: p.y.block(), YRow: p.y.row(), YCol: lanes,
	}
	o.phases = preparePhases[T](&p)
	o.biasGradient.prepare(p.y)
	o.plan = p
}

// preparePhases builds the correlations that give ∂L/∂x. Pixel (s·i+h, s·j+w) of x meets tap (p, q) of output pixel
// (i + (h+pad-p)/s, j + (w+pad-q)/s) where both divisions are exact: each phase (h, w) is a correlation of its own,
// so that no zero is multiplied.
func preparePhases[T Float](p *convPlan) []kernel.Correlation[T] {
	s := p.stride
	p.gradient = p.y
	p.gradient.n = p.chunk * lanes
	p.gradient.border = max(p.y.border, reach(p.x.h, p.y.h, p.kh, s, p.padding), reach(p.x.w, p.y.w, p.kw, s, p.padding))
	g := p.gradient
	phases := make([]kernel.Correlation[T], s*s)
	p.phaseOrigin = make([]int, s*s)
	for phase := range phases {
		h, w := phase/s, phase%s
		var taps []kernel.Tap
		lowest := 0
		for c := range p.y.c {
			for i := range p.kh {
				for j := range p.kw {
					dh, dw := h+p.padding-i, w+p.padding-j
					if dh%s != 0 || dw%s != 0 {
						continue
					}
					at := c*g.plane() + dh/s*g.row() + dw/s*lanes
					lowest = min(lowest, at)
					taps = append(taps, kernel.Tap{X: int32(at), W: int32(c*p.x.c*p.kh*p.kw + i*p.kw + j)})
				}
			}
		}
		for i := range taps {
			taps[i].X -= int32(lowest)
		}
		p.phaseOrigin[phase] = lowest
		phases[phase] = kernel.Correlation[T]{
			Taps: taps, Outputs: p.x.c, WOut: p.kh * p.kw,
			Rows: (p.x.h - h + s - 1) / s, Cols: (p.x.w - w + s - 1) / s,
			XBlock: g.block(), XRow: g.row(), XCol: lanes,
			YOut: p.x.plane(), YBlock: p.x.block(), YRow: s * p.x.row(), YCol: s * lanes,
		}
	}
	return phases
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
