package kernel

import (
	"math"
	"unsafe"
)

// functions are one instruction set's assembly. Slices come as pointers to their first element, and n counts blocks of
// 16 floats: set wraps them in the signatures of Set, and leaves the rest of a slice to plain Go.
type functions struct {
	tiles tileSet

	activate     func(kind Activation, y, x *float32, n int64)
	activateGrad func(kind Activation, dx, dy, ref *float32, n int64, accumulate bool)

	add   func(y, a, b *float32, n int64, floor float32)
	mul   func(y, a, b *float32, n int64, accumulate bool)
	scale func(y, x *float32, n int64, s float32, accumulate bool)

	laneSum      func(acc, x *float32, p *Planes)
	laneSquares  func(acc, x, mean *float32, p *Planes)
	laneAffine   func(y, x, scale, shift *float32, p *Planes, floor float32)
	laneDots     func(sum, dot, dy, gate, x, mean *float32, p *Planes)
	laneNormGrad func(dx, dy, gate, x, a, b, c, mean *float32, p *Planes, accumulate bool)

	momentum func(w, dw, v *float32, n int64, rate, mu float32)
	adam     func(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)

	peak     func(rounds int64) // multiply-adds in registers only
	peakFLOP int                // of one round
}

// set is the table of kernels that f makes up. What has no assembly stays plain Go.
func (f *functions) set(name string) *Set[float32] {
	s := Go[float32]()
	s.Name = name
	s.peak, s.peakFLOP = f.peak, f.peakFLOP
	s.Correlate = func(c *Correlation[float32]) { correlateTiles(c, &f.tiles) }
	s.CorrelateGrad = func(c *Correlation[float32]) { correlateGradTiles(c, &f.tiles) }
	f.setActivations(s)
	f.setElementwise(s)
	f.setPlanes(s)
	f.setUpdates(s)
	return s
}

// floor is the least value of a result, which a ReLU may follow.
func floor(relu bool) float32 {
	if relu {
		return 0
	}
	return float32(math.Inf(-1))
}

func (f *functions) setElementwise(s *Set[float32]) {
	s.Add = func(y, a, b []float32, relu bool) {
		n := whole(a, y, b)
		if n > 0 {
			f.add(&y[0], &a[0], &b[0], int64(n/Lanes), floor(relu))
		}
		goAdd(y[n:], a[n:], b[n:], relu)
	}
	s.Mul = func(y, a, b []float32, accumulate bool) {
		n := whole(a, y, b)
		if n > 0 {
			f.mul(&y[0], &a[0], &b[0], int64(n/Lanes), accumulate)
		}
		goMul(y[n:], a[n:], b[n:], accumulate)
	}
	s.Scale = func(y, x []float32, k float32, accumulate bool) {
		n := whole(x, y, y)
		if n > 0 {
			f.scale(&y[0], &x[0], int64(n/Lanes), k, accumulate)
		}
		goScale(y[n:], x[n:], k, accumulate)
	}
}

// whole is the number of elements in a's whole blocks; it panics where y or b has fewer.
func whole(a, y, b []float32) int {
	n := len(a) / Lanes * Lanes
	if n > 0 {
		_, _ = y[n-1], b[n-1]
	}
	return n
}

// setActivations leaves no rest to plain Go, which rounds otherwise: a number does not depend on its place.
func (f *functions) setActivations(s *Set[float32]) {
	s.Activate = func(kind Activation, y, x []float32) {
		if kind == Identity {
			goActivate(kind, y, x)
			return
		}
		n := whole(x, y, y)
		if n > 0 {
			f.activate(kind, &y[0], &x[0], int64(n/Lanes))
		}
		if n < len(x) {
			var v [Lanes]float32
			copy(v[:], x[n:])
			f.activate(kind, &v[0], &v[0], 1)
			copy(y[n:len(x)], v[:])
		}
	}
	s.ActivateGrad = func(kind Activation, dx, dy, ref []float32, accumulate bool) {
		if kind == Identity {
			goActivateGrad(kind, dx, dy, ref, accumulate)
			return
		}
		n := whole(dy, dx, ref)
		if n > 0 {
			f.activateGrad(kind, &dx[0], &dy[0], &ref[0], int64(n/Lanes), accumulate)
		}
		if n < len(dy) {
			var v [3][Lanes]float32
			copy(v[0][:], dx[n:])
			copy(v[1][:], dy[n:])
			copy(v[2][:], ref[n:])
			f.activateGrad(kind, &v[0][0], &v[1][0], &v[2][0], 1, accumulate)
			copy(dx[n:len(dy)], v[0][:])
		}
	}
}

func (f *functions) setPlanes(s *Set[float32]) {
	s.LaneSum = func(acc, x []float32, p *Planes) {
		p.check(x)
		f.laneSum(lane(acc), &x[0], p)
	}
	s.LaneSquares = func(acc, x, mean []float32, p *Planes) {
		p.check(x)
		f.laneSquares(lane(acc), &x[0], lane(mean), p)
	}
	s.LaneAffine = func(y, x, scale, shift []float32, p *Planes, relu bool) {
		p.check(x)
		p.check(y)
		f.laneAffine(&y[0], &x[0], lane(scale), lane(shift), p, floor(relu))
	}
	s.LaneDots = func(sum, dot, dy, gate, x, mean []float32, p *Planes) {
		p.check(x)
		p.check(dy)
		f.laneDots(lane(sum), lane(dot), &dy[0], p.gate(gate), &x[0], lane(mean), p)
	}
	s.LaneNormGrad = func(dx, dy, gate, x, a, b, c, mean []float32, p *Planes, accumulate bool) {
		p.check(x)
		p.check(dy)
		p.check(dx)
		f.laneNormGrad(&dx[0], &dy[0], p.gate(gate), &x[0], lane(a), lane(b), lane(c), lane(mean), p, accumulate)
	}
}

// gate is a gate's first element, or nil where there is none.
func (p *Planes) gate(v []float32) *float32 {
	if v == nil {
		return nil
	}
	p.check(v)
	return &v[0]
}

// lane is the first of a vector's 16 values.
func lane(v []float32) *float32 { return (*float32)(unsafe.Pointer((*[Lanes]float32)(v))) }

// check panics where the assembly would leave the slice.
func (p *Planes) check(x []float32) {
	_ = x[(p.Blocks-1)*p.Block+(p.Rows-1)*p.Row+p.Cols*Lanes-1]
}

func (f *functions) setUpdates(s *Set[float32]) {
	s.Momentum = func(w, g, v []float32, lr, mu float32) {
		n := whole(g, w, v)
		if n > 0 {
			f.momentum(&w[0], &g[0], &v[0], int64(n/Lanes), lr, mu)
		}
		goMomentum(w[n:], g[n:], v[n:], lr, mu)
	}
	s.Adam = func(w, g, m, v []float32, k *AdamStep) {
		n := whole(g, w, m)
		if n > 0 {
			_ = v[n-1]
			f.adam(&w[0], &g[0], &m[0], &v[0], int64(n/Lanes), float32(k.Beta1), float32(1-k.Beta1),
				float32(k.Beta2), float32(1-k.Beta2), float32(k.StepSize), float32(1/k.Correction), float32(k.Epsilon))
		}
		goAdam(w[n:], g[n:], m[n:], v[n:], k)
	}
}
