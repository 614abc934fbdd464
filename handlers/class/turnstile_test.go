package class

import (
	"context"
	"sync"
	"testing"
	"time"
)

// A heldSleep keeps everybody asleep until it is told to wake them.
type heldSleep struct {
	asleep chan time.Duration // gets each that falls asleep
	awake  chan struct{}      // closed to wake all
	wake   func()
}

func newHeldSleep() *heldSleep {
	h := &heldSleep{asleep: make(chan time.Duration, 10_000), awake: make(chan struct{})}
	h.wake = sync.OnceFunc(func() { close(h.awake) })
	return h
}

func (h *heldSleep) sleep(d time.Duration) {
	h.asleep <- d
	<-h.awake
}

// While every place is held by wrong tries nobody learns whether a secret is right, also who hangs up learns nothing sooner; when
// places come back, whoever came first is let in, and nobody was refused.
func TestTurnstile(t *testing.T) {
	now, held := time.Now(), newHeldSleep()
	gate := &newLimits(func() time.Time { return now }, held.sleep).passwords
	places, free := cap(gate.places), int(gate.all.Burst)
	for range free { // the first wrong ones of all cost no time
		leave, ok := gate.enterNow()
		if !ok {
			t.Fatal("there is no place though nobody is held")
		}
		gate.wrong("")
		leave()
	}
	for range places {
		leave, ok := gate.enterNow()
		if !ok {
			t.Fatal("there are fewer places than were made")
		}
		go func() {
			defer leave()
			gate.wrong("")
		}()
		if d := <-held.asleep; d != time.Second {
			t.Fatalf("a wrong try is held for %v, want a second", d)
		}
	}
	if _, ok := gate.enterNow(); ok {
		t.Error("there is a place though all are held")
	}
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if _, err := gate.enter(gone); err == nil {
		t.Error("one who has hung up was let in")
	}
	let := make(chan error)
	go func() {
		leave, err := gate.enter(t.Context())
		if err == nil {
			leave()
		}
		let <- err
	}()
	held.wake()
	if err := <-let; err != nil {
		t.Errorf("one who waited was refused: %v", err)
	}
}

// A visitor's own wrong tries are held after a dozen, others' are not.
func TestTurnstileOfAVisitor(t *testing.T) {
	now, held := time.Now(), newHeldSleep()
	held.wake()
	gate := &newLimits(func() time.Time { return now }, held.sleep).codes
	for range 13 {
		gate.wrong("one")
	}
	gate.wrong("another")
	if n := len(held.asleep); n != 1 {
		t.Errorf("%d tries were held, want the thirteenth of the one", n)
	}
}
