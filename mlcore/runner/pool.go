// Package runner trains for many who ask at once.
//
// [Pool.Follow] joins the run of a config: equal configs train once, whoever comes late gets the steps so far, and the
// finished runs are kept, the least used given up first. A run that nobody follows any more parks at once: its slot goes to
// the next, and if nobody comes back in time it is given up. So pausing is hanging up, resuming is following from the step
// one has, and leaving the page stops the work.
//
// Which runs train, in what order, and what memory they hold is decided in one place, schedule.go: cores and memory are
// shared fairly among readers, short runs pass long ones between two steps, and classes have a share of their own. A run
// that waits tells its place. It keeps it while its readers are away for a moment, as those who poll are.
//
// Main flow: Follow → (place → slot) → train, a step at a time, pausing for others → steps appended, followers woken →
// finished, cached.
package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"gradlab/mlcore/experiment"
)

// ErrBusy refuses a run when too many wait already: the one that would be served last.
var ErrBusy = errors.New("too many runs are waiting; try again in a minute")

// ErrOwn refuses a run to a reader who has too many under way.
var ErrOwn = errors.New("you have too many runs under way; wait for one of them to end")

// TooLarge refuses a run that could never fit.
type TooLarge struct{ Need, Most int64 } // bytes

func (e TooLarge) Error() string {
	return fmt.Sprintf("this run needs %d MB, and the server gives a run %d MB at most; lower the batch, the width or the depth", e.Need>>20, e.Most>>20)
}

// A Reader is for whom a run is followed: the cores are shared among readers.
type Reader struct {
	Key   string // tells readers apart, and means nothing here
	Class bool   // a class on stage: half of the cores' work is for classes, and theirs is done first
}

// Options bound a pool; a field that is 0 has the default in brackets.
type Options struct {
	Slots  int           // runs that train at the same time [1]
	Budget int64         // bytes of memory for all runs together: in training, paused, parked and finished [512 MiB]
	Queue  int           // runs that may wait [1024]
	Own    int           // runs that one reader may have waiting or in training [32]
	Grace  time.Duration // how long a run that nobody follows is kept, with its place [30 s]
}

// placesTime is the least time between two words to those who wait on their places.
const placesTime = 250 * time.Millisecond

// A Pool owns the runs of a process.
type Pool struct {
	options Options
	ctx     context.Context // ends with Close: every run stops
	stop    context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	schedule *schedule
	runs     map[string]*run // by key: waiting, training, parked and finished ones
	waiting  int             // runs that hold no slot and have no state: followed, or left a moment ago
	turns    int             // that are waited for, or under way
	left     []*run          // of the waiting, those that nobody follows; oldest first
	telling  bool            // of places, in a moment
	freed    int64           // bytes that were dropped since the collector was told
	refused  int             // runs, since the start
}

// NewPool returns a pool without runs.
func NewPool(o Options) *Pool {
	set := func(v *int, fallback int) {
		if *v == 0 {
			*v = fallback
		}
	}
	set(&o.Slots, 1)
	set(&o.Queue, 1024)
	set(&o.Own, 32)
	if o.Budget == 0 {
		o.Budget = 512 << 20
	}
	if o.Grace == 0 {
		o.Grace = 30 * time.Second
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &Pool{options: o, ctx: ctx, stop: stop, runs: map[string]*run{}}
	p.schedule = newSchedule(o.Slots, o.Budget, p)
	return p
}

// Most is the memory that one run may need, in bytes.
func (p *Pool) Most() int64 { return p.schedule.most() }

// Close stops every run and waits until they have ended.
func (p *Pool) Close() {
	p.stop()
	p.running.Wait()
}

// Finished returns the result of a run that has been trained already, without starting one.
func (p *Pool) Finished(config experiment.Run) (*experiment.Outcome, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.runs[config.Key()]
	if r == nil || r.outcome == nil {
		return nil, false
	}
	p.schedule.touch(&r.job)
	return r.outcome, true
}

// Follow joins the run of a config, and starts it where there is none. The config must be valid. The error is ErrBusy,
// ErrOwn, a TooLarge, or that of a closed pool. Close the follower when done.
func (p *Pool) Follow(reader Reader, config experiment.Run) (*Follower, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	r := p.runs[config.Key()]
	if r != nil && r.outcome != nil {
		p.schedule.touch(&r.job)
		return &Follower{run: r, reader: reader}, nil
	}
	if (r == nil || r.readers[reader] == 0) && p.schedule.wanted(reader) >= p.options.Own {
		p.refused++
		return nil, ErrOwn
	}
	if r == nil {
		r = newRun(p, config)
		if need, most := r.need(), p.schedule.most(); need > most {
			p.refused++
			return nil, TooLarge{need, most}
		}
		p.runs[r.key] = r
		p.waiting++
		p.running.Add(1)
		go r.drive()
	}
	p.left = without(p.left, r)
	r.readers[reader]++
	p.schedule.want(&r.job, reader)
	p.settle()
	p.crowd()
	if r.gone { // it was the last in the order
		return nil, r.err
	}
	return &Follower{run: r, reader: reader}, nil
}

// crowd gives up runs where too many wait: those that nobody follows, then those that would be served last. The lock is held.
func (p *Pool) crowd() {
	for p.waiting > p.options.Queue {
		if len(p.left) > 0 {
			p.giveUp(p.left[0], context.Canceled)
			continue
		}
		last := p.schedule.last()
		if last == nil {
			return
		}
		p.refused++
		p.giveUp(last.run, ErrBusy)
	}
}

// leave is for a run that has lost its last follower. The lock is held.
func (p *Pool) leave(r *run) {
	p.schedule.leave(&r.job)
	if !r.begun {
		p.left = append(p.left, r)
	}
	r.leavings++
	p.expire(r, r.leavings)
	p.settle()
}

// expire gives a run up when its time is over, unless somebody has come back since it was left for the nth time.
func (p *Pool) expire(r *run, nth int) {
	time.AfterFunc(p.options.Grace, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch {
		case len(r.readers) > 0 || r.leavings != nth || r.outcome != nil:
		case r.training: // a step is under way
			p.expire(r, nth)
		default:
			p.giveUp(r, context.Canceled)
		}
	})
}

