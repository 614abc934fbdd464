package runner

import (
	"context"
	"sync"

	"gradlab/mlcore/experiment"
)

// A Group is a list of runs that one reader wants, trained a few at a time: enough to keep every slot busy, few enough
// that a long list does not shut others out of the queue.
type Group struct {
	pool    *Pool
	reader  Reader
	configs []experiment.Run
	cancel  context.CancelFunc
	workers sync.WaitGroup

	mu       sync.Mutex
	next     int                   // the first config that no worker has taken
	outcomes []*experiment.Outcome // by config; nil while not known
	steps    []int                 // by config, so far
	places   []int                 // by config, in the queue; 0 when it is not waiting
	err      error
	changed  chan struct{}
}

// A GroupView is what the reader of a group sees at one moment. The slices are by config, and the reader's own.
type GroupView struct {
	Outcomes []*experiment.Outcome // nil where not known yet
	Steps    []int                 // so far
	Place    int                   // in the queue, of the run that is nearest to its turn; 0 when one trains or none waits
	Err      error                 // why the group ended before its end: as of Pool.Follow, or why a run failed
	Changed  <-chan struct{}       // closed when there is more to see
}

// FollowAll trains the configs, in order, each as [Pool.Follow] would; they must be valid. Close the group when done.
func (p *Pool) FollowAll(reader Reader, configs []experiment.Run) *Group {
	ctx, cancel := context.WithCancel(p.ctx)
	n := len(configs)
	g := &Group{
		pool: p, reader: reader, configs: configs, cancel: cancel, changed: make(chan struct{}),
		outcomes: make([]*experiment.Outcome, n), steps: make([]int, n), places: make([]int, n),
	}
	for range min(p.options.Slots+1, n) { // one more than can train, so that no slot waits for the next
		g.workers.Go(func() { g.work(ctx) })
	}
	return g
}

// Close ends following: what trains for nobody else parks.
func (g *Group) Close() {
	g.cancel()
	g.workers.Wait()
}

// Look returns the present view. It does not block.
func (g *Group) Look() GroupView {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := GroupView{
		Outcomes: append([]*experiment.Outcome(nil), g.outcomes...), Steps: append([]int(nil), g.steps...),
		Err: g.err, Changed: g.changed,
	}
	for i, place := range g.places {
		switch {
		case g.outcomes[i] == nil && place == 0 && g.steps[i] > 0:
			v.Place = 0
			return v // one trains
		case place > 0 && (v.Place == 0 || place < v.Place):
			v.Place = place
		}
	}
	return v
}

// Wait blocks until every run has its outcome, or ctx ends.
func (g *Group) Wait(ctx context.Context) ([]*experiment.Outcome, error) {
	for {
		v := g.Look()
		if v.Err != nil {
			return nil, v.Err
		}
		if v.Complete() {
			return v.Outcomes, nil
		}
		select {
		case <-v.Changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Complete says whether every outcome is known.
func (v GroupView) Complete() bool {
	for _, o := range v.Outcomes {
		if o == nil {
			return false
		}
	}
	return true
}

// work takes one config after another until there is none, ctx ends or something fails.
func (g *Group) work(ctx context.Context) {
	for {
		g.mu.Lock()
		i := g.next
		if i == len(g.configs) || g.err != nil || ctx.Err() != nil {
			g.mu.Unlock()
			return
		}
		g.next++
		g.mu.Unlock()
		if err := g.follow(ctx, i); err != nil {
			if ctx.Err() == nil || g.pool.ctx.Err() != nil { // not closed by its reader
				g.note(func() {
					if g.err == nil {
						g.err = err
					}
				})
			}
			return
		}
	}
}

// follow follows one run to its end, and notes what it sees.
func (g *Group) follow(ctx context.Context, i int) error {
	follower, err := g.pool.Follow(g.reader, g.configs[i])
	if err != nil {
		return err
	}
	defer follower.Close()
	for {
		v := follower.Look()
		if v.Err != nil {
			return v.Err
		}
		g.note(func() { g.outcomes[i], g.steps[i], g.places[i] = v.Outcome, len(v.Steps), v.Place })
		if v.Outcome != nil {
			return nil
		}
		select {
		case <-v.Changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// note changes the group and wakes its reader.
func (g *Group) note(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
	close(g.changed)
	g.changed = make(chan struct{})
}
