package autograd

import (
	"fmt"
	"math"

	"gradlab/mlcore/kernel"
)

// BatchNormParams are the attributes of BatchNorm.
type BatchNormParams[T Float] struct {
	Training bool
	Momentum float64 // of the running statistics; torch's default is 0.1
	Eps      float64 // added to the variance; torch's default is 1e-5
	// RunningMean and RunningVar have C elements. Training moves them towards the batch's mean and unbiased
	// variance; evaluation normalises with them.
	RunningMean, RunningVar *Tensor[T]
}

type batchNorm[T Float] struct {
	node[T]
	p              BatchNormParams[T]
	mean, invStd   []T       // C each
	mine           []float64 // what this tape's samples add to the statistics of the batch, two numbers a channel
	count          float64   // M, of the whole batch
	planes         kernel.Planes
	sum, dot       [lanes]T
	va, vb, vc, vm [lanes]T
}

// BatchNorm normalises each channel of x, (N, C, H, W) or (N, C), over the batch, scales by w (C) and shifts by b (C):
// torch.nn.functional.batch_norm (Ioffe and Szegedy 2015).
func (t *Tape[T]) BatchNorm(x, w, b *Tensor[T], p BatchNormParams[T], f ...Activation) *Tensor[T] {
	checkNorm("BatchNorm", x, w, b)
	if p.RunningMean.Len() != x.layout.c || p.RunningVar.Len() != x.layout.c {
		panic(fmt.Sprintf("autograd: BatchNorm: running statistics have %d and %d elements, x has %d channels",
			p.RunningMean.Len(), p.RunningVar.Len(), x.layout.c))
	}
	if p.Training && t.group == nil && x.layout.n*x.layout.h*x.layout.w < 2 {
		panic(fmt.Sprintf("autograd: BatchNorm: one value a channel in training, x has shape %v", x.Shape))
	}
	o := take[T, batchNorm[T]](t, x, w, b)
	o.p = p
	o.result(t, x.layout, x.Shape...)
	return t.run(o, f...)
}

// forward, for each channel, with mean μ and variance σ² over the M values of the batch's pixels:
//
//	y = w x̂ + b, x̂ = (x - μ) / √(σ² + ε)
func (o *batchNorm[T]) forward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	l := x.layout
	o.mean, o.invStd = grow(o.mean, l.c), grow(o.invStd, l.c)
	if o.p.Training {
		o.statistics(t)
	} else {
		o.count = 1 // nothing depends on it
		for c := range l.c {
			o.mean[c] = o.p.RunningMean.Data[c]
			o.invStd[c] = T(1 / math.Sqrt(float64(o.p.RunningVar.Data[c])+o.p.Eps))
		}
	}
	for c := range l.c {
		scale := w.Data[c] * o.invStd[c]
		fill(&o.va, scale)
		fill(&o.vb, b.Data[c]-o.mean[c]*scale)
		for r := l.run(0, l.blocks()); r.count > 0; r = l.run(r.first+r.count, l.blocks()) {
			// The live lanes' statistics would scale idle ones up, layer after layer: those get zero.
			clear(o.va[r.live:])
			clear(o.vb[r.live:])
			o.planes = l.planes(r.count)
			at := l.pixel(r.first, c, 0, 0)
			t.kernels.LaneAffine(o.out.Data[at:], x.Data[at:], o.va[:], o.vb[:], &o.planes, o.fusesReLU())
		}
	}
}

// backward: ∂L/∂b += Σ ∂L/∂y; ∂L/∂w += Σ ∂L/∂y·x̂; and in training, since μ and σ² depend on x,
//
//	∂L/∂x += w/√(σ²+ε)·(∂L/∂y - Σ ∂L/∂y/M - x̂·Σ(∂L/∂y·x̂)/M)
//
// In evaluation it is the first term only.
func (o *batchNorm[T]) backward(t *Tape[T]) {
	x, w, b := o.args[0], o.args[1], o.args[2]
	l, dy := x.layout, o.out.Grad
	for _, p := range o.inputs()[1:] {
		if p.requiresGrad {
			p.accumulate()
		}
	}
	o.mine = o.mine[:0]
	o.planes = l.planes(l.blocks())
	for c := range l.c {
		at := l.pixel(0, c, 0, 0)
		clear(o.sum[:])
		clear(o.dot[:])
		fill(&o.vm, o.mean[c])
		// Idle lanes have no gradient: they add nothing.
		t.kernels.LaneDots(o.sum[:], o.dot[:], dy[at:], o.gate(at), x.Data[at:], o.vm[:], &o.planes)
		total, dot := sum(o.sum[:]), sum(o.dot[:])
		if b.requiresGrad {
			b.Grad[c] += T(total)
		}
		if w.requiresGrad {
			w.Grad[c] += T(dot * float64(o.invStd[c]))
		}
		o.mine = append(o.mine, total, dot)
	}
	if !x.requiresGrad {
		return
	}
	var all [][]float64
	if o.p.Training {
		all = t.gather(o.mine)
	}
	add := x.accumulate()
	for c := range l.c {
		total, dot := 0.0, 0.0 // the batch's, which μ and σ² depend on in training
		for _, theirs := range all {
			total += theirs[2*c]
			dot += theirs[2*c+1]
		}
		invStd := o.invStd[c]
		scale := w.Data[c] * invStd
		fill(&o.va, scale)
		fill(&o.vb, T(-float64(scale)*float64(invStd)*float64(invStd)*dot/o.count))
		fill(&o.vc, T(-float64(scale)*total/o.count))
		fill(&o.vm, o.mean[c])
		for r := l.run(0, l.blocks()); r.count > 0; r = l.run(r.first+r.count, l.blocks()) {
			clear(o.vb[r.live:])
			clear(o.vc[r.live:])
			o.planes = l.planes(r.count)
			at := l.pixel(r.first, c, 0, 0)
			t.kernels.LaneNormGrad(x.Grad[at:], dy[at:], o.gate(at), x.Data[at:], o.va[:], o.vb[:], o.vc[:], o.vm[:], &o.planes, add)
		}
	}
}

func (o *batchNorm[T]) kind() string                      { return "BatchNorm" }
func (o *batchNorm[T]) takesActivation(f Activation) bool { return f == ReLU }
