package handlers

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"gradlab/classroom"
)

// vote commits a student's prediction in a round.
func (c *testClass) vote(t *testing.T, student *http.Client, stop string, round int, guess, confidence string) answer {
	t.Helper()
	return c.do(t, student, "POST", "/class/"+c.code+"/guess", url.Values{"stop": {stop}, "round": {fmt.Sprint(round)}, "guess": {guess}, "confidence": {confidence}})
}

// choice asks a prediction whose second choice is right.
func (c *testClass) choice(t *testing.T) classroom.Stop {
	t.Helper()
	form := url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\nright\nneither"}, "given": {"2"}, "go": {"1"}}
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", form); got.status != http.StatusSeeOther {
		t.Fatalf("asking: status %d", got.status)
	}
	return c.stored(t).Shown()
}

// A class votes, talks, votes again and is told: Next alone leads through all of it. What each may see at each step is the table; the share
// that is right is the teacher's alone, what others voted is told when the teacher asks for it, and the truth when it is revealed.
func TestTwoRoundVote(t *testing.T) {
	c := newTestClass(t)
	stop := c.choice(t)
	students := []*http.Client{c.student}
	for i := range 5 {
		students = append(students, c.join(t, c.code, fmt.Sprint("Student ", i)))
	}
	everybody := func(round int, votes ...string) {
		t.Helper()
		for i, v := range votes {
			if got := c.vote(t, students[i], stop.ID, round, v, "3"); got.status != http.StatusSeeOther {
				t.Fatalf("vote %d of round %d: status %d", i, round, got.status)
			}
		}
	}
	next := func() {
		t.Helper()
		s := c.stored(t).Shown()
		c.act(t, "advance", "stop", s.ID, "phase", string(s.Phase), "round", fmt.Sprint(s.Round()))
	}
	const (
		share, bars, truth, flows, first = "Only you see this", `<table class="bars`, "← the truth", "2 moved from A to B", "Your first vote: "
	)
	look := func(when string, want map[string]string) {
		t.Helper()
		for who, page := range map[string]struct {
			client *http.Client
			path   string
		}{"remote": {c.teacher, "/remote"}, "wall": {c.teacher, "/projector"}, "student": {c.student, ""}} {
			body := c.do(t, page.client, "GET", "/class/"+c.code+page.path, nil).body
			for _, sight := range []string{share, bars, truth, flows, first} {
				if sees, may := strings.Contains(body, sight), strings.Contains(want[sight], who); sees != may {
					t.Errorf("%s: the %s shows %q: %v, want %v", when, who, sight, sees, may)
				}
			}
		}
	}
	everybody(1, "0", "0", "1", "1", "2", "2")
	look("asked", map[string]string{bars: "remote"})
	next()
	look("locked", map[string]string{bars: "remote", share: "remote"})
	if remote := c.do(t, c.teacher, "GET", "/class/"+c.code+"/remote", nil).body; !strings.Contains(remote, "33 % right (2 of 6)") || !strings.Contains(remote, "let them talk") {
		t.Error("the teacher is not told the share, or not what helps")
	}
	c.act(t, "votes")
	look("votes asked for", map[string]string{bars: "remote wall student", share: "remote"})
	next()
	look("discussed", map[string]string{bars: "remote", share: "remote", first: "student"})
	if wall := c.do(t, c.teacher, "GET", "/class/"+c.code+"/projector", nil).body; !strings.Contains(wall, "Turn to your neighbour") || !strings.Contains(wall, "left to talk") {
		t.Error("the wall does not say to talk, or not for how long")
	}
	next()
	look("asked again", map[string]string{bars: "remote", share: "remote", first: "student"})
	everybody(2, "1", "1", "1", "1", "2", "1")
	next()
	look("locked again", map[string]string{bars: "remote", share: "remote", first: "student"})
	next() // there is no lab to run
	look("revealed", map[string]string{bars: "remote wall student", share: "remote", truth: "remote wall student", flows: "remote wall student", first: "student"})
	if got := c.stored(t).Shown(); got.Phase != classroom.Revealed || got.ID != stop.ID {
		t.Fatalf("six presses lead to %s", got.Phase)
	}

	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.csv", nil).body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 13 {
		t.Fatalf("%d lines, %v; want both votes of six", len(lines), err)
	}
	rows := map[string]int{}
	for _, l := range lines[1:] {
		rows[strings.Join(l[6:12], " ")]++
	}
	for row, want := range map[string]int{"1 A left 3 B right": 2, "1 B right 3 B right": 2, "1 C neither 3 B right": 2, "2 B right 3 B right": 5, "2 C neither 3 B right": 1} {
		if rows[row] != want {
			t.Errorf("%q stands in %d rows, want %d: %v", row, rows[row], want, rows)
		}
	}
}

