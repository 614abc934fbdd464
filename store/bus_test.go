package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradlab/store/pgtest"
)

// wait is how long a test waits for what must come.
const wait = 30 * time.Second

// openBus returns a bus that is connected.
func openBus(t *testing.T, dsn string) *Bus {
	t.Helper()
	b, err := open(t, dsn).Bus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	events, end := b.Subscribe("probe")
	defer end()
	until(t, func(ctx context.Context) error { // b may have been connected before we subscribed
		if err := b.Publish(ctx, "probe", nil); err != nil {
			return err
		}
		select {
		case <-events:
			return nil
		case <-time.After(100 * time.Millisecond):
			return errors.New("not connected yet")
		}
	})
	return b
}

// receive returns the next event, "" for the one that says: read again.
func receive(t *testing.T, events <-chan []byte) string {
	t.Helper()
	select {
	case e := <-events:
		return string(e)
	case <-time.After(wait):
		t.Fatal("no event")
		return ""
	}
}

// next skips what says: read again.
func next(t *testing.T, events <-chan []byte) string {
	t.Helper()
	for {
		if e := receive(t, events); e != "" {
			return e
		}
	}
}

func publish(t *testing.T, b *Bus, topic, payload string) {
	t.Helper()
	if err := b.Publish(t.Context(), topic, []byte(payload)); err != nil {
		t.Fatal(err)
	}
}

func TestBusReachesEveryProcess(t *testing.T) {
	dsn := pgtest.Database(t)
	here, there := openBus(t, dsn), openBus(t, dsn)
	mine, _ := here.Subscribe("class 1")
	theirs, _ := there.Subscribe("class 1")
	other, _ := there.Subscribe("class 2")
	for i := range 5 {
		publish(t, here, "class 1", fmt.Sprint("answer ", i, "\nof anna"))
		for _, events := range []<-chan []byte{mine, theirs} {
			if got, want := receive(t, events), fmt.Sprint("answer ", i, "\nof anna"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	publish(t, there, "class 2", "x")
	if got := receive(t, other); got != "x" {
		t.Errorf("the other topic's first event: got %q, want x", got)
	}
}

func TestBusKeepsTheLatest(t *testing.T) {
	b := openBus(t, pgtest.Database(t))
	slow, _ := b.Subscribe("t")
	quick, end := b.Subscribe("t")
	const events = 3 * backlog
	for i := range events {
		publish(t, b, "t", fmt.Sprint(i))
		next(t, quick)
	}
	last, n := "", 0
	for len(slow) > 0 {
		last, n = string(<-slow), n+1
	}
	if want := fmt.Sprint(events - 1); last != want || n != backlog {
		t.Errorf("a slow reader: got %d events, the last %q; want %d, the last %q", n, last, backlog, want)
	}
	end()
	publish(t, b, "t", "after the end")
	next(t, slow)
	if len(quick) != 0 {
		t.Error("an ended subscription goes on")
	}
	if len(b.subscribers["t"]) != 1 {
		t.Errorf("subscribers left: got %d, want 1", len(b.subscribers["t"]))
	}
}

func TestBusRefuses(t *testing.T) {
	b := openBus(t, pgtest.Database(t))
	for name, e := range map[string][2]string{
		"too long": {"t", strings.Repeat("x", maxEvent)}, "NUL": {"t", "a\x00"}, "not UTF-8": {"t", "\xff"}, "topic of two lines": {"a\nb", "x"},
	} {
		if err := b.Publish(t.Context(), e[0], []byte(e[1])); !errors.Is(err, ErrEvent) {
			t.Errorf("%s: got %v, want %v", name, err, ErrEvent)
		}
	}
	if err := b.Publish(t.Context(), "t", []byte(strings.Repeat("x", maxEvent-2))); err != nil {
		t.Errorf("the longest event: %v", err)
	}
	if _, err := open(t, filepath.Join(t.TempDir(), "a.db")).Bus(); !errors.Is(err, ErrNoBus) {
		t.Errorf("SQLite: got %v, want %v", err, ErrNoBus)
	}
}

// The server is stopped and comes back: the bus finds it again and says so to its subscribers.
func TestBusOutlivesTheServer(t *testing.T) {
	server := pgtest.New(t)
	dsn, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := openBus(t, dsn)
	events, _ := b.Subscribe("t")
	for _, crash := range []bool{false, true} {
		if err := server.Stop(t.Context(), crash); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), "t", []byte("lost")); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Publish without a server: got %v, want %v", err, ErrUnavailable)
		}
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, events); got != "" {
			t.Errorf("after the outage: got %q, want the event that says to read again", got)
		}
		until(t, func(ctx context.Context) error { return b.Publish(ctx, "t", []byte("found")) })
		if got := next(t, events); got != "found" {
			t.Errorf("got %q, want found", got)
		}
	}
}

// until repeats try until it succeeds.
func until(t *testing.T, try func(context.Context) error) {
	t.Helper()
	var err error
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = try(t.Context()); err == nil {
			return
		}
	}
	t.Fatalf("still after %v: %v", wait, err)
}
