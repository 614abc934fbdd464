package experiment

import (
	"context"
	"fmt"
	"iter"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// testCount is how many images of Fashion-MNIST's test set a net is judged by.
const testCount = 100

// An Evaluation is the mean cross-entropy over images, and the share of them, 0 to 1, whose class has the largest logit.
type Evaluation struct{ Loss, Accuracy float64 }

// A Step is what one training step showed: the batch's loss and accuracy before its update, and the gradients.
type Step struct {
	Number    int // from 0
	Loss      float64
	Accuracy  float64
	GradNorms []float64   // L2 norm of each weighted layer's weight gradient, in the order of Info.Layers
	Test      *Evaluation // before the update, at some steps; nil at the others
	Diverged  bool        // the loss is not finite: the run ends here
}

// Info is what is known of a run once its net is built.
type Info struct {
	Parameters int
	Layers     []string // as of Train.Layers
}

// An Outcome is a finished run. Test is measured after the last update.
type Outcome struct {
	Config         Run
	Info           Info
	Steps          []Step
	FirstGradNorms map[string]float64 // of every parameter at the first step, by PyTorch's name
	Test           Evaluation
	FirstKernels   []Kernel  // of the first layer, after the last update; nil where that is no convolution
	Samples        []Sample  // the first images of both sets, after the last update: those it trained on, then the others
	Sequence       *Sequence // the first that it was judged by; nil where it learns images
	Lesions        *Lesions  // after the last update; nil where the config wants none, or the run diverged
}

// Train is the config of a run that was one of those.
func (o *Outcome) Train() Train { return o.Config.(Train) }

// Prepare draws the data and the net. The config must have come out of [ParseTrain] without errors; a bad one panics.
func (c Train) Prepare() Training {
	if c.DType == "float64" {
		return newSession[float64](c)
	}
	return newSession[float32](c)
}

// PrepareOn is Prepare with other images than the config's: the net is drawn first. There have to be as many as the config
// says, of the size and classes of package data.
func (c Train) PrepareOn(train, test data.Set) Training {
	if train.Len() != c.Count || test.Len() == 0 {
		panic(fmt.Sprintf("experiment: PrepareOn: %d training and %d test images, want %d and some", train.Len(), test.Len(), c.Count))
	}
	if c.DType == "float64" {
		return sessionOn[float64](c, torchrand.New(c.Seed), train, test)
	}
	return sessionOn[float32](c, torchrand.New(c.Seed), train, test)
}

// NetOf is the net that a training trains, as it is now, where it is one of that precision. It is for the training's goroutine.
func NetOf[T autograd.Float](t Training) (nn.Module[T], bool) {
	s, ok := t.(*session[T])
	if !ok {
		return nil, false
	}
	return s.net, true
}

// Run trains to the end. The error is that of ctx.
func (c Train) Run(ctx context.Context) (*Outcome, error) { return Finish(ctx, c) }

// Conclude judges the net by the test images, and takes blocks out of it where the config says so.
func (s *session[T]) Conclude() *Outcome {
	return &Outcome{
		Config: s.config, Info: s.info, Test: s.Test(), FirstGradNorms: s.firstNorms, FirstKernels: s.FirstKernels(), Samples: s.Samples(),
		Lesions: s.Lesions(),
	}
}

// session is a [Train]'s Training in one precision.
type session[T autograd.Float] struct {
	learning[T]
	config  Train
	train   *data.Batches[T]
	test    *data.Batches[T]
	samples []Sample // without answers
}

func newSession[T autograd.Float](c Train) *session[T] {
	g := torchrand.New(c.Seed)
	train, test := c.images(g) // drawn before the net, as in the notebook
	return sessionOn[T](c, g, train, test)
}

func sessionOn[T autograd.Float](c Train, g *torchrand.Generator, train, test data.Set) *session[T] {
	ledger := c.Ledger()
	s := &session[T]{
		learning: newLearning(newNet[T](g, c), c.Optimizer, c.LR, ledger.Shards(c.Batch)), config: c,
		train: data.NewBatches[T](train, c.Batch), test: data.NewBatches[T](test, min(c.Batch, test.Len())),
	}
	s.stepWork, s.testWork = c.stepCost(ledger), c.testWork(ledger)
	s.samples = samplesOf(train, test)
	byName := map[string]*autograd.Tensor[T]{}
	for _, p := range s.params {
		byName[p.Name] = p
	}
	for _, layer := range c.Layers() {
		s.watch(layer, byName[layer+".weight"])
	}
	return s
}

func newNet[T autograd.Float](g *torchrand.Generator, c Train) nn.Module[T] {
	switch c.Net {
	case "deep":
		return nn.NewDeepNet[T](g, c.deepConfig())
	case "mlp":
		return nn.NewMLP[T](g, c.mlpConfig())
	}
	return nn.NewNotebookNet[T](g, c.notebookConfig())
}

func (c Train) notebookConfig() nn.NotebookConfig {
	return nn.NotebookConfig{Depth: c.Depth, Activation: mustActivation(c.Activation), Skip: c.Residual()}
}

func (c Train) deepConfig() nn.DeepConfig {
	return nn.DeepConfig{
		N: c.N, Channels: c.Channels, Activation: mustActivation(c.Activation),
		Skip: chosen(c.Skip, nn.DeepSkips()), Norm: chosen(c.Norm, nn.DeepNorms()), Order: chosen(c.Order, nn.DeepOrders()),
	}
}

func (c Train) mlpConfig() nn.MLPConfig {
	return nn.MLPConfig{
		Depth: c.Depth, Width: c.Width, Activation: mustActivation(c.Activation),
		Skip: chosen(c.Skip, nn.MLPSkips()), Norm: chosen(c.Norm, nn.MLPNorms()), Init: chosen(c.Init, nn.Initialisations()),
	}
}

// chosen is the choice of a name that the table accepted.
func chosen[C fmt.Stringer](name string, choices []C) C {
	c, err := nn.Parse(name, choices)
	if err != nil {
		panic("experiment: " + err.Error())
	}
	return c
}

// images returns the training and the test set.
func (c Train) images(g *torchrand.Generator) (train, test data.Set) {
	if c.Data == "noise" {
		return data.Noise(g, c.Count)
	}
	train, err := data.Fashion("train", c.Count)
	if err == nil {
		test, err = data.Fashion("t10k", testCount)
	}
	if err != nil {
		panic(fmt.Sprintf("experiment: %v", err)) // the images are embedded, and the table bounds the count
	}
	return train, test
}

func (s *session[T]) Steps(ctx context.Context) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		every := s.config.testEvery(s.test.Len())
		for k := range s.config.Steps {
			if ctx.Err() != nil {
				return
			}
			var test *Evaluation
			if k%every == 0 {
				e := s.Test()
				test = &e
			}
			if s.stopped {
				return
			}
			x, labels := s.train.At(k)
			step := s.step(k, x, labels, s.config.Clip)
			step.Test = test
			if !yield(step) || step.Diverged {
				return
			}
			s.between(s.stepWork)
		}
	}
}

// testEvery is the number of steps between two evaluations: at most fifty in a run, and at most a quarter of its work,
// where a forward pass is a third of a step.
func (c Train) testEvery(batches int) int {
	return max(ceil(c.Steps, 50), ceil(4*batches, 3))
}

func ceil(a, b int) int { return (a + b - 1) / b }

func (s *session[T]) Test() Evaluation {
	s.net.SetTraining(false)
	defer s.net.SetTraining(true)
	return evaluate(s.judge, s.test, func() bool {
		s.between(s.testWork)
		return !s.stopped
	})
}

// evaluate judges a net by images; after each batch it asks whether to go on.
func evaluate[T autograd.Float](judge *nn.DataParallel[T], set *data.Batches[T], goOn func() bool) Evaluation {
	var sum Evaluation
	images := 0
	for i := range set.Len() {
		x, labels := set.At(i)
		n := float64(len(labels))
		sum.Loss += n * float64(T(judge.Loss(x, labels)))
		sum.Accuracy += n * accuracy(judge.Logits(), labels)
		images += len(labels)
		if !goOn() {
			break
		}
	}
	return Evaluation{Loss: sum.Loss / float64(images), Accuracy: sum.Accuracy / float64(images)}
}
