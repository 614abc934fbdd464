package class

import (
	"context"
	"time"

	"gradlab/classroom"
)

// A turnstile bounds how often a secret can be tried, and never refuses the right one. Whoever tries takes a place, in the order of
// coming, before it is told whether the secret is right. A right one gives the place back at once. A wrong one does so, too, as
// long as there were few of its visitor's and few of all; beyond that it keeps its place for a while, also when who tried hangs
// up, since nobody must try faster by not waiting for the answer.
//
// So there are at most places ÷ hold + all.Rate wrong tries a second, whoever makes them, and one who comes to n tries in
// flight waits n × hold ÷ places at the longest.
type turnstile struct {
	places chan struct{} // of those who have one
	mine   classroom.Limiter
	all    classroom.Limiter
	hold   time.Duration
	sleep  func(time.Duration)
}

// enter waits for a place, as long as ctx lasts, and returns what gives it back.
func (t *turnstile) enter(ctx context.Context) (leave func(), err error) {
	select {
	case t.places <- struct{}{}:
		return t.leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// enterNow is enter for those who do not wait.
func (t *turnstile) enterNow() (leave func(), ok bool) {
	select {
	case t.places <- struct{}{}:
		return t.leave, true
	default:
		return nil, false
	}
}

func (t *turnstile) leave() { <-t.places }

// wrong counts a wrong try of a visitor who has a place, and keeps it there for a while where there were too many. Who has no
// cookie yet, as everybody who has just scanned a code, counts among all alone; a new cookie is to be had for the asking anyway.
func (t *turnstile) wrong(visitor string) {
	few := visitor == "" || t.mine.Allow(visitor)
	if fewOfAll := t.all.Allow(""); !few || !fewOfAll {
		t.sleep(t.hold)
	}
}
