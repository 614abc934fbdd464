package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/store"
)

// What teachers and students do is in the log on both databases, with who did it as far as that may be known: the fingerprint of a key,
// and nothing of a visitor.
func TestLogSaysWhoDidWhat(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		at := "/class/" + c.code
		ask := c.to(t, classroom.Ask)
		c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Anna’s own words"}})
		member := c.memberID(t)
		link := secretOf(t, c.do(t, c.teacher, "GET", at+"/remote", nil).body, at+"/key")
		for _, step := range []struct {
			who    *http.Client
			method string
			path   string
			form   url.Values
			status int
		}{
			{c.teacher, "POST", at + "/marks", url.Values{"stop": {ask.ID}, "member": {member}, "points": {"1"}, "comment": {"about Anna"}}, 303},
			{c.teacher, "POST", at + "/do", url.Values{"do": {"close"}}, 303},
			{c.teacher, "POST", at + "/do", url.Values{"do": {"release"}}, 303},
			{c.teacher, "GET", at + "/export.csv", nil, 200},
			{c.student, "GET", at + "/export.csv", nil, 403},
			{c.client(t), "POST", at + "/key", url.Values{"secret": {"wrong"}}, 403},
			{c.client(t), "POST", at + "/key", url.Values{"secret": {link}}, 303},
			{c.teacher, "POST", at + "/key/new", nil, 303},
			{c.student, "GET", "/answers/everything.json", nil, 200},
			{c.student, "POST", "/answers/delete", url.Values{"sure": {"1"}}, 303},
			{c.teacher, "POST", at + "/delete", url.Values{"code": {c.code}}, 303},
		} {
			if got := c.do(t, step.who, step.method, step.path, step.form); got.status != step.status {
				t.Fatalf("%s %s: %d, want %d: %.200s", step.method, step.path, got.status, step.status, got.body)
			}
		}
		events, err := c.store.EventsAfter(t.Context(), audit.Event{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		teachers := map[string]bool{}
		for _, e := range events {
			role, key, _ := strings.Cut(e.Name, " with key ")
			if role == "teacher" {
				teachers[key] = true
			}
			lines = append(lines, strings.TrimSpace(string(e.Act)+" by "+role))
			if all := e.Name + e.About + e.Detail; strings.Contains(all, "Anna") || strings.Contains(all, link) {
				t.Errorf("the log holds too much: %+v", e)
			}
			if e.Act != audit.DataExported && e.Act != audit.DataDeleted && !strings.HasPrefix(e.About, "class ") {
				t.Errorf("about what? %+v", e)
			}
		}
		want := "class opened by teacher, mark changed by teacher, class closed by teacher, marks released by teacher, class exported by teacher, key used by teacher, key replaced by teacher, own data exported by, own data deleted by, class deleted by teacher"
		var mine []string
		for i, line := range lines { // two classes are opened before
			if i > 0 && line == "class opened by teacher" {
				continue
			}
			mine = append(mine, line)
		}
		if got := strings.Join(mine, ", "); got != want {
			t.Errorf("told is\n%s, want\n%s", got, want)
		}
		if len(teachers) != 3 { // of this class, before and after the new key, and of the other one
			t.Errorf("%d keys are told apart, want 3: %v", len(teachers), teachers)
		}
	})
}

// secretOf is the secret of a link that a page shows.
func secretOf(t *testing.T, page, path string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, path+"#")
	secret, _, _ := strings.Cut(rest, `"`)
	if !found || secret == "" {
		t.Fatalf("there is no link to %s", path)
	}
	return secret
}

// seen tells when a visitor is noted.
type seen struct {
	*store.Store
	owners chan string
}

func (s seen) VisitorSeen(_ context.Context, owner string) error {
	s.owners <- owner
	return nil
}

// A visitor is noted once a day, whatever page it is, but not for the files of a page, and no page waits for it.
func TestVisitsAreNoted(t *testing.T) {
	now := time.Now()
	owners := make(chan string)
	site := newSite(t, func(c *Config) {
		c.Answers, c.Clock = seen{c.Answers.(*store.Store), owners}, func() time.Time { return now }
	})
	visitor := site.client(t)
	site.do(t, visitor, "GET", "/class", nil) // which gives a cookie
	site.do(t, visitor, "GET", "/static/none", nil)
	for range 3 {
		if got := site.do(t, visitor, "GET", "/labs/chain", nil); got.status != 200 {
			t.Fatal(got.status)
		}
	}
	first := <-owners
	now = now.Add(24*time.Hour + time.Minute)
	site.do(t, visitor, "GET", "/labs", nil)
	if again := <-owners; again != first || len(first) != 64 {
		t.Errorf("noted are %q and %q", first, again)
	}
	select {
	case owner := <-owners:
		t.Errorf("%q is noted once more", owner)
	default:
	}
}

// The page about privacy says the times that the operator has set.
func TestPrivacySaysTheTimes(t *testing.T) {
	const day = 24 * time.Hour
	open := func(change func(*Config), options ...store.Option) string {
		kept, err := store.Open(t.Context(), t.TempDir()+"/a.db", options...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { kept.Close() })
		site := newSite(t, func(c *Config) { c.Answers, c.Classes, c.Plans = kept, kept, kept; change(c) })
		return site.do(t, site.client(t), "GET", "/privacy", nil).body
	}
	usual := open(func(*Config) {})
	for _, want := range []string{"Kept 200 days after it was opened last", "Kept until you delete it.", "2 years after", "1 year after it was done", "up to whoever runs this site"} {
		if !strings.Contains(usual, want) {
			t.Errorf("by the presets: %q is missing", want)
		}
	}
	set := open(func(c *Config) { c.BackupDays = 7 }, store.WithRetention(store.Retention{Classes: 100 * day, Answers: 90 * day, Plans: 365 * day, Audit: 60 * day}))
	for _, want := range []string{"Kept 100 days after it was opened last", "or until you have not been here for 90 days", "1 year after", "60 days after it was done", "from backups 7 days later"} {
		if !strings.Contains(set, want) {
			t.Errorf("as it is set: %q is missing", want)
		}
	}
}
