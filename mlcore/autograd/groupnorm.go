package autograd

import (
	"fmt"

	"gradlab/mlcore/kernel"
)

type groupNorm[T Float] struct {
	node[T]
	name         string
	groups       int
	eps          float64
	mean, invStd []T // (block, group, lane)
	planes       kernel.Planes
	sum, dot     [lanes]T
	va, vb, vc   [lanes]T
}

// GroupNorm normalises each sample of x (N, C, H, W) or (N, C) over groups of C/groups channels, scales by w (C) and shifts
// by b (C): torch.nn.functional.group_norm (Wu and He 2018).
func (t *Tape[T]) GroupNorm(x, w, b *Tensor[T], groups int, eps float64, f ...Activation) *Tensor[T] {
	return t.groupNorm("GroupNorm", x, w, b, groups, eps, f...)
}

func (t *Tape[T]) groupNorm(name string, x, w, b *Tensor[T], groups int, eps float64, f ...Activation) *Tensor[T] {
	checkNorm(name, x, w, b)
	if groups < 1 || x.layout.c%groups != 0 {
		panic(fmt.Sprintf("autograd: %s: %d groups do not divide %d channels", name, groups, x.layout.c))
	}
	o := take[T, groupNorm[T]](t, x, w, b)
	o.name, o.groups, o.eps = name, groups, eps
	o.result(t, x.layout, x.Shape...)
	return t.run(o, f...)
}

// forward, with mean μ and variance σ² of each sample over the M values of a group of channels, w and b by channel:
//
//	y = w x̂ + b, x̂ = (x - μ) / √(σ² + ε)
func (o *groupNorm[T]) forward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	l := x.layout
	o.mean, o.invStd = grow(o.mean, l.blocks()*o.groups*lanes), grow(o.invStd, l.blocks()*o.groups*lanes)
	for block := range l.blocks() {
		for g := range o.groups {
			mean, invStd := o.statistics(t, block, g)
			o.planes = l.planes(1)
			clear(o.va[:])
			clear(o.vb[:])
			for c := g * l.c / o.groups; c < (g+1)*l.c/o.groups; c++ {
				for i := range l.liveIn(block) {
					o.va[i] = w.Data[c] * invStd[i]
					o.vb[i] = b.Data[c] - mean[i]*o.va[i]
				}
				at := l.pixel(block, c, 0, 0)
				t.kernels.LaneAffine(o.out.Data[at:], x.Data[at:], o.va[:], o.vb[:], &o.planes, o.fusesReLU())
			}
		}
	}
}

// backward, with dx̂ = w·∂L/∂y: ∂L/∂b += Σ ∂L/∂y; ∂L/∂w += Σ ∂L/∂y·x̂; and since μ and σ² depend on x,
//
//	∂L/∂x += (dx̂ - Σ dx̂/M - x̂·Σ(dx̂·x̂)/M) / √(σ²+ε)
func (o *groupNorm[T]) backward(t *Tape[T]) {
	x, w := o.args[0], o.args[1]
	l := x.layout
	for _, p := range o.inputs()[1:] {
		if p.requiresGrad {
			p.accumulate()
		}
	}
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
				o.channelDots(t, block, c, mean, invStd)
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
				t.kernels.LaneNormGrad(x.Grad[at:], o.out.Grad[at:], o.gate(at), x.Data[at:], o.va[:], o.vb[:], o.vc[:], mean, &o.planes, add)
			}
		}
	}
}

// channelDots adds one channel's share to ∂L/∂w, ∂L/∂b and to the group's sums of dx̂·(x-μ) and dx̂, in vb and vc.
func (o *groupNorm[T]) channelDots(t *Tape[T], block, c int, mean, invStd []T) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	at := x.layout.pixel(block, c, 0, 0)
	clear(o.sum[:])
	clear(o.dot[:])
	t.kernels.LaneDots(o.sum[:], o.dot[:], o.out.Grad[at:], o.gate(at), x.Data[at:], mean, &o.planes)
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

func (o *groupNorm[T]) kind() string                      { return o.name }
func (o *groupNorm[T]) takesActivation(f Activation) bool { return f == ReLU }
