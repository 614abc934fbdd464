package runner

import (
	"context"
	"fmt"

	"gradlab/mlcore/experiment"
)

type state int

const (
	waiting  state = iota // for a slot
	training              // in a slot
	parked                // nobody follows
	done                  // has its result
	gone                  // given up or failed
)

// A run is one training in the pool. The pool's lock guards every field but the constant ones.
type run struct {
	pool   *Pool // constant, as are the next two
	key    string
	config experiment.Train

	state     state
	followers int
	info      *experiment.Info      // once it trains
	steps     []experiment.Step     // so far; appended to, never changed
	norms     map[string]float64    // the first step's, by parameter; once done
	test      experiment.Evaluation // once done
	kernels   []experiment.Kernel   // of the first layer; once done
	samples   []experiment.Sample   // once done
	err       error                 // why it failed
	changed   chan struct{}         // closed and replaced when anything above changes
}

// wake tells the followers, and the run itself, that something changed. The lock is held.
func (r *run) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// drive trains, from the queue to the result.
func (r *run) drive() {
	p := r.pool
	defer p.running.Done()
	if !r.await(p.ctx) {
		return
	}
	err := r.train()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case r.state == gone: // given up while parked: it holds no slot
	case err != nil:
		r.state, r.err = gone, err
		p.forget(r)
		p.release()
	default:
		r.state = done
		p.keep(r)
		r.wake()
		p.release()
	}
}

// train makes the steps. A panic of the core is a bug; it fails this run and no other.
func (r *run) train() (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("training %s: %v", r.key, v)
		}
	}()
	p := r.pool
	t := r.config.Prepare()
	info := t.Info()
	p.mu.Lock()
	r.info = &info
	r.wake()
	workers := p.workers()
	p.mu.Unlock()
	t.SetWorkers(workers)
	for step := range t.Steps(p.ctx) {
		p.mu.Lock()
		r.steps = append(r.steps, step)
		r.wake()
		alone := r.followers == 0
		workers := p.workers()
		p.mu.Unlock()
		t.SetWorkers(workers)
		if alone && !r.park() {
			return nil
		}
	}
	if err := p.ctx.Err(); err != nil {
		return err
	}
	test, samples := t.Test(), t.Samples()
	p.mu.Lock()
	r.test, r.norms, r.kernels, r.samples = test, t.FirstGradNorms(), t.FirstKernels(), samples
	p.mu.Unlock()
	return nil
}

// park gives the slot away until somebody follows again; false: nobody did, and the run is gone.
func (r *run) park() bool {
	p := r.pool
	p.mu.Lock()
	if r.followers > 0 { // somebody came back just now
		p.mu.Unlock()
		return true
	}
	r.state = parked
	p.parked = append(p.parked, r)
	if len(p.parked) > p.options.Parked {
		oldest := p.parked[0]
		oldest.state = gone
		p.forget(oldest)
	}
	p.release()
	p.mu.Unlock()

	ctx, cancel := context.WithTimeout(p.ctx, p.options.Park)
	defer cancel()
	return r.await(ctx)
}

// await blocks until the run has a slot. It gives the run up, and returns false, when ctx ends first, when nobody
// follows a run that waits for its first slot, or when the pool gave it up.
func (r *run) await(ctx context.Context) bool {
	p := r.pool
	for {
		p.mu.Lock()
		switch {
		case r.state == training:
			p.mu.Unlock()
			return true
		case r.state == gone:
			p.mu.Unlock()
			return false
		case r.state == waiting && r.followers == 0,
			ctx.Err() != nil && (r.state == parked || p.ctx.Err() != nil):
			r.state, r.err = gone, p.ctx.Err()
			p.forget(r)
			p.mu.Unlock()
			return false
		}
		changed := r.changed
		p.mu.Unlock()
		expired := ctx.Done()
		if ctx.Err() != nil { // its time to park is over, but it waits for a slot again
			expired = p.ctx.Done()
		}
		select {
		case <-changed:
		case <-expired:
		}
	}
}

// bytes is about the memory that a finished run takes.
func (r *run) bytes() int {
	n := 1 << 10
	for _, s := range r.steps {
		n += 96 + 8*len(s.GradNorms)
	}
	for _, k := range r.kernels {
		n += 48 + 8*len(k.Weights)
	}
	for _, s := range r.samples {
		n += 96 + 4*len(s.Image) + 8*len(s.Probabilities) + len(s.Maps)*(24+4*s.MapSide*s.MapSide)
	}
	return n
}

// outcome is the result of a run that is done.
func (r *run) outcome() *experiment.Outcome {
	return &experiment.Outcome{Config: r.config, Info: *r.info, Steps: r.steps, FirstGradNorms: r.norms, Test: r.test, FirstKernels: r.kernels, Samples: r.samples}
}

// A Follower reads one run, from any step on, at its own pace. It is for one goroutine.
type Follower struct {
	run    *run
	closed bool
}

// A View is what a follower sees at one moment.
type View struct {
	Place   int               // in the queue, from 1; 0 when it is not waiting
	Info    *experiment.Info  // once it trains
	Steps   []experiment.Step // so far
	Outcome *experiment.Outcome
	Err     error           // why it failed, or that it was given up
	Changed <-chan struct{} // closed when there is more to see
}

// Look returns the present view. It does not block.
func (f *Follower) Look() View {
	r, p := f.run, f.run.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	v := View{Info: r.info, Steps: r.steps, Changed: r.changed}
	switch r.state {
	case waiting:
		for i, other := range p.queue {
			if other == r {
				v.Place = i + 1
			}
		}
	case done:
		v.Outcome = r.outcome()
	case gone:
		if v.Err = r.err; v.Err == nil {
			v.Err = context.Canceled
		}
	}
	return v
}

// Wait blocks until the run has its outcome, or ctx ends.
func (f *Follower) Wait(ctx context.Context) (*experiment.Outcome, error) {
	for {
		v := f.Look()
		switch {
		case v.Outcome != nil:
			return v.Outcome, nil
		case v.Err != nil:
			return nil, v.Err
		}
		select {
		case <-v.Changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends following. Closing twice does nothing.
func (f *Follower) Close() {
	if f.closed {
		return
	}
	f.closed = true
	p := f.run.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	f.run.followers--
	if f.run.followers == 0 && f.run.state == waiting {
		f.run.wake() // to leave the queue
	}
}
