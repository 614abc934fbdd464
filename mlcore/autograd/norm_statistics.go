package autograd

import (
	"fmt"
	"math"

	"gradlab/mlcore/kernel"
)

// statistics computes mean and variance of each channel over the live lanes of the whole batch, and moves the running
// ones. Each tape of a group finds those of its own samples, and all put them together alike (Chan et al. 1979):
// M = Σ Mᵣ, μ = Σ Mᵣ μᵣ/M, M σ² = Σ (Mᵣ σᵣ² + Mᵣ (μᵣ - μ)²).
func (o *batchNorm[T]) statistics(t *Tape[T]) {
	x := o.args[0]
	l := x.layout
	count := float64(l.n * l.h * l.w)
	o.mine = append(grow(o.mine, 2*l.c)[:0], count)
	for c := range l.c {
		mean := o.total(l, c, func(acc []T, at int) { t.kernels.LaneSum(acc, x.Data[at:], &o.planes) }) / count
		fill(&o.vm, T(mean))
		squares := o.total(l, c, func(acc []T, at int) { t.kernels.LaneSquares(acc, x.Data[at:], o.vm[:], &o.planes) })
		o.mine = append(o.mine, mean, squares)
	}
	all := t.gather(o.mine)
	o.count = 0
	for _, theirs := range all {
		o.count += theirs[0]
	}
	for c := range l.c {
		mean, squares := 0.0, 0.0
		for _, theirs := range all {
			mean += theirs[0] / o.count * theirs[1+2*c]
		}
		for _, theirs := range all {
			apart := theirs[1+2*c] - mean
			squares += theirs[2+2*c] + theirs[0]*apart*apart
		}
		o.mean[c] = T(mean)
		o.invStd[c] = T(1 / math.Sqrt(squares/o.count+o.p.Eps))
		if t.rank == 0 { // one tape moves what all share
			m := o.p.Momentum
			running, variance := &o.p.RunningMean.Data[c], &o.p.RunningVar.Data[c]
			*running = T((1-m)*float64(*running) + m*mean)
			*variance = T((1-m)*float64(*variance) + m*squares/(o.count-1))
		}
	}
}

// total adds up the live lanes of what add accumulates over the planes of channel c.
func (o *batchNorm[T]) total(l layout, c int, add func(acc []T, at int)) float64 {
	clear(o.sum[:])
	for r := l.run(0, l.blocks()); r.count > 0; r = l.run(r.first+r.count, l.blocks()) {
		clear(o.dot[:])
		o.planes = l.planes(r.count)
		add(o.dot[:], l.pixel(r.first, c, 0, 0))
		for i := range r.live {
			o.sum[i] += o.dot[i]
		}
	}
	return sum(o.sum[:])
}

// statistics computes mean and 1/√(σ²+ε) of a block's samples in a group, one number a lane.
func (o *groupNorm[T]) statistics(t *Tape[T], block, group int) (mean, invStd []T) {
	x := o.args[0]
	l := x.layout
	mean, invStd = o.stored(block, group)
	channels := l.c / o.groups
	o.planes = kernel.Planes{Blocks: channels, Rows: l.h, Cols: l.w, Block: l.plane(), Row: l.row()}
	count := T(channels * l.h * l.w)
	at := l.pixel(block, group*channels, 0, 0)
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

// stored returns the statistics of a block and group, one number a lane.
func (o *groupNorm[T]) stored(block, group int) (mean, invStd []T) {
	at := (block*o.groups + group) * lanes
	return o.mean[at : at+lanes], o.invStd[at : at+lanes]
}

// checkNorm panics unless w and b have a number for each channel of a batch x.
func checkNorm[T Float](op string, x, w, b *Tensor[T]) {
	switch {
	case !x.layout.lanes || (len(x.Shape) != 4 && len(x.Shape) != 2):
		panic(fmt.Sprintf("autograd: %s: x has shape %v, want a batch (N, C, H, W) or (N, C)", op, x.Shape))
	case len(x.Shape) == 2 && x.layout.h*x.layout.w != 1:
		panic(fmt.Sprintf("autograd: %s: x is a view of images %dx%d; normalise them before Flatten", op, x.layout.h, x.layout.w))
	case w.Len() != x.layout.c || b.Len() != x.layout.c:
		panic(fmt.Sprintf("autograd: %s: weight and bias have %d and %d elements, x has %d channels", op, w.Len(), b.Len(), x.layout.c))
	}
}

func fill[T Float](v *[lanes]T, x T) {
	for i := range v {
		v[i] = x
	}
}

func sum[T Float](v []T) float64 {
	s := 0.0
	for _, x := range v {
		s += float64(x)
	}
	return s
}
