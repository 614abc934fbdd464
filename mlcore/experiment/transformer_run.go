package experiment

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// JudgedSequences is how many sequences a trained transformer is judged by, drawn after those it was trained on.
const JudgedSequences = 64

// A Sequence is what a transformer reads, what it should put out, and what it does.
type Sequence struct{ Reads, Wanted, Said []int }

// Prepare draws the net. The config must have come out of [ParseTransformer] without errors.
func (c TransformerRun) Prepare() Training {
	if c.DType == "float64" {
		return newSequences[float64](c)
	}
	return newSequences[float32](c)
}

// Run trains to the end. The error is that of ctx.
func (c TransformerRun) Run(ctx context.Context) (*Outcome, error) { return Finish(ctx, c) }

// sequences is a [TransformerRun]'s Training in one precision.
type sequences[T autograd.Float] struct {
	learning[T]
	config TransformerRun
	g      *torchrand.Generator
}

func newSequences[T autograd.Float](c TransformerRun) *sequences[T] {
	s := &sequences[T]{config: c, g: torchrand.New(c.Seed)}
	s.learning = newLearning[T](nn.NewTransformer[T](s.g, c.config()), "adam", c.LR, c.Ledger().Shards(c.Batch))
	s.stepWork, s.testWork = c.StepCost(), c.passCost(JudgedSequences)
	for i := range c.Layers {
		name := fmt.Sprintf("layers.%d", i)
		var params []*autograd.Tensor[T]
		for _, p := range s.params {
			if strings.HasPrefix(p.Name, name+".") {
				params = append(params, p)
			}
		}
		s.watch(name, params...)
	}
	return s
}

// Steps trains.
func (s *sequences[T]) Steps(ctx context.Context) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		x := autograd.NewBatch[T](s.config.Batch, s.config.Tokens)
		for k := range s.config.Steps {
			if ctx.Err() != nil || s.stopped {
				return
			}
			_, wanted := s.draw(x)
			s.opt.SetLR(s.config.Rate(k))
			step := s.step(k, x, wanted, 0)
			if !yield(step) || step.Diverged {
				return
			}
			s.between(s.stepWork)
		}
	}
}

// draw fills x with sequences, torch.randint(0, vocabulary, x.shape), and returns them with what they should become, place by place.
func (s *sequences[T]) draw(x *autograd.Tensor[T]) (read, wanted []int) {
	draws, values := make([]int64, x.Len()), make([]T, x.Len())
	s.g.Random(draws, 0, int64(s.config.Vocabulary))
	read, wanted = make([]int, x.Len()), make([]int, x.Len())
	for i, token := range draws {
		from := i
		if place := i % s.config.Tokens; s.config.Task == "reverse" {
			from = i + s.config.Tokens - 1 - 2*place
		}
		values[i], read[i], wanted[i] = T(token), int(token), int(draws[from])
	}
	x.SetValues(values)
	return read, wanted
}

// Conclude judges the net by sequences that it has not seen.
func (s *sequences[T]) Conclude() *Outcome {
	x := autograd.NewBatch[T](JudgedSequences, s.config.Tokens)
	read, wanted := s.draw(x)
	loss := float64(T(s.judge.Loss(x, wanted)))
	logits, one := s.judge.Logits(), &Sequence{Reads: read[:s.config.Tokens], Wanted: wanted[:s.config.Tokens]}
	for i := range s.config.Tokens {
		one.Said = append(one.Said, argmax(logits[i*s.config.Vocabulary:][:s.config.Vocabulary]))
	}
	s.between(s.testWork)
	return &Outcome{
		Config: s.config, Info: s.info, FirstGradNorms: s.firstNorms, Sequence: one,
		Test: Evaluation{Loss: loss, Accuracy: accuracy(logits, wanted)},
	}
}
