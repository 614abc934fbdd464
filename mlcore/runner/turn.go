package runner

import (
	"context"
	"sync"
)

// Turn blocks until it is a reader's turn to compute something short that is no run, of so much work in multiply-adds, and
// returns what ends the turn; that may be called more than once. A turn is a run of one step to the schedule, so it passes what
// is longer, and of one reader's many others wait behind none but the first. It takes a slot and nothing of the budget. Who has
// a turn must not wait for a run, which may wait for its slot. The error is ctx's, or that of a closed pool.
func (p *Pool) Turn(ctx context.Context, reader Reader, work float64) (end func(), err error) {
	j := &job{total: work, left: work, step: work, turn: make(chan struct{})}
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.turns++
	p.schedule.want(j, reader)
	p.settle()
	p.mu.Unlock()
	end = sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.turns--
		p.schedule.release(j) // which charges the reader, if the turn has come
		p.settle()
	})
	select {
	case <-j.turn:
		return end, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-p.ctx.Done():
		err = p.ctx.Err()
	}
	end()
	return nil, err
}
