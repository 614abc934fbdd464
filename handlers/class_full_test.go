package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"gradlab/classroom"
	"gradlab/handlers/class"
	"gradlab/store"
)

// A failing store reads, but keeps nothing while full is set.
type failing struct {
	class.Rows
	full atomic.Bool
}

func (f *failing) err() error {
	if f.full.Load() {
		return store.ErrFull
	}
	return nil
}

func (f *failing) CreateClass(ctx context.Context, c classroom.Class) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Rows.CreateClass(ctx, c)
}

func (f *failing) UpdateClass(ctx context.Context, c classroom.Class) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Rows.UpdateClass(ctx, c)
}

func (f *failing) Join(ctx context.Context, class, owner string, m classroom.Member) (classroom.Member, error) {
	if err := f.err(); err != nil {
		return m, err
	}
	return f.Rows.Join(ctx, class, owner, m)
}

func (f *failing) SaveGuess(ctx context.Context, class string, version int64, owner string, g classroom.Guess) error {
	if err := f.err(); err != nil {
		return err
	}
	return f.Rows.SaveGuess(ctx, class, version, owner, g)
}

func (f *failing) SaveClassAnswer(ctx context.Context, class string, version int64, owner string, a classroom.Answer) (classroom.Answer, error) {
	if err := f.err(); err != nil {
		return a, err
	}
	return f.Rows.SaveClassAnswer(ctx, class, version, owner, a)
}

func (f *failing) SaveMark(ctx context.Context, class string, m classroom.Mark) (classroom.Mark, error) {
	if err := f.err(); err != nil {
		return m, err
	}
	return f.Rows.SaveMark(ctx, class, m)
}

// On a full disk every page says so, at the field where something was written; what was written stays in its box; pages can be
// read; and with room again everything goes on.
func TestClassOnAFullDisk(t *testing.T) {
	full := &failing{}
	site := newSite(t, func(c *Config) { full.Rows, c.Classes = c.Classes, full })
	c := &testClass{testSite: site}
	c.teacher, c.code = site.openClass(t)
	c.student = site.join(t, c.code, "Anna")
	predict := c.to(t, classroom.Predict)
	at, script := "/class/"+c.code, []string{"Accept", "application/json"}
	const words = "disk is full"

	guess, text := url.Values{"stop": {predict.ID}, "guess": {"-12"}}, "because the slopes multiply"
	full.full.Store(true)
	if got := c.do(t, c.student, "POST", at+"/guess", guess, script...); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, words) {
		t.Errorf("a script's guess: %d %s", got.status, got.body)
	}
	if got := c.do(t, c.student, "POST", at+"/guess", guess); got.status != http.StatusServiceUnavailable ||
		!strings.Contains(got.body, words) || !strings.Contains(got.body, `value="-12"`) {
		t.Errorf("a form's guess: %d, want 503, the reason and the guess in its box", got.status)
	}
	for path, form := range map[string]url.Values{
		at + "/do": {"do": {"lock"}}, at + "/join": {"nickname": {"A."}}, at + "/plan": {"kind": {"ask"}, "title": {"Why?"}}, "/class": {"title": {"x"}},
	} {
		if got := c.do(t, c.teacher, "POST", path, form); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, words) {
			t.Errorf("POST %s: %d, want 503 and the reason", path, got.status)
		}
	}
	if got := c.do(t, c.student, "GET", at, nil); got.status != http.StatusOK {
		t.Errorf("the student's page: %d, want 200", got.status)
	}

	full.full.Store(false)
	if got := c.do(t, c.student, "POST", at+"/guess", guess, script...); got.status != http.StatusOK {
		t.Errorf("with room again: %d %s", got.status, got.body)
	}
	ask := c.to(t, classroom.Ask)
	full.full.Store(true)
	answer := url.Values{"stop": {ask.ID}, "text": {text}, "run": {"/labs/chain?depth=3"}}
	if got := c.do(t, c.student, "POST", at+"/answer", answer); got.status != http.StatusServiceUnavailable ||
		!strings.Contains(got.body, words) || !strings.Contains(got.body, text) || !strings.Contains(got.body, "/labs/chain?depth=3") {
		t.Errorf("a form's answer: %d, want 503, the reason, the text and the run in their boxes", got.status)
	}
	full.full.Store(false)
	if got := c.do(t, c.student, "POST", at+"/answer", answer, script...); got.status != http.StatusOK {
		t.Errorf("with room again: %d %s", got.status, got.body)
	}
	member := c.memberID(t)
	mark := url.Values{"stop": {ask.ID}, "member": {member}, "points": {"1"}}
	full.full.Store(true)
	if got := c.do(t, c.teacher, "POST", at+"/marks", mark, script...); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, words) {
		t.Errorf("a mark: %d %s", got.status, got.body)
	}
}

// memberID is the id of the class's only member.
func (c *testClass) memberID(t *testing.T) string {
	t.Helper()
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil || len(members) != 1 {
		t.Fatalf("members %v, %v", members, err)
	}
	return members[0].ID
}
