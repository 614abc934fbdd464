package autograd

import (
	"fmt"
	"math"

	"gradlab/mlcore/kernel"
)

// groupNorm is batchNorm's formula with mean and variance of each sample, over the M values of a group of
// channels (Wu and He 2018):
//
//	x̂ = (x - μ) / √(σ² + ε);  y = f(w x̂ + b), w and b by channel
//
// With da = ∂L/∂y·f' and dx̂ = w·da: ∂L/∂x += (dx̂ - Σ dx̂/M - x̂·Σ(dx̂·x̂)/M) / √(σ²+ε).
type groupNorm[T Float] struct {
	node[T]
	name         string
	groups       int
	eps          float64
	f            Activation
	mean, invStd []T // (block, group, lane)
	planes       kernel.Planes
	sum, dot     [lanes]T
	va, vb, vc   [lanes]T
}

// GroupNorm normalises each sample of x (N, C, H, W) or (N, C) over groups of C/groups channels, scales by w (C),
// shifts by b (C), and applies f.
func (t *Tape[T]) GroupNorm(x, w, b *Tensor[T], groups int, eps float64, f Activation) *Tensor[T] {
	return t.groupNorm("GroupNorm", x, w, b, groups, eps, f)
}

// LayerNorm normalises each sample of x (N, D) over its features, scales by w (D), shifts by b (D), and applies f
// (Ba et al. 2016).
func (t *Tape[T]) LayerNorm(x, w, b *Tensor[T], eps float64, f Activation) *Tensor[T] {
	if len(x.Shape) != 2 {
		panic(fmt.Sprintf("autograd: LayerNorm: x has shape %v, want a batch (N, D)", x.Shape))
	}
	return t.groupNorm("LayerNorm", x, w, b, 1, eps, f)
}

func (t *Tape[T]) groupNorm(name string, x, w, b *Tensor[T], groups int, eps float64, f Activation) *Tensor[T] {
	checkNorm(name, x, w, b)
	if groups < 1 || x.layout.c%groups != 0 {
		panic(fmt.Sprintf("autograd: %s: %d groups do not divide %d channels", name, groups, x.layout.c))
	}
	if !f.FromOutput() {
		return t.Activation(f, t.groupNorm(name, x, w, b, groups, eps, Identity))
	}
	o := take[T, groupNorm[T]](t, x, w, b)
	o.name, o.groups, o.eps, o.f = name, groups, eps, f
	l := x.layout
	o.out.shapeAs(l, anyRequires(x, w, b), x.Shape...)
	o.mean, o.invStd = grow(o.mean, l.blocks()*groups*lanes), grow(o.invStd, l.blocks()*groups*lanes)
	for block := range l.blocks() {
		for g := range groups {
			mean, invStd := o.statistics(t, block, g)
			o.planes = l.planes(1)
			clear(o.va[:])
			clear(o.vb[:])
			for c := g * l.c / groups; c < (g+1)*l.c/groups; c++ {
				for i := range l.liveIn(block) {
					o.va[i] = w.Data[c] * invStd[i]
					o.vb[i] = b.Data[c] - mean[i]*o.va[i]
				}
				at := l.pixel(block, c, 0, 0)
				t.kernels.LaneAffine(o.out.Data[at:], x.Data[at:], o.va[:], o.vb[:], &o.planes, f == ReLU)
			}
		}
	}
	if f != Identity && f != ReLU {
		t.activate(f, &o.out, o.out.Data)
	}
	return &o.out
}

func (o *groupNorm[T]) kind() string { return withActivation(o.name, o.f) }

// groupPlanes are the planes of one group's channels within a block.
func (o *groupNorm[T]) groupPlanes(l layout) kernel.Planes {
	return kernel.Planes{Blocks: l.c / o.groups, Rows: l.h, Cols: l.w, Block: l.plane(), Row: l.row()}
}

// stored returns the statistics of a block and group, one number a lane.
func (o *groupNorm[T]) stored(block, group int) (mean, invStd []T) {
	at := (block*o.groups + group) * lanes
	return o.mean[at : at+lanes], o.invStd[at : at+lanes]
}

func (o *groupNorm[T]) statistics(t *Tape[T], block, group int) (mean, invStd []T) {
	x := o.args[0]
	l := x.layout
	mean, invStd = o.stored(block, group)
	o.planes = o.groupPlanes(l)
	count := T(o.planes.Blocks * l.h * l.w)
	at := l.pixel(block, group*o.planes.Blocks, 0, 0)
	clear(mean)
	t.kernels.LaneSum(mean, x.Data[at:], &o.planes)
	for i := range mean {
		mean[i] /= count
	}
	clear(invStd)
	t.kernels.LaneSquares(invStd, x.Data[at:], mean, &o.planes)
	for i, squares := range invStd {
		invStd[i] = T(1 / math.Sqrt(float64(squares/count)+o.eps))
	}
	// Of an idle lane the variance is zero, and without ε its inverse infinite.
	clear(invStd[l.liveIn(block):])
	if count == 1 && o.eps > 0 { // x̂ is 0, whatever x is: no rounding is to be taken for a gradient
		clear(invStd)
	}
	return mean, invStd
}

func (o *groupNorm[T]) backward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	l := x.layout
	da, gate := o.out.Grad, []T(nil)
	switch o.f {
	case Identity:
	case ReLU: // the kernels apply its derivative as they read
		gate = o.out.Data
	default:
		da = t.buffer(len(da))
		t.kernels.ActivateGrad(o.f, da, o.out.Grad, o.out.Data, false)
	}
	w.accumulate()
	b.accumulate()
	add := x.requiresGrad && x.accumulate()
	size := l.c / o.groups
	count := T(size * l.h * l.w)
	for block := range l.blocks() {
		for g := range o.groups {
			mean, invStd := o.stored(block, g)
			clear(o.vb[:])
			clear(o.vc[:])
			o.planes = l.planes(1)
			for c := g * size; c < (g+1)*size; c++ {
				o.channelDots(t, da, gate, block, c, mean, invStd)
			}
			if !x.requiresGrad {
				continue
			}
			for i, s := range invStd {
				o.vb[i] *= -s * s * s / count
				o.vc[i] *= -s / count
			}
			for c := g * size; c < (g+1)*size; c++ {
				for i, s := range invStd {
					o.va[i] = w.Data[c] * s
				}
				at := l.pixel(block, c, 0, 0)
				t.kernels.LaneNormGrad(x.Grad[at:], da[at:], from(gate, at), x.Data[at:], o.va[:], o.vb[:], o.vc[:], mean, &o.planes, add)
			}
		}
	}
}

// channelDots adds one channel's share to ∂L/∂w, ∂L/∂b and to the group's sums of dx̂·(x-μ) and dx̂, in vb and vc.
func (o *groupNorm[T]) channelDots(t *Tape[T], da, gate []T, block, c int, mean, invStd []T) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	at := x.layout.pixel(block, c, 0, 0)
	clear(o.sum[:])
	clear(o.dot[:])
	t.kernels.LaneDots(o.sum[:], o.dot[:], da[at:], from(gate, at), x.Data[at:], mean, &o.planes)
	for i := range lanes {
		if b.requiresGrad {
			b.Grad[c] += o.sum[i]
		}
		if w.requiresGrad {
			w.Grad[c] += o.dot[i] * invStd[i]
		}
		o.vc[i] += w.Data[c] * o.sum[i]
		o.vb[i] += w.Data[c] * o.dot[i]
	}
}