// A vote that cannot count is said to be none, and given back; what was not said of it is no mistake.
func TestVotesThatDoNotCount(t *testing.T) {
	c := newTestClass(t)
	stop := c.choice(t)
	for _, test := range []struct {
		name, guess, confidence string
		round, status           int
		says                    string
	}{
		{"good", "1", "", 1, 303, ""},
		{"another tab", "0", "2", 1, 303, ""},
		{"no such choice", "3", "", 1, 422, "Choose one of the 3."},
		{"surer than sure", "2", "4", 1, 422, "Say how sure you are from 1 to 3, or not at all."},
		{"surely no number", "2", "very", 1, 422, "Say how sure you are from 1 to 3, or not at all."},
		{"a vote that is not yet", "1", "", 2, 409, "for a vote that is over"},
	} {
		got := c.vote(t, c.student, stop.ID, test.round, test.guess, test.confidence)
		if got.status != test.status || !strings.Contains(got.body, test.says) {
			t.Errorf("%s: status %d, want %d and %q", test.name, got.status, test.status, test.says)
		}
		if test.guess == "2" && !strings.Contains(got.body, `value="2" checked`) {
			t.Errorf("%s: what was chosen is gone from the form", test.name)
		}
	}
	c.act(t, "discuss")
	if got := c.vote(t, c.student, stop.ID, 1, "1", "1"); got.status != http.StatusSeeOther {
		t.Errorf("what was under way when the talk began: status %d, want it taken", got.status)
	}
	c.act(t, "again")
	got := c.vote(t, c.student, stop.ID, 1, "2", "")
	if got.status != http.StatusConflict || !strings.Contains(got.body, "for a vote that is over") || !strings.Contains(got.body, `value="2" checked`) {
		t.Errorf("the first vote while the second is taken: status %d; want the reason, and the choice in the form", got.status)
	}
	c.act(t, "lock")
	c.act(t, "reveal")
	if got := c.vote(t, c.student, stop.ID, 2, "2", ""); got.status != http.StatusConflict || !strings.Contains(got.body, "C: neither") || !strings.Contains(got.body, "Not handed in") {
		t.Errorf("after the reveal: status %d; want it given back in words", got.status)
	}
	guesses, err := c.store.Guesses(t.Context(), c.stored(t).ID, stop.ID)
	if err != nil || len(guesses) != 1 || guesses[0].Round != 1 || guesses[0].Value != 1 || guesses[0].Confidence != 1 {
		t.Errorf("kept is %+v, %v; want the last of the first vote", guesses, err)
	}
}

// One press is one step, on however many devices it is pressed at the same moment.
func TestTwoDevicesPressNext(t *testing.T) {
	c := newTestClass(t)
	stop := c.choice(t)
	press := url.Values{"do": {"advance"}, "stop": {stop.ID}, "phase": {"asked"}, "round": {"1"}}
	for _, status := range atOnce(c.teacher, c.URL+"/class/"+c.code+"/do", press, press, press, press) {
		if status != http.StatusSeeOther && status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if got := c.stored(t).Shown(); got.Phase != classroom.Locked || got.Again {
		t.Errorf("four presses at one step lead to %s, round %d; want locked", got.Phase, got.Round())
	}
	for seconds, want := range map[string]int{"x": 422, "5": 422, "0": 422, "1e9": 422, "60": 422} { // nothing is timed now
		if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/do", url.Values{"do": {"timer"}, "seconds": {seconds}}); got.status != want {
			t.Errorf("a timer of %s while all is locked: status %d, want %d", seconds, got.status, want)
		}
	}
}

// The projector link shows the wall, moves nothing, and ends with the next one, or with the teacher's key; what the wall shows by it is
// what the class sees.
func TestProjectorLink(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	take := func() (*http.Client, string) {
		t.Helper()
		_, rest, _ := strings.Cut(c.do(t, c.teacher, "GET", at+"/remote", nil).body, at+"/wall#")
		secret, _, found := strings.Cut(rest, `"`)
		client := c.client(t)
		if got := c.do(t, client, "POST", at+"/wall", url.Values{"secret": {secret}}); !found || got.status != http.StatusSeeOther || got.header.Get("Location") != at+"/projector" {
			t.Fatalf("taking the link: %v, status %d to %s", found, got.status, got.header.Get("Location"))
		}
		return client, secret
	}
	shows := func(client *http.Client, want int) {
		t.Helper()
		if got := c.do(t, client, "GET", at+"/projector", nil); got.status != want || want == 200 && (strings.Contains(got.body, "Page Down") || strings.Contains(got.body, "#")) {
			t.Errorf("the wall: status %d, want %d, no keys that move the class, and no secret", got.status, want)
		}
	}
	wall, secret := take()
	shows(wall, 200)
	if got := c.do(t, c.visitor, "POST", at+"/key", url.Values{"secret": {secret}}); got.status != http.StatusForbidden {
		t.Errorf("the wall's key opens the teacher's page: status %d", got.status)
	}
	if strings.Contains(fmt.Sprintf("%+v", c.stored(t)), secret) {
		t.Error("the database holds the key itself")
	}
	c.do(t, c.teacher, "POST", at+"/wall/new", nil)
	shows(wall, 403)
	wall, _ = take()
	shows(wall, 200)
	c.do(t, c.teacher, "POST", at+"/key/new", nil)
	shows(wall, 403)
}

// atOnce sends forms side by side, and returns the statuses of the answers, 0 where there was none.
func atOnce(c *http.Client, to string, forms ...url.Values) []int {
	all := make([]int, len(forms))
	var sent sync.WaitGroup
	for i, form := range forms {
		sent.Go(func() {
			if resp, err := c.PostForm(to, form); err == nil {
				resp.Body.Close()
				all[i] = resp.StatusCode
			}
		})
	}
	sent.Wait()
	return all
}
