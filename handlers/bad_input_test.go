package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
)

// A vote that comes after the lock, when the moment of grace is over, is given back with its reason, and is not kept.
func TestVoteAfterTheLock(t *testing.T) {
	c := newTestClass(t)
	stop := c.choice(t)
	c.vote(t, c.student, stop.ID, 1, "0", "").wants(t, 303, "", "")
	locked := c.act(t, "lock")
	locked.Plan[locked.Current].LockedAt = locked.Plan[locked.Current].LockedAt.Add(-classroom.Longest)
	locked.Version++
	if err := c.store.UpdateClass(context.Background(), locked); err != nil {
		t.Fatal(err)
	}
	got := c.vote(t, c.student, stop.ID, 1, "2", "3")
	got.wants(t, 409, "The teacher has locked this", "")
	got.wants(t, 409, "C: neither", "")
	guesses, err := c.store.Guesses(t.Context(), locked.ID, stop.ID)
	if err != nil || len(guesses) != 1 || guesses[0].Value != 0 {
		t.Errorf("kept is %+v, %v; want the vote before the lock", guesses, err)
	}
}

// Two tabs of one student vote at the same time: one vote counts, whole.
func TestTwoTabsVote(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		stop := c.choice(t)
		var votes []url.Values
		for i := range 8 {
			votes = append(votes, url.Values{"stop": {stop.ID}, "round": {"1"}, "guess": {[]string{"0", "2"}[i%2]}, "confidence": {[]string{"1", "3"}[i%2]}})
		}
		for _, status := range atOnce(c.student, c.URL+"/class/"+c.code+"/guess", votes...) {
			if status != http.StatusSeeOther {
				t.Errorf("status %d", status)
			}
		}
		guesses, err := c.store.Guesses(t.Context(), c.stored(t).ID, stop.ID)
		if err != nil || len(guesses) != 1 || guesses[0].Value != float64(guesses[0].Confidence-1) {
			t.Errorf("kept is %+v, %v; want one vote with its own confidence", guesses, err)
		}
	})
}

// A nickname that is too long is refused at its field, by either way in, and stands there still.
func TestLongNickname(t *testing.T) {
	c := newTestClass(t)
	long := strings.Repeat("🎓", 300)
	for _, path := range []string{"/class/join", "/class/" + c.code + "/join"} {
		got := c.do(t, c.visitor, "POST", path, url.Values{"code": {c.code}, "nickname": {long}})
		got.wants(t, 422, `value="`+long+`"`, "")
		got.wants(t, 422, "300 characters; 40 are possible", "")
	}
	if members, err := c.store.Members(t.Context(), c.stored(t).ID); err != nil || len(members) != 1 {
		t.Errorf("%d have joined, %v; want Anna alone", len(members), err)
	}
}

// Markdown of a teacher is text: no script of it reaches the wall, a phone, the plan's own page or homework, by whatever way in.
func TestScriptInMarkdown(t *testing.T) {
	p := newTestPlan(t, newSite(t))
	const evil = "**bold** [click](javascript:alert(1)) so <script>alert(1)</script>\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>"
	id := p.add(t, "<script>alert(2)</script>", "")
	p.post(t, "/stops/"+id, url.Values{"kind": {"ask"}, "title": {"<script>alert(2)</script>"}, "text": {evil}, "revision": {fmt.Sprint(p.stored(t).Stops[0].Revision)}}).wants(t, 303, "", "")
	imported := &testPlan{testSite: p.testSite, owner: p.owner}
	imported.id = imported.follow(t, p.do(t, p.owner, "POST", "/plans/import", url.Values{"markdown": {p.do(t, p.owner, "GET", "/plans/"+p.id+"/export.md", nil).body}}))
	for _, plan := range []string{p.id, imported.id} {
		m := remotePath.FindStringSubmatch(p.do(t, p.owner, "POST", "/class", url.Values{"plan": {"own-" + plan}}).header.Get("Location"))
		if m == nil {
			t.Fatal("no class")
		}
		student := p.join(t, m[1], "<script>alert(3)</script>")
		for who, page := range map[string]answer{
			"the plan":    p.do(t, p.owner, "GET", "/plans/"+plan, nil),
			"the wall":    p.do(t, p.owner, "GET", "/class/"+m[1]+"/projector", nil),
			"the teacher": p.do(t, p.owner, "GET", "/class/"+m[1]+"/remote", nil),
			"the people":  p.do(t, p.owner, "GET", "/class/"+m[1]+"/people", nil),
			"a phone":     p.do(t, student, "GET", "/class/"+m[1], nil),
		} {
			if page.status != 200 || strings.Contains(page.body, "<script>") || strings.Contains(page.body, "<img src=x") || strings.Contains(page.body, `href="javascript:`) {
				t.Errorf("%s: status %d, and a script in it", who, page.status)
			}
			if who == "the wall" && !strings.Contains(page.body, "<strong>bold</strong>") {
				t.Error("the wall does not show the Markdown")
			}
		}
	}
}
