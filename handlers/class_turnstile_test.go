package handlers

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Sleepers keep everybody asleep until they are told to wake them.
type sleepers struct {
	asleep chan time.Duration // gets each that falls asleep
	awake  chan struct{}      // closed to wake all
	wake   func()
}

func newSleepers() *sleepers {
	h := &sleepers{asleep: make(chan time.Duration, 10_000), awake: make(chan struct{})}
	h.wake = sync.OnceFunc(func() { close(h.awake) })
	return h
}

func (h *sleepers) sleep(d time.Duration) {
	h.asleep <- d
	<-h.awake
}

// Wrong codes, however many, keep out neither the class nor a newcomer who has the right one.
func TestFloodOfWrongCodes(t *testing.T) {
	now, held := time.Now(), newSleepers()
	c := newTestClass(t, func(c *Config) { c.Clock, c.Sleep = func() time.Time { return now }, held.sleep })
	defer held.wake()
	const free, places = 500, 200 // as newLimits has them
	flood := func() int { return c.do(t, http.DefaultClient, "GET", "/class/AAAAAAA", nil).status }
	for i := range free {
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
	for range places - 60 {
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
	now, held := time.Now(), newSleepers()
	held.wake()
	s := newSite(t, func(c *Config) {
		c.TeacherPassword, c.Clock, c.Sleep = "chalk", func() time.Time { return now }, held.sleep
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
