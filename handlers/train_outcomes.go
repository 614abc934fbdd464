package handlers

import (
	"context"
	"time"

	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
)

const (
	// cheapCost is what a run may cost, in multiply-adds, to be trained for a page without being asked: a fifth of a second
	// of one core with the AVX2 kernels, which do 1.5·10¹⁰ a second. The notebook's own 100 steps, 1.9·10⁹, are cheap.
	cheapCost = 3e9
	// cheapTime bounds the wait for it: the page comes without the result if the machine is busy.
	cheapTime = 1500 * time.Millisecond
)

// outcomes looks a run and its twin up, and trains them where that is cheap; of a config with errors nothing is known.
func (s *site) outcomes(ctx context.Context, config experiment.Train, errs experiment.FieldErrors) board.TrainTwins {
	if errs != nil {
		return board.TrainTwins{}
	}
	ctx, cancel := context.WithTimeout(ctx, cheapTime)
	defer cancel()
	find := func(c experiment.Train) *experiment.Outcome {
		if o, found := s.Runs.Finished(c); found || c.Cost() > cheapCost {
			return o
		}
		follower, err := s.follow(ctx, c)
		if err != nil {
			return nil
		}
		defer follower.Close()
		o, _ := follower.Wait(ctx)
		return o
	}
	own, twin := find(config), (*experiment.Outcome)(nil)
	if twin = own; config.HasTwin() {
		twin = find(config.Twin())
	}
	if config.Residual() {
		return board.TrainTwins{Plain: twin, Residual: own}
	}
	return board.TrainTwins{Plain: own, Residual: twin}
}
