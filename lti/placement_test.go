package lti_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"gradlab/lti"
)

// A score that cannot be sent is tried less and less often, for an hour, and then given up with its reason; what the platform has understood and refuses
// is given up at once.
func TestTries(t *testing.T) {
	begun := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	away := errors.New("the platform answered 503 Service Unavailable")
	o, now := lti.Outgoing{Queued: begun, Next: begun}, begun
	var waits []time.Duration
	for o.Failed.IsZero() {
		if now = o.Next; now.Sub(begun) > 2*time.Hour {
			t.Fatal("tried for two hours")
		}
		o = o.Tried(now, away)
		if o.Failed.IsZero() {
			waits = append(waits, o.Next.Sub(now))
		}
	}
	if len(waits) < 6 || waits[0] != 10*time.Second || waits[1] != 30*time.Second || waits[len(waits)-1] != 15*time.Minute {
		t.Errorf("waited %v", waits)
	}
	if after := o.Failed.Sub(begun); after < time.Hour || after > 90*time.Minute || len(o.Tries) != len(waits)+1 || o.Tries[0].Failed != away.Error() || !o.Next.IsZero() {
		t.Errorf("given up after %v: %+v", after, o)
	}
	if sent := (lti.Outgoing{Queued: begun}).Tried(begun, nil); !sent.Sent.Equal(begun) || !sent.Next.IsZero() || len(sent.Tries) != 1 {
		t.Errorf("sent: %+v", sent)
	}
	if refused := (lti.Outgoing{Queued: begun}).Tried(begun, &lti.StatusError{Status: http.StatusNotFound}); refused.Failed.IsZero() || !refused.Next.IsZero() {
		t.Errorf("refused: %+v", refused)
	}
	o.Queued = now.Add(time.Minute) // another score took its place
	if next := o.Tried(o.Queued, away); next.Next.Sub(o.Queued) != 10*time.Second || next.Failures() != 1 || o.Failures() != 0 {
		t.Errorf("the first try of another score is followed by one after %v", next.Next.Sub(o.Queued))
	}
	for range 50 {
		o.Failed = time.Time{}
		o = o.Tried(now, away)
	}
	if len(o.Tries) != lti.MaxTries {
		t.Errorf("%d tries are kept, want %d", len(o.Tries), lti.MaxTries)
	}
}

func TestPoints(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "0": 0, "10": 1000, "7.5": 750, "1000": 100000, "-1": -1, "1001": -1, "NaN": -1, "Inf": -1, "ten": -1} {
		if got, err := lti.ParsePoints(text); (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}
