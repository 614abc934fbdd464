package handlers

import (
	"context"
	"net/http"
	"net/url"
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
	gate := &newClassLimits(func() time.Time { return now }, held.sleep).passwords
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
	gate := &newClassLimits(func() time.Time { return now }, held.sleep).codes
	for range 13 {
		gate.wrong("one")
	}
	gate.wrong("another")
	if n := len(held.asleep); n != 1 {
		t.Errorf("%d tries were held, want the thirteenth of the one", n)
	}
}

// Wrong codes, however many, keep out neither the class nor a newcomer who has the right one.
func TestFloodOfWrongCodes(t *testing.T) {
	now, held := time.Now(), newHeldSleep()
	c := newTestClass(t, func(c *Config) { c.clock, c.sleep = func() time.Time { return now }, held.sleep })
	defer held.wake()
	limits := newClassLimits(nil, nil) // as the site's
	flood := func() int { return c.do(t, http.DefaultClient, "GET", "/class/AAAAAAA", nil).status }
	for i := range int(limits.codes.all.Burst) {
		if got := flood(); got != http.StatusNotFound {
			t.Fatalf("wrong code %d: status %d", i+1, got)
		}
	}
	for range 60 { // held, while there are places left: the right code passes at once
		go http.Get(c.URL + "/class/AAAAAAA")
		<-held.asleep
	}
	join := func(client *http.Client, nickname string) int {
		return c.do(t, client, "POST", "/class/join", url.Values{"code": {c.code}, "nickname": {nickname}}).status
	}
	for range 60 {
		if got := join(c.client(t), "Dora"); got != http.StatusSeeOther {
			t.Fatalf("a newcomer with the right code: status %d, want 303", got)
		}
	}
	for range cap(limits.codes.places) - 60 {
		go http.Get(c.URL + "/class/AAAAAAA")
		<-held.asleep
	}
	// No place is left. Who is in the class does not need one.
	for who, test := range map[string]struct {
		client *http.Client
		path   string
	}{"a student": {c.student, ""}, "a student's script": {c.student, "/state"}, "the teacher": {c.teacher, "/remote"}} {
		if got := c.do(t, test.client, "GET", "/class/"+c.code+test.path, nil).status; got != http.StatusOK {
			t.Errorf("%s: status %d, want 200", who, got)
		}
	}
	waiting := make(chan int)
	go func() { waiting <- join(c.client(t), "Emil") }()
	held.wake()
	if got := <-waiting; got != http.StatusSeeOther {
		t.Errorf("a newcomer who had to wait: status %d, want 303", got)
	}
}

// Wrong passwords, however many and from however many cookies, keep no teacher out.
func TestFloodOfWrongPasswords(t *testing.T) {
	now, held := time.Now(), newHeldSleep()
	held.wake()
	s := newSite(t, func(c *Config) {
		c.TeacherPassword, c.clock, c.sleep = "chalk", func() time.Time { return now }, held.sleep
	})
	teacher := s.client(t)
	open := func(client *http.Client, password string) int {
		return s.do(t, client, "POST", "/class", url.Values{"password": {password}}).status
	}
	for range 700 {
		if got := open(http.DefaultClient, "cheese"); got != http.StatusForbidden {
			t.Fatalf("a wrong password: status %d, want 403", got)
		}
	}
	if len(held.asleep) < 200 {
		t.Errorf("%d of 700 wrong passwords were slowed down, want the last 200", len(held.asleep))
	}
	for n := range 20 { // the same browser opens as many as it likes
		if got := open(teacher, "chalk"); got != http.StatusSeeOther {
			t.Errorf("class %d with the right password: status %d, want 303", n+1, got)
		}
	}
}
