package autograd

import (
	"errors"
	"iter"
	"sync"
	"sync/atomic"
)

// A Group is the tapes on which the shards of one batch are computed side by side. They meet where samples mix: a
// BatchNorm's statistics are those of all shards, as in torch.nn.SyncBatchNorm. Results do not depend on how many tapes
// run at a time.
type Group struct {
	said     [2][][]float64      // by rank, at the present meeting and the last one: a slow tape may still read that
	arrived  atomic.Int32        // at the present meeting
	over     atomic.Uint32       // meetings that all have been to
	yield    func(struct{}) bool // ends the present tape's turn, where they take turns; else they wait
	mutex    sync.Mutex
	changed  sync.Cond
	patience atomic.Int32 // how often to look for the others before sleeping
	failed   any          // what the first panic said
}

// errStopped ends a shard whose turn does not come again, since another one has panicked.
var errStopped = errors.New("autograd: another shard of the batch failed")

// NewGroup returns a group of the given number of tapes.
func NewGroup(tapes int) *Group {
	g := &Group{}
	g.changed.L = &g.mutex
	for i := range g.said {
		g.said[i] = make([][]float64, tapes)
	}
	return g
}

// Size is the number of tapes.
func (g *Group) Size() int { return len(g.said[0]) }

// Join makes t one of the group, with a rank from 0.
func (t *Tape[T]) Join(g *Group, rank int) { t.group, t.rank = g, rank }

// Run runs every shard: in turns, or with several workers side by side. A panic in one is a panic of Run.
func (g *Group) Run(workers int, shard func(rank int)) {
	g.arrived.Store(0)
	g.failed = nil
	if workers == 1 {
		g.takeTurns(shard)
		return
	}
	g.yield = nil
	var others sync.WaitGroup
	for rank := 1; rank < g.Size(); rank++ {
		others.Go(func() { g.guard(rank, shard) })
	}
	g.guard(0, shard)
	others.Wait()
	if g.failed != nil {
		panic(g.failed)
	}
}

// takeTurns runs each shard up to a meeting that others have still to come to, then the next.
func (g *Group) takeTurns(shard func(rank int)) {
	next := make([]func() (struct{}, bool), g.Size())
	yields := make([]func(struct{}) bool, g.Size())
	for rank := range next {
		var stop func()
		next[rank], stop = iter.Pull(func(yield func(struct{}) bool) {
			defer func() {
				if v := recover(); v != nil && v != errStopped {
					panic(v)
				}
			}()
			yields[rank], g.yield = yield, yield
			shard(rank)
		})
		defer stop()
	}
	for alive := true; alive; {
		alive = false
		for rank := range next {
			g.yield = yields[rank]
			_, ok := next[rank]()
			alive = alive || ok
		}
	}
}

// guard runs one shard beside others. Its panic is kept for Run: it would end the program, and leave the others waiting.
func (g *Group) guard(rank int, shard func(rank int)) {
	defer func() {
		if v := recover(); v != nil {
			g.mutex.Lock()
			defer g.mutex.Unlock()
			if g.failed == nil {
				g.failed = v
			}
			g.changed.Broadcast()
		}
	}()
	shard(rank)
}

// gather returns what the tapes of t's group say, by rank, to be read until the next meeting. Without a group that is
// what t says.
func (t *Tape[T]) gather(mine []float64) [][]float64 {
	if t.group == nil {
		t.alone[0] = mine
		return t.alone[:]
	}
	return t.group.gather(t.rank, mine)
}

func (g *Group) gather(rank int, mine []float64) [][]float64 {
	meeting := g.over.Load()
	all := g.said[meeting%2]
	all[rank] = append(all[rank][:0], mine...)
	last := int(g.arrived.Add(1)) == len(all)
	switch {
	case last:
		g.arrived.Store(0)
		g.mutex.Lock()
		g.over.Add(1)
		g.changed.Broadcast()
		g.mutex.Unlock()
	case g.yield != nil:
		if !g.yield(struct{}{}) {
			panic(errStopped)
		}
	default:
		g.wait(meeting)
	}
	return all
}

// How often a tape looks for the others before it sleeps: at most for about as long as falling asleep and being woken
// takes; ever less often where it was in vain, as on a machine that is busy.
const (
	mostLooks  = 1 << 14
	leastLooks = 1 << 4
)

// wait returns when all have been to a meeting.
func (g *Group) wait(meeting uint32) {
	looks := max(leastLooks, g.patience.Load())
	for range looks {
		if g.over.Load() != meeting {
			g.patience.Store(min(mostLooks, 2*looks))
			return
		}
	}
	g.patience.Store(looks / 2)
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for g.over.Load() == meeting && g.failed == nil {
		g.changed.Wait()
	}
	if g.failed != nil {
		panic(g.failed)
	}
}
