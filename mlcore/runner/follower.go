package runner

import (
	"context"

	"gradlab/mlcore/experiment"
)

// A Follower reads one run, from any step on, at its own pace. It is for one goroutine.
type Follower struct {
	run    *run
	reader Reader
	closed bool
}

// A View is what a follower sees at one moment.
type View struct {
	Place   int               // among the runs that wait, from 1; 0 when it is not waiting
	Paused  bool              // it waits in the middle: others go first
	Crowded bool              // it waits for memory: there are cores for it
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
	v := View{Info: r.info, Steps: r.steps, Outcome: r.outcome, Err: r.err, Changed: r.changed}
	if r.outcome == nil && !r.gone {
		v.Place = p.schedule.place(&r.job)
		v.Paused, v.Crowded = v.Place > 0 && len(r.steps) > 0, v.Place > 0 && p.schedule.crowded()
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
	r, p := f.run, f.run.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.outcome != nil || r.gone {
		return
	}
	if r.readers[f.reader]--; r.readers[f.reader] > 0 {
		return
	}
	delete(r.readers, f.reader)
	if len(r.readers) > 0 {
		p.schedule.change(&r.job, r.readers)
		p.settle()
		return
	}
	p.leave(r)
}
