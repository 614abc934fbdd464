package autograd

import (
	"fmt"
	"math"
)

// crossEntropy is the mean over a batch of N samples of -ln softmax(x[n])[target[n]], or what some of them add to it.
// ∂L/∂x[n,k] += ∂L/∂loss·(softmax(x[n])[k] - [k = target[n]]) / N.
// The largest logit is subtracted first, so that no exponential overflows; sums run in float64.
type crossEntropy[T Float] struct {
	node[T]
	targets []int
	batch   int // N
	probs   []T // softmax, laid out like x
}

// CrossEntropy returns the mean cross-entropy of logits x (N, K) and one class of 0..K-1 a sample, as torch's
// F.cross_entropy: one element. It keeps targets until Reset.
func (t *Tape[T]) CrossEntropy(x *Tensor[T], targets []int) *Tensor[T] {
	share, _ := t.CrossEntropyShare(x, targets, len(targets))
	return share
}

// CrossEntropyShare is what the samples of x, some of a batch of the given size, add to the mean cross-entropy of the
// whole batch, and the same number in float64: shares are to be added before they are rounded.
func (t *Tape[T]) CrossEntropyShare(x *Tensor[T], targets []int, batch int) (share *Tensor[T], loss float64) {
	if len(x.Shape) != 2 || !x.layout.lanes || x.layout.border != 0 {
		panic(fmt.Sprintf("autograd: CrossEntropy: x has shape %v, want a batch (N, K)", x.Shape))
	}
	if len(targets) != x.Shape[0] {
		panic(fmt.Sprintf("autograd: CrossEntropy: %d targets for %d samples", len(targets), x.Shape[0]))
	}
	o := take[T, crossEntropy[T]](t, x)
	o.targets, o.batch = targets, batch
	o.out.shapeAs(plainLayout(1), x.requiresGrad)
	if len(o.probs) != len(x.Data) {
		o.probs = make([]T, len(x.Data))
	}
	l := x.layout
	total := 0.0
	for n, target := range targets {
		if target < 0 || target >= l.c {
			panic(fmt.Sprintf("autograd: CrossEntropy: target %d of sample %d is not one of %d classes", target, n, l.c))
		}
		at := l.pixel(n/lanes, 0, 0, 0) + n%lanes
		largest, logSum := softmaxLane(o.probs[at:], x.Data[at:], l.c)
		total += logSum - (float64(x.Data[at+target*lanes]) - largest)
	}
	loss = total / float64(batch)
	o.out.Data[0] = T(loss)
	return &o.out, loss
}

// softmaxLane stores the softmax of one sample's k logits, lanes apart, and returns the largest and
// ln Σ exp(x - largest).
func softmaxLane[T Float](dst, x []T, k int) (largest, logSum float64) {
	largest = math.Inf(-1)
	for i := range k {
		largest = max(largest, float64(x[i*lanes]))
	}
	var sum float64
	for i := range k {
		e := math.Exp(float64(x[i*lanes]) - largest)
		sum += e
		dst[i*lanes] = T(e)
	}
	for i := range k {
		dst[i*lanes] /= T(sum)
	}
	return largest, math.Log(sum)
}

func (o *crossEntropy[T]) kind() string { return "CrossEntropy" }

func (o *crossEntropy[T]) backward(*Tape[T]) {
	x := o.args[0]
	if !x.accumulate() {
		clear(x.Grad)
	}
	l := x.layout
	weight := o.out.Grad[0] / T(o.batch)
	for n, target := range o.targets {
		at := l.pixel(n/lanes, 0, 0, 0) + n%lanes
		for k := range l.c {
			p := o.probs[at+k*lanes]
			if k == target {
				p--
			}
			x.Grad[at+k*lanes] += weight * p
		}
	}
}

// halfSquaredError is (z - target)² / 2 for one element. ∂L/∂z += ∂L/∂loss·(z - target).
type halfSquaredError[T Float] struct {
	node[T]
	target T
}

// HalfSquaredError returns (z - target)²/2, the loss of the scalar chain.
func (t *Tape[T]) HalfSquaredError(z *Tensor[T], target T) *Tensor[T] {
	if z.Len() != 1 || z.layout.lanes {
		panic(fmt.Sprintf("autograd: HalfSquaredError: z has shape %v, want one element", z.Shape))
	}
	o := take[T, halfSquaredError[T]](t, z)
	o.target = target
	o.out.shapeAs(plainLayout(1), z.requiresGrad)
	d := z.Data[0] - target
	o.out.Data[0] = 0.5 * (d * d)
	return &o.out
}

func (o *halfSquaredError[T]) kind() string { return "HalfSquaredError" }

func (o *halfSquaredError[T]) backward(*Tape[T]) {
	z := o.args[0]
	d := o.out.Grad[0] * (z.Data[0] - o.target)
	if z.accumulate() {
		d += z.Grad[0]
	}
	z.Grad[0] = d
}

// mse is the mean of (x - target)² over all elements. ∂L/∂x += ∂L/∂loss·2 (x - target) / count.
type mse[T Float] struct {
	node[T]
	target *Tensor[T]
}

// MSELoss returns the mean squared difference of x and target, tensors of one shape: one element. The target gets
// no gradient.
func (t *Tape[T]) MSELoss(x, target *Tensor[T]) *Tensor[T] {
	sameShape("MSELoss", x, target)
	o := take[T, mse[T]](t, x)
	o.target = target
	o.out.shapeAs(plainLayout(1), x.requiresGrad)
	total := 0.0
	for n := range x.Samples() {
		x.eachOf(n, func(i int) {
			d := float64(x.Data[i] - target.Data[i])
			total += d * d
		})
	}
	o.out.Data[0] = T(total / float64(x.Len()))
	return &o.out
}

func (o *mse[T]) kind() string { return "MSELoss" }

func (o *mse[T]) backward(*Tape[T]) {
	x := o.args[0]
	if !x.accumulate() {
		clear(x.Grad)
	}
	weight := 2 * o.out.Grad[0] / T(x.Len())
	for n := range x.Samples() {
		x.eachOf(n, func(i int) { x.Grad[i] += weight * (x.Data[i] - o.target.Data[i]) })
	}
}
