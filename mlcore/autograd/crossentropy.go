package autograd

import "fmt"

type crossEntropy[T Float] struct {
	node[T]
	targets []int
	batch   int // targets of the whole batch
	probs   []T // softmax, laid out like x
	loss    float64
}

// CrossEntropy returns the mean cross-entropy of logits x (N, K) and one class of 0..K-1 a sample:
// torch.nn.functional.cross_entropy. Of sequences (N, S, K) there is one a place, those of a sample after one another, as of
// x.flatten(0, 1). It keeps targets until Reset.
func (t *Tape[T]) CrossEntropy(x *Tensor[T], targets []int) *Tensor[T] {
	share, _ := t.CrossEntropyShare(x, targets, len(targets))
	return share
}

// CrossEntropyShare is what the samples of x, some of a batch of the given size, add to the mean cross-entropy of the
// whole batch, and the same number in float64: shares are to be added before they are rounded.
func (t *Tape[T]) CrossEntropyShare(x *Tensor[T], targets []int, batch int) (share *Tensor[T], loss float64) {
	if len(x.Shape) != 3 {
		checkClasses("CrossEntropy", x)
	}
	classes := x.Shape[len(x.Shape)-1]
	if wanted := x.Len() / classes; len(targets) != wanted {
		panic(fmt.Sprintf("autograd: CrossEntropy: %d targets for %d samples", len(targets), wanted))
	}
	for n, target := range targets {
		if target < 0 || target >= classes {
			panic(fmt.Sprintf("autograd: CrossEntropy: target %d of sample %d is not one of %d classes", target, n, classes))
		}
	}
	o := take[T, crossEntropy[T]](t, x)
	o.targets, o.batch = targets, batch
	o.result(t, plainLayout(1))
	share = t.run(o)
	return share, o.loss
}

// forward: L = 1/N Σ_n -ln softmax(x[n])[target[n]].
func (o *crossEntropy[T]) forward(*Tape[T]) {
	x := o.args[0]
	if len(o.probs) != len(x.Data) {
		o.probs = make([]T, len(x.Data))
	}
	total := 0.0
	eachDistribution(x, func(n, at, classes int) {
		largest, logSum := softmaxLane(o.probs[at:], x.Data[at:], classes)
		total += logSum - (float64(x.Data[at+o.targets[n]*lanes]) - largest)
	})
	o.loss = total / float64(o.batch)
	o.out.Data[0] = T(o.loss)
}

// backward: ∂L/∂x[n,k] += (softmax(x[n])[k] - [k = target[n]]) / N.
func (o *crossEntropy[T]) backward(*Tape[T]) {
	x := o.args[0]
	x.accumulateFromZero()
	weight := o.out.Grad[0] / T(o.batch)
	eachDistribution(x, func(n, at, classes int) {
		for k := range classes {
			p := o.probs[at+k*lanes]
			if k == o.targets[n] {
				p--
			}
			x.Grad[at+k*lanes] += weight * p
		}
	})
}

func (o *crossEntropy[T]) kind() string { return "CrossEntropy" }
