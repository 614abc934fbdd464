// Package runner trains for many who ask at once.
//
// A [Pool] has a slot for each core. [Pool.Follow] joins the run of a config: equal configs train once, whoever comes
// late gets the steps so far, and the finished runs are kept, the least used given up first. A run that waits for a slot
// tells its place. A run that nobody follows any more parks at once: its slot goes to the next, and if nobody comes back
// in time it is given up. So pausing is hanging up, resuming is following from the step one has, and leaving the page
// stops the work.
//
// Main flow: Follow → (queue → slot) → train → steps appended, followers woken → finished, cached.
package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"gradlab/mlcore/experiment"
)

// ErrBusy refuses a run when too many wait already.
var ErrBusy = errors.New("too many runs are waiting; try again in a minute")

// Options bound a pool; a field that is 0 has the default in brackets.
type Options struct {
	Slots      int           // runs that train at the same time [1]
	Queue      int           // runs that may wait [256]
	CacheBytes int           // of finished runs [64 MiB]
	Park       time.Duration // how long a run that nobody follows is kept [30 s]
	Parked     int           // how many of them [8]
}

// A Pool owns the runs of a process.
type Pool struct {
	options Options
	ctx     context.Context // ends with Close: every run stops
	stop    context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	runs     map[string]*run // by canonical query: waiting, training, parked and finished ones
	free     int             // slots
	queue    []*run          // those that wait for a slot, in order
	parked   []*run          // oldest first
	finished []*run          // least recently followed first
	bytes    int             // of the finished
}

// NewPool returns a pool without runs.
func NewPool(o Options) *Pool {
	set := func(v *int, fallback int) {
		if *v == 0 {
			*v = fallback
		}
	}
	set(&o.Slots, 1)
	set(&o.Queue, 256)
	set(&o.CacheBytes, 64<<20)
	set(&o.Parked, 8)
	if o.Park == 0 {
		o.Park = 30 * time.Second
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Pool{options: o, ctx: ctx, stop: stop, runs: map[string]*run{}, free: o.Slots}
}

// Close stops every run and waits until they have ended.
func (p *Pool) Close() {
	p.stop()
	p.running.Wait()
}

// Finished returns the result of a run that has been trained already, without starting one.
func (p *Pool) Finished(config experiment.Train) (*experiment.Outcome, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.runs[key(config)]
	if r == nil || r.state != done {
		return nil, false
	}
	p.touch(r)
	return r.outcome(), true
}

// Follow joins the run of a config, and starts it where there is none. The config must be valid. The error is ErrBusy or
// that of a closed pool. Close the follower when done.
func (p *Pool) Follow(config experiment.Train) (*Follower, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	r := p.runs[key(config)]
	if r == nil {
		if len(p.queue) >= p.options.Queue {
			return nil, ErrBusy
		}
		r = &run{pool: p, key: key(config), config: config, changed: make(chan struct{})}
		p.runs[r.key] = r
		r.followers = 1
		p.queue = append(p.queue, r)
		p.running.Add(1)
		go r.drive()
		p.dispatch()
		return &Follower{run: r}, nil
	}
	r.followers++
	switch r.state {
	case done:
		p.touch(r)
	case parked:
		p.parked = without(p.parked, r)
		r.state = waiting
		p.queue = append(p.queue, r)
		p.dispatch()
	}
	return &Follower{run: r}, nil
}

// key is the identity of a run: its canonical query.
func key(config experiment.Train) string { return config.Query().Encode() }

// dispatch gives free slots to those who wait longest. The lock is held.
func (p *Pool) dispatch() {
	for p.free > 0 && len(p.queue) > 0 {
		r := p.queue[0]
		p.queue = p.queue[1:]
		p.free--
		r.state = training
		r.wake()
	}
	for _, r := range p.queue {
		r.wake() // their places changed
	}
}

// workers is how many cores a run in a slot may use: a lone run takes an idle one along. The lock is held.
func (p *Pool) workers() int {
	if p.options.Slots > 1 && p.free == p.options.Slots-1 {
		return 2
	}
	return 1
}

// release gives a slot back. The lock is held.
func (p *Pool) release() {
	p.free++
	p.dispatch()
}

// forget drops a run that ended without a result to keep. The lock is held.
func (p *Pool) forget(r *run) {
	if p.runs[r.key] == r {
		delete(p.runs, r.key)
	}
	p.parked = without(p.parked, r)
	p.queue = without(p.queue, r)
	r.wake()
	p.dispatch() // tells those behind it their new places
}

// keep caches a finished run, and gives up the least followed ones beyond the cache's size. The lock is held.
func (p *Pool) keep(r *run) {
	p.finished = append(p.finished, r)
	p.bytes += r.bytes()
	for p.bytes > p.options.CacheBytes && len(p.finished) > 0 {
		old := p.finished[0]
		p.finished = p.finished[1:]
		p.bytes -= old.bytes()
		delete(p.runs, old.key) // followers keep what they follow
	}
}

// touch marks a finished run as used. The lock is held.
func (p *Pool) touch(r *run) { p.finished = append(without(p.finished, r), r) }

func without(runs []*run, r *run) []*run {
	for i := range runs {
		if runs[i] == r {
			return append(runs[:i:i], runs[i+1:]...)
		}
	}
	return runs
}
