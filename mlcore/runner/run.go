package runner

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"gradlab/mlcore/experiment"
)

// A run is one training in the pool. The pool's lock guards every field but the constant ones.
type run struct {
	pool   *Pool // constant, as are the next two
	key    string
	config experiment.Run

	job                          // what the schedule knows of it
	readers  map[Reader]int      // followers by reader
	leavings int                 // how often the last one left
	told     int                 // its place, as its followers were told
	session  experiment.Training // while it has begun, from its first turn on
	info     *experiment.Info    // once it trains
	steps    []experiment.Step   // so far; appended to, never changed
	outcome  *experiment.Outcome // once done
	gone     bool                // given up or failed …
	err      error               // … and why
	changed  chan struct{}       // closed and replaced when anything above changes
}

func newRun(p *Pool, config experiment.Run) *run {
	r := &run{pool: p, key: config.Key(), config: config, readers: map[Reader]int{}, changed: make(chan struct{})}
	cost := config.Cost()
	r.job = job{run: r, total: cost, left: cost, step: config.StepCost(), kept: config.Kept(), work: config.Memory() - config.Kept()}
	return r
}

// wake tells the followers, and the run itself, that something changed. The lock is held.
func (r *run) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// errRestart ends the training of a run whose memory was taken; it begins again at its next turn.
var errRestart = errors.New("begins again")

// errGone ends the training of a run that was given up.
var errGone = errors.New("given up")

// drive trains, from the first turn to the result.
func (r *run) drive() {
	p := r.pool
	defer p.running.Done()
	for r.turn() {
		p.collect()
		outcome, err := r.train()
		if err == errRestart {
			continue
		}
		p.mu.Lock()
		switch {
		case err == errGone:
		case err != nil:
			p.giveUp(r, err)
		default:
			r.outcome, r.session, r.readers = outcome, nil, nil
			p.freed += r.holds()
			p.schedule.end(&r.job, outcome.Bytes())
			r.wake()
			p.settle()
		}
		p.mu.Unlock()
		return
	}
}

// turn blocks until the run has a slot; false: it was given up.
func (r *run) turn() bool {
	p := r.pool
	for {
		p.mu.Lock()
		if err := p.ctx.Err(); err != nil {
			p.giveUp(r, err)
		}
		gone, training, changed := r.gone, r.training, r.changed
		p.mu.Unlock()
		if gone || training {
			return !gone
		}
		select {
		case <-changed:
		case <-p.ctx.Done():
		}
	}
}

// train makes the steps. A panic of the core is a bug; it fails this run and no other.
func (r *run) train() (outcome *experiment.Outcome, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("training %s: %v", r.key, v)
		}
	}()
	p := r.pool
	t := r.config.Prepare()
	info := t.Info()
	p.mu.Lock()
	if r.session = t; r.info == nil {
		r.info, r.steps = &info, make([]experiment.Step, 0, r.config.Length())
	}
	r.wake()
	workers := p.workers()
	p.mu.Unlock()
	t.SetWorkers(workers)
	var ended error // by others
	t.Between(func(work float64) bool {
		ended = r.between(t, work)
		return ended == nil
	})
	for step := range t.Steps(p.ctx) {
		r.show(step)
	}
	if err := cmp.Or(ended, p.ctx.Err()); err != nil {
		return nil, err
	}
	t.Shed() // what follows needs room of its own
	outcome = t.Conclude()
	if ended != nil {
		return nil, ended
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r.steps = slices.Clip(r.steps)
	outcome.Steps = r.steps
	return outcome, nil
}

// show hands a step to the followers.
func (r *run) show(step experiment.Step) {
	r.pool.mu.Lock()
	defer r.pool.mu.Unlock()
	if step.Number == len(r.steps) { // else the run began again, and has been here before
		r.steps = append(r.steps, step)
		r.wake()
	}
}

// between counts what was done, and waits for the run's next turn where it is another's now.
func (r *run) between(t experiment.Training, work float64) error {
	p := r.pool
	p.mu.Lock()
	if r.gone {
		p.mu.Unlock()
		return errGone
	}
	p.schedule.worked(&r.job, work)
	p.settle()
	paused := !r.planned
	if paused {
		p.schedule.pause(&r.job)
		r.wake()
		p.settle()
	}
	workers := p.workers()
	p.mu.Unlock()
	if paused {
		if !r.turn() {
			return errGone
		}
		p.mu.Lock()
		taken := r.session != t
		workers = p.workers()
		p.mu.Unlock()
		if taken {
			return errRestart
		}
		p.collect()
	}
	t.SetWorkers(workers)
	return nil
}
