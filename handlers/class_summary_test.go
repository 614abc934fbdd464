package handlers

import (
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
)

// A student's summary has what is the student's own, and nothing of others: the truth and the model answer once the teacher has revealed them, the marks once
// they are released; it is found again from another browser, and under /me and /class.
func TestSummaryOfAStudent(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		at := "/class/" + c.code
		ben := c.join(t, c.code, "Ben")
		summary := func(want, never string) {
			t.Helper()
			c.do(t, c.student, "GET", at+"/summary", nil).wants(t, 200, want, never)
		}
		c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"predict-choice"}, "title": {"Which one?"}, "choices": {"the left one\nthe right one"}, "given": {"2"}, "go": {"1"}})
		choice := c.stored(t).Shown()
		c.vote(t, c.student, choice.ID, 1, "0", "3")
		c.vote(t, ben, choice.ID, 1, "1", "")
		c.act(t, "lock")
		c.act(t, "discuss")
		c.act(t, "again")
		c.vote(t, c.student, choice.ID, 2, "1", "")
		c.act(t, "lock")
		summary("First vote: ", "")
		summary("certain", "It is <")
		summary("The truth is not revealed yet.", "Right.")
		c.act(t, "reveal")
		summary("Not right.", "not revealed yet")
		summary("It is <", "")
		summary("</strong>, certain. <strong", "")
		summary("Second vote: ", "")
		summary("Right.", "")

		ask := c.to(t, classroom.Ask)
		c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Because <b>I</b> say so"}, "run": {"/labs/chain?depth=20"}}).wants(t, 303, "", "")
		c.do(t, ben, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"Ben’s own words"}}).wants(t, 303, "", "")
		summary("Because &lt;b&gt;I&lt;/b&gt; say so", "A model answer")
		summary("/labs/chain?depth=20", "Ben’s own words")
		members, err := c.store.Members(t.Context(), c.stored(t).ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, points := range []string{"7.5", "1"} {
			c.do(t, c.teacher, "POST", at+"/marks", url.Values{"stop": {ask.ID}, "member": {members[i].ID}, "points": {points}, "comment": {"To no. " + points}, "revision": {"0"}}, "Accept", "application/json").wants(t, 200, "", "")
		}
		c.act(t, "lock")
		summary("Because", "7.5 points")
		c.act(t, "reveal")
		summary("A model answer", "7.5 points")
		explore := c.exploration(t, "loss", "")
		c.submit(t, c.student, explore.ID, "/labs/train?steps=1&count=2&batch=2&depth=1").wants(t, 303, "", "")
		c.submit(t, ben, explore.ID, "/labs/train?steps=2&count=2&batch=2&depth=1").wants(t, 303, "", "")
		summary("steps 1", "steps 2")
		c.do(t, c.teacher, "POST", at+"/report/points", url.Values{"stop": {ask.ID}, "most": {"10"}}).wants(t, 303, "", "")
		c.act(t, "release")
		c.act(t, "close")
		got := c.do(t, c.student, "GET", at+"/summary", nil)
		got.wants(t, 200, "You have 7.5 of 10 points.", "Ben’s own words")
		got.wants(t, 200, "To no. 7.5", "To no. 1")
		if marks, first := strings.Index(got.body, "You have 7.5"), strings.Index(got.body, "Which one?"); marks < 0 || marks > first {
			t.Error("the marks do not come first")
		}
		for _, path := range []string{"/me", "/class"} {
			c.do(t, c.student, "GET", path, nil).wants(t, 200, `href="`+at+`/summary"`, "")
			c.do(t, c.visitor, "GET", path, nil).wants(t, 200, "", at+"/summary")
		}
		c.do(t, c.student, "GET", at, nil).wants(t, 200, at+"/summary", "")
		c.do(t, c.student, "GET", at, nil).wants(t, 200, "7.5 of 10 points", "")
		c.do(t, c.otherStudent, "GET", at+"/summary", nil).wants(t, 403, "Join first", "Which one?")
		c.do(t, c.teacher, "GET", at+"/summary", nil).wants(t, 403, "Join first", "Which one?")
	})
}
