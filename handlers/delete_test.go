package handlers

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/store"
)

// Who deletes everything is gone from classes, too, on both databases; the teacher sees nothing of it any more.
func TestDeletingEverythingLeavesClasses(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		class := "/class/" + c.code
		predict := c.to(t, classroom.Predict)
		c.do(t, c.student, "POST", class+"/guess", url.Values{"stop": {predict.ID}, "guess": {"-3"}})
		ask := c.to(t, classroom.Ask)
		if got := c.do(t, c.student, "POST", class+"/answer", url.Values{"stop": {ask.ID}, "text": {"Anna’s words"}}); got.status != 303 {
			t.Fatalf("answer: %d", got.status)
		}
		members, err := c.store.Members(t.Context(), c.stored(t).ID)
		if err != nil || len(members) != 1 {
			t.Fatal(members, err)
		}
		c.act(t, "pick", "stop", ask.ID, "member", members[0].ID)
		c.do(t, c.teacher, "POST", class+"/marks", url.Values{"stop": {ask.ID}, "member": {members[0].ID}, "points": {"2"}, "comment": {"Well put"}})
		if got := c.do(t, c.teacher, "GET", class+"/export.json", nil); !strings.Contains(got.body, "Anna’s words") || !strings.Contains(got.body, "Well put") {
			t.Fatalf("before: %s", got.body)
		}
		if got := c.do(t, c.student, "GET", "/answers", nil); !strings.Contains(got.body, "Delete all my data") {
			t.Error("a student who only was in a class cannot delete that")
		}
		if got := c.do(t, c.student, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != 303 || !strings.Contains(got.header.Get("Set-Cookie"), "visitor=;") {
			t.Fatalf("delete: %d, cookie %q", got.status, got.header.Get("Set-Cookie"))
		}
		for _, path := range []string{"/export.json", "/export.csv", "/marks", "/remote", "/board", "/projector"} {
			got := c.do(t, c.teacher, "GET", class+path, nil)
			if got.status != 200 || strings.Contains(got.body, "Anna") || strings.Contains(got.body, "Well put") {
				t.Errorf("the teacher still sees the student at %s: %d %.300s", path, got.status, got.body)
			}
		}
		if members, err := c.store.Members(t.Context(), c.stored(t).ID); err != nil || len(members) != 0 {
			t.Errorf("members afterwards: %v, %v", members, err)
		}
	})
}

// brokenDeletion is a store that cannot delete.
type brokenDeletion struct{ *store.Store }

func (brokenDeletion) DeleteAll(context.Context, string) ([]string, error) { return nil, store.ErrFull }

// The cookie that could delete the rest is kept where not all is deleted.
func TestCookieOutlivesAFailedDeletion(t *testing.T) {
	site := newSite(t, func(c *Config) { c.Answers = brokenDeletion{c.Answers.(*store.Store)} })
	c := site.client(t)
	site.do(t, c, "GET", "/class", nil)
	if got := site.do(t, c, "POST", "/answers/delete", url.Values{"sure": {"1"}}); got.status != 503 || got.header.Get("Set-Cookie") != "" {
		t.Errorf("%d, cookie %q; want 503 and none", got.status, got.header.Get("Set-Cookie"))
	}
}
