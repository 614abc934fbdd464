package experiment

import (
	"context"
	"iter"
)

// A Run is a training that others schedule: a [Train], or one twin of a [Transformer]. Equal runs have equal outcomes.
type Run interface {
	Key() string       // equal keys, equal runs
	Length() int       // steps
	StepCost() float64 // multiply-adds
	Cost() float64     // of all of it
	Kept() int64       // an upper estimate of the bytes that it holds between two steps, after [Training.Shed]
	Memory() int64     // and while it trains
	// OverMemory names the field to lower of a run that needs more than so many bytes, and says by how much.
	OverMemory(most int64) FieldErrors
	// Prepare draws the data and the net. A config that no table has checked panics.
	Prepare() Training
}

// A Training is a run that is ready to go: the net is drawn, the data laid out. It is for one goroutine.
type Training interface {
	Info() Info
	// Steps trains, and yields each step. It ends after the last one, after one that diverged, or when ctx does.
	Steps(ctx context.Context) iter.Seq[Step]
	// Conclude judges the net as it is now, and gathers what is known of the run but for its steps.
	Conclude() *Outcome
	// SetWorkers says how many cores the next steps may use; the numbers do not depend on it.
	SetWorkers(n int)
	// Between sets what is called between two batches of work, of training and of judging alike, with the multiply-adds
	// of the one before. The training waits for it, and may be shed within. Where it returns false, Steps ends, and what
	// Conclude returns means nothing.
	Between(pause func(work float64) bool)
	// Shed drops what only a step needs: its activations and their gradients. The next step makes them anew.
	Shed()
}

// Finish trains a run to the end. The error is that of ctx.
func Finish(ctx context.Context, run Run) (*Outcome, error) {
	t := run.Prepare()
	var steps []Step
	for step := range t.Steps(ctx) {
		steps = append(steps, step)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	outcome := t.Conclude()
	outcome.Steps = steps
	return outcome, nil
}

// Runs are configs as runs.
func Runs[R Run](configs ...R) []Run {
	runs := make([]Run, len(configs))
	for i, c := range configs {
		runs[i] = c
	}
	return runs
}
