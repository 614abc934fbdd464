package experiment

import (
	"context"
	"testing"
)

// judged is the training of a [Train], with what Conclude asks of it.
type judged interface {
	Training
	FirstGradNorms() map[string]float64
	Test() Evaluation
	Lesions() *Lesions
	FirstKernels() []Kernel
	Samples() []Sample
}

// A run holds no more memory than it was said to need before it began, its test images included, and not much less.
func TestRunsHoldTheMemoryTheyAreSaidTo(t *testing.T) {
	for _, query := range []string{
		"net=notebook&depth=20&skip=identity&activation=tanh&steps=2",
		"net=notebook&depth=20&data=fashion&count=64&batch=64&steps=2",
		"net=deep&n=9&count=128&batch=64&steps=2",
		"net=deep&n=1&channels=16&skip=B&norm=none&count=256&batch=256&steps=2",
		"net=mlp&depth=30&width=64&data=fashion&count=64&batch=64&steps=2",
		"net=notebook&depth=3&dtype=float64&steps=2",
	} {
		c := parseTrain(t, query)
		run := c.Prepare().(judged)
		run.SetWorkers(2)
		for range run.Steps(context.Background()) {
		}
		run.Test()
		held := 0
		switch s := run.(type) {
		case *session[float32]:
			held = s.learner.Bytes() + s.judge.Bytes() + 4*4*s.info.Parameters // weights, gradients, two moments
		case *session[float64]:
			held = s.learner.Bytes() + s.judge.Bytes() + 4*8*s.info.Parameters
		}
		if said := int(c.Memory()); held > said || said > 4*held {
			t.Errorf("%s: %d bytes are held, %d were said", query, held, said)
		}
	}
}
