package kernel

import (
	"math"
	"unsafe"
)

// functions are one instruction set's assembly. Slices come as pointers to their first element, and n counts blocks of
// 16 floats: set wraps them in the signatures of Set, and leaves the rest of a slice to plain Go.
type functions struct {
	tiles tileSet

	add, addReLU, mul, mulAdd func(y, a, b *float32, n int64)
	scale, scaleAdd           func(y, x *float32, n int64, s float32)

	values                      [Activations]func(y, x *float32, n int64)
	derivatives, derivativesAdd [Activations]func(dx, dy, ref *float32, n int64)

	laneSum                       func(acc, x *float32, p *Planes)
	laneSquares                   func(acc, x, mean *float32, p *Planes)
	laneAffine                    func(y, x, scale, shift *float32, p *Planes, floor float32)
	laneDots                      func(sum, dot, dy, x, mean *float32, p *Planes)
	laneNormGrad, laneNormGradAdd func(dx, dy, x, a, b, c, mean *float32, p *Planes)

	laneDotsGated                           func(sum, dot, dy, gate, x, mean *float32, p *Planes)
	laneNormGradGated, laneNormGradGatedAdd func(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)

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
	s.Activate = f.activate
	s.ActivateGrad = f.activateGrad
	s.Add = func(y, a, b []float32, relu bool) {
		run := f.add
		if relu {
			run = f.addReLU
		}
		n := ternary(run, y, a, b)
		goAdd(y[n:], a[n:], b[n:], relu)
	}
	s.Mul = func(y, a, b []float32, accumulate bool) {
		run := f.mul
		if accumulate {
			run = f.mulAdd
		}
		n := ternary(run, y, a, b)
		goMul(y[n:], a[n:], b[n:], accumulate)
	}
	s.Scale = func(y, x []float32, k float32, accumulate bool) {
		run := f.scale
		if accumulate {
			run = f.scaleAdd
		}
		n := len(x) / Lanes
		if n > 0 {
			_ = y[n*Lanes-1]
			run(&y[0], &x[0], int64(n), k)
		}
		goScale(y[n*Lanes:], x[n*Lanes:], k, accumulate)
	}
	f.setPlanes(s)
	f.setUpdates(s)
	return s
}

// ternary runs a function over the whole blocks of a, and returns how many elements that were.
func ternary(run func(y, a, b *float32, n int64), y, a, b []float32) int {
	n := len(a) / Lanes
	if n > 0 {
		_, _ = y[n*Lanes-1], b[n*Lanes-1]
		run(&y[0], &a[0], &b[0], int64(n))
	}
	return n * Lanes
}

// activate leaves no rest to plain Go, which rounds otherwise: a number does not depend on its place.
func (f *functions) activate(kind Activation, y, x []float32) {
	run := f.values[kind]
	if run == nil {
		goActivate(kind, y, x)
		return
	}
	n := len(x) / Lanes * Lanes
	if n > 0 {
		_ = y[n-1]
		run(&y[0], &x[0], int64(n/Lanes))
	}
	if n < len(x) {
		var v [Lanes]float32
		copy(v[:], x[n:])
		run(&v[0], &v[0], 1)
		copy(y[n:len(x)], v[:])
	}
}

func (f *functions) activateGrad(kind Activation, dx, dy, ref []float32, accumulate bool) {
	run := f.derivatives[kind]
	if accumulate {
		run = f.derivativesAdd[kind]
	}
	if run == nil {
		goActivateGrad(kind, dx, dy, ref, accumulate)
		return
	}
	n := ternary(run, dx, dy, ref)
	if n < len(dy) {
		var v [3][Lanes]float32
		copy(v[0][:], dx[n:])
		copy(v[1][:], dy[n:])
		copy(v[2][:], ref[n:])
		run(&v[0][0], &v[1][0], &v[2][0], 1)
		copy(dx[n:len(dy)], v[0][:])
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
		floor := float32(math.Inf(-1))
		if relu {
			floor = 0
		}
		f.laneAffine(&y[0], &x[0], lane(scale), lane(shift), p, floor)
	}
	s.LaneDots = func(sum, dot, dy, gate, x, mean []float32, p *Planes) {
		p.check(x)
		p.check(dy)
		if gate != nil {
			p.check(gate)
			f.laneDotsGated(lane(sum), lane(dot), &dy[0], &gate[0], &x[0], lane(mean), p)
			return
		}
		f.laneDots(lane(sum), lane(dot), &dy[0], &x[0], lane(mean), p)
	}
	s.LaneNormGrad = func(dx, dy, gate, x, a, b, c, mean []float32, p *Planes, accumulate bool) {
		p.check(x)
		p.check(dy)
		p.check(dx)
		if gate != nil {
			p.check(gate)
			run := f.laneNormGradGated
			if accumulate {
				run = f.laneNormGradGatedAdd
			}
			run(&dx[0], &dy[0], &gate[0], &x[0], lane(a), lane(b), lane(c), lane(mean), p)
			return
		}
		run := f.laneNormGrad
		if accumulate {
			run = f.laneNormGradAdd
		}
		run(&dx[0], &dy[0], &x[0], lane(a), lane(b), lane(c), lane(mean), p)
	}
}

// lane is the first of a vector's 16 values.
func lane(v []float32) *float32 { return (*float32)(unsafe.Pointer((*[Lanes]float32)(v))) }

// check panics where the assembly would leave the slice.
func (p *Planes) check(x []float32) {
	_ = x[(p.Blocks-1)*p.Block+(p.Rows-1)*p.Row+p.Cols*Lanes-1]
}

func (f *functions) setUpdates(s *Set[float32]) {
	s.Momentum = func(w, g, v []float32, lr, mu float32) {
		n := len(w) / Lanes * Lanes
		if n > 0 {
			_, _ = g[n-1], v[n-1]
			f.momentum(&w[0], &g[0], &v[0], int64(n/Lanes), lr, mu)
		}
		goMomentum(w[n:], g[n:], v[n:], lr, mu)
	}
	s.Adam = func(w, g, m, v []float32, k *AdamStep) {
		n := len(w) / Lanes * Lanes
		if n > 0 {
			_, _, _ = g[n-1], m[n-1], v[n-1]
			f.adam(&w[0], &g[0], &m[0], &v[0], int64(n/Lanes), float32(k.Beta1), float32(1-k.Beta1),
				float32(k.Beta2), float32(1-k.Beta2), float32(k.StepSize), float32(1/k.Correction), float32(k.Epsilon))
		}
		goAdam(w[n:], g[n:], m[n:], v[n:], k)
	}
}
