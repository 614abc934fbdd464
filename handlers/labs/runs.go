package labs

import (
	"context"
	"time"

	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

const (
	// cheapCost is what a run may cost, in multiply-adds, to be trained for a page without being asked: a fifth of a second
	// of one core with the AVX2 kernels, which do 1.5·10¹⁰ a second. The notebook's own 100 steps, 1.9·10⁹, are cheap.
	cheapCost = 3e9
	// cheapTime bounds the wait for it: the page comes without the result if the machine is busy.
	cheapTime = 1500 * time.Millisecond
)

// Runs trains networks for whoever asks, and remembers their outcomes.
type Runs struct {
	Pool *runner.Pool
	// Stage is the class on whose stage a run is, "" for none: there it is the class's, whoever looks at it.
	Stage func(run experiment.Run) string
}

// Finished is the outcome of a run, if it is known.
func (r *Runs) Finished(run experiment.Run) (*experiment.Outcome, bool) {
	return r.Pool.Finished(run)
}

// AllFinished are the outcomes of runs as far as they are known; the others are nil. It trains nothing.
func (r *Runs) AllFinished(runs []experiment.Run) []*experiment.Outcome {
	outcomes := make([]*experiment.Outcome, len(runs))
	for i, run := range runs {
		outcomes[i], _ = r.Finished(run)
	}
	return outcomes
}

// over is what is wrong with the first of the runs that this server has not the memory for; nil where it has. What one run may
// hold is a share of that, so only here a config that is fit anywhere may turn out too large: it is said at the field.
func (r *Runs) over(runs []experiment.Run) experiment.FieldErrors {
	most := r.Pool.Most()
	if most >= experiment.MaxMemory { // what is read from an address never needs more
		return nil
	}
	for _, run := range runs {
		if errs := run.OverMemory(most); errs != nil {
			return errs
		}
	}
	return nil
}

// follow joins a run for the reader of a context.
func (r *Runs) follow(ctx context.Context, run experiment.Run) (*runner.Follower, error) {
	return r.Pool.Follow(r.readerFor(ctx, run), run)
}

// followAll joins the runs of one experiment, as follow does.
func (r *Runs) followAll(ctx context.Context, runs []experiment.Run) *runner.Group {
	return r.Pool.FollowAll(r.readerFor(ctx, runs...), runs)
}

func (r *Runs) readerFor(ctx context.Context, runs ...experiment.Run) runner.Reader {
	if len(runs) > 0 {
		if class := r.Stage(runs[0]); class != "" {
			return runner.Reader{Key: class, Class: true}
		}
	}
	return web.Reader(ctx)
}

// Finish trains runs to the end, side by side where there are slots, however long that takes.
func (r *Runs) Finish(ctx context.Context, runs ...experiment.Run) ([]*experiment.Outcome, error) {
	if len(runs) == 0 {
		return nil, nil
	}
	group := r.followAll(ctx, runs)
	defer group.Close()
	return group.Wait(ctx)
}

// Train is a lessons.Trainer: it trains a run, or finds it among those that are known.
func (r *Runs) Train(ctx context.Context, run experiment.Run) (*experiment.Outcome, error) {
	outcomes, err := r.Finish(ctx, run)
	if err != nil {
		return nil, err
	}
	return outcomes[0], nil
}

// Known looks runs up, and trains those that are cheap as long as cheapTime lasts. What is not known is nil.
func (r *Runs) Known(ctx context.Context, runs ...experiment.Run) []*experiment.Outcome {
	outcomes := r.AllFinished(runs)
	var cheap []experiment.Run
	var at []int
	for i, run := range runs {
		if outcomes[i] == nil && run.Cost() <= cheapCost {
			cheap, at = append(cheap, run), append(at, i)
		}
	}
	for i, o := range r.within(ctx, cheapTime, cheap) {
		outcomes[at[i]] = o
	}
	return outcomes
}

// within trains runs for a while. What was not reached is nil.
func (r *Runs) within(ctx context.Context, time time.Duration, runs []experiment.Run) []*experiment.Outcome {
	if len(runs) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time)
	defer cancel()
	group := r.followAll(ctx, runs)
	defer group.Close()
	group.Wait(ctx)
	return group.Look().Outcomes
}
