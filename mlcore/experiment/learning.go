package experiment

import (
	"fmt"
	"math"
	"slices"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
)

// learning is what every [Training] has, whatever its net learns.
type learning[T autograd.Float] struct {
	net        nn.Module[T]
	opt        optim.Optimizer[T]
	params     []*autograd.Tensor[T]
	watched    [][]*autograd.Tensor[T] // whose gradients a step tells, by layer
	info       Info
	learner    *nn.DataParallel[T]
	judge      *nn.DataParallel[T] // of its own, so that neither loses its buffers to the other's shapes
	firstNorms map[string]float64
	pause      func(work float64) bool // between two batches; see Between
	stopped    bool                    // by pause
	diverged   bool

	stepWork, testWork float64 // of a batch
}

func newLearning[T autograd.Float](net nn.Module[T], optimizer string, lr float64, shards nn.Shards) learning[T] {
	opt, err := optim.New(optimizer, net.Parameters(), lr)
	if err != nil {
		panic(fmt.Sprintf("experiment: %v", err))
	}
	l := learning[T]{
		net: net, opt: opt, params: slices.Collect(net.Parameters()),
		learner: nn.NewDataParallel(kernel.For[T](), net, shards),
		judge:   nn.NewDataParallel(kernel.For[T](), net, nn.Shards{Size: kernel.Lanes}), // by running statistics: no sample heeds another
	}
	for _, p := range l.params {
		l.info.Parameters += p.Len()
	}
	return l
}

// watch has every step tell the L2 norm of the gradient of these parameters together.
func (l *learning[T]) watch(layer string, params ...*autograd.Tensor[T]) {
	l.info.Layers = append(l.info.Layers, layer)
	l.watched = append(l.watched, params)
}

func (l *learning[T]) Info() Info { return l.info }

// FirstGradNorms is the L2 norm of every parameter's gradient at the first step, before clipping.
func (l *learning[T]) FirstGradNorms() map[string]float64 { return l.firstNorms }

func (l *learning[T]) SetWorkers(n int) {
	l.learner.SetWorkers(n)
	l.judge.SetWorkers(n)
}

func (l *learning[T]) Between(pause func(work float64) bool) { l.pause = pause }

// between lets others go first.
func (l *learning[T]) between(work float64) {
	if l.pause != nil && !l.stopped {
		l.stopped = !l.pause(work)
	}
}

func (l *learning[T]) Shed() {
	l.learner.Shed()
	l.judge.Shed()
}

// step makes one update, from the gradients on a batch, which are clipped where clip is above 0.
func (l *learning[T]) step(k int, x *autograd.Tensor[T], labels []int, clip float64) Step {
	l.opt.ZeroGrad()
	loss := T(l.learner.Learn(x, labels))
	step := Step{Number: k, Loss: float64(loss), Accuracy: accuracy(l.learner.Logits(), labels), GradNorms: make([]float64, len(l.watched))}
	for i, params := range l.watched {
		for _, p := range params {
			step.GradNorms[i] = math.Hypot(step.GradNorms[i], p.GradStats().Norm)
		}
	}
	if l.firstNorms == nil {
		l.firstNorms = map[string]float64{}
		for _, p := range l.params {
			if p.HasGrad() {
				l.firstNorms[p.Name] = p.GradStats().Norm
			}
		}
	}
	step.Diverged = math.IsNaN(step.Loss) || math.IsInf(step.Loss, 0)
	l.diverged = step.Diverged
	if clip > 0 {
		optim.ClipGradNorm(l.net.Parameters(), clip)
	}
	l.opt.Step()
	return step
}

// accuracy is the share of labels whose logit is the largest of theirs; the first of equal ones counts, as torch.argmax.
func accuracy[T autograd.Float](logits []T, labels []int) float64 {
	right, classes := 0, len(logits)/len(labels)
	for i, label := range labels {
		if argmax(logits[i*classes:][:classes]) == label {
			right++
		}
	}
	return float64(right) / float64(len(labels))
}

// argmax is the place of the largest number, the first of equal ones.
func argmax[T autograd.Float](values []T) int {
	best := 0
	for k, v := range values {
		if v > values[best] {
			best = k
		}
	}
	return best
}