// giveUp ends a run without a result. The lock is held.
func (p *Pool) giveUp(r *run, err error) {
	if r.gone {
		return
	}
	p.lose(r, err)
	p.schedule.release(&r.job)
	p.settle()
}

// lose forgets a run that the schedule drops, or has dropped. The lock is held.
func (p *Pool) lose(r *run, err error) {
	if !r.begun {
		p.waiting--
	}
	p.freed += r.holds()
	p.left = without(p.left, r)
	delete(p.runs, r.key)
	r.gone, r.err, r.session = true, err, nil
	r.wake()
}

// settle lets the schedule start what can be started, and tells those who wait where they are, in a moment. The lock is held.
func (p *Pool) settle() {
	p.schedule.settle()
	if p.telling || !p.schedule.waits() {
		return
	}
	p.telling = true
	time.AfterFunc(placesTime, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.telling = false
		place := 0
		for j := range p.schedule.order {
			if j.training {
				continue
			}
			if place++; j.run != nil && j.run.told != place {
				j.run.told = place
				j.run.wake()
			}
		}
	})
}

// The pool is the schedule's hands. The lock is held in all four.

func (p *Pool) start(j *job, anew bool) {
	if j.run == nil {
		close(j.turn)
		return
	}
	if anew {
		p.waiting--
	}
	j.run.wake()
}

func (p *Pool) shed(j *job) {
	p.freed += j.work
	j.run.session.Shed() // it is paused: its goroutine does not use it
}

func (p *Pool) restart(j *job) {
	p.freed += j.holds()
	p.waiting++
	j.run.session = nil
}

func (p *Pool) forget(j *job) {
	if r := j.run; r.outcome == nil {
		p.lose(r, context.Canceled)
	} else {
		p.freed += j.holds()
		delete(p.runs, r.key) // followers keep what they follow
	}
}

// collect gives dropped memory back before more is taken, where that is much: the garbage collector would wait until as
// much again is in use. The lock is not held.
func (p *Pool) collect() {
	p.mu.Lock()
	much := p.freed > p.options.Budget/16
	if much {
		p.freed = 0
	}
	p.mu.Unlock()
	if much {
		debug.FreeOSMemory()
	}
}

// workers is how many cores a run in a slot may use: a lone run takes an idle one along. The lock is held.
func (p *Pool) workers() int {
	if p.options.Slots > 1 && p.schedule.training == 1 {
		return 2
	}
	return 1
}

func without(runs []*run, r *run) []*run {
	return slices.DeleteFunc(runs, func(other *run) bool { return other == r })
}

// Stats are a pool's figures at one moment.
type Stats struct {
	Training, Waiting, Parked, Finished int   // runs
	Turns                               int   // that are waited for, or under way
	Held, Budget                        int64 // bytes
	// Since the start: runs whose memory was taken while they were parked, of which paused runs dropped what only a step
	// needs, finished ones, paused ones that began again, and runs that were refused.
	EvictedParked, Shed, EvictedFinished, Restarted, Refused int
}

// Stats returns the present figures.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.schedule
	return Stats{
		Training: s.training, Waiting: p.waiting - len(p.left), Turns: p.turns, Parked: len(s.parked), Finished: len(s.finished), Held: s.held, Budget: s.budget,
		EvictedParked: s.counts.parked, Shed: s.counts.shed, EvictedFinished: s.counts.finished, Restarted: s.counts.restarted, Refused: p.refused,
	}
}
