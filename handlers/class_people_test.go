package handlers

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
)

// The grid has everybody and what they handed in; two of one name are told apart, and the teacher may give another.
func TestClassPeople(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	second := c.join(t, c.code, "Anna")
	choice := c.choice(t)
	c.vote(t, c.student, choice.ID, 1, "0", "")
	c.act(t, "lock")
	c.act(t, "discuss")
	c.act(t, "again")
	c.vote(t, c.student, choice.ID, 2, "1", "3")
	ask := c.to(t, classroom.Ask)
	c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"=1+1"}})

	page := c.do(t, c.teacher, "GET", at+"/people", nil)
	for _, want := range []string{"Anna (2)", "A → B", "answered", "2 students have joined", "0 of "} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the grid lacks %q", want)
		}
	}
	members, err := c.store.Members(t.Context(), c.stored(t).ID)
	if err != nil || len(members) != 2 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	rename := func(member, name string) answer {
		return c.do(t, c.teacher, "POST", at+"/people/"+member, url.Values{"name": {name}, "page": {"1"}})
	}
	if got := rename(members[1].ID, "Anna B."); got.status != http.StatusSeeOther || got.header.Get("Location") != at+"/people" {
		t.Errorf("renamed: status %d to %s, want 303 back", got.status, got.header.Get("Location"))
	}
	if body := c.do(t, c.teacher, "GET", at+"/people", nil).body; strings.Contains(body, "Anna (2)") || !strings.Contains(body, "Anna B.") {
		t.Error("the other name is not there")
	}
	if body := c.do(t, second, "GET", at, nil).body; !strings.Contains(body, "Anna B.") {
		t.Error("the student does not see the other name")
	}
	long := strings.Repeat("🎓", 300)
	if got := rename(members[1].ID, long); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, long) || !strings.Contains(got.body, "300 characters; 40 are possible") {
		t.Errorf("300 emoji: status %d, want 422 with the text kept and the reason", got.status)
	}
	if got := rename("nobody", "Carl"); got.status != http.StatusNotFound {
		t.Errorf("nobody renamed: status %d, want 404", got.status)
	}
}

// The report has a line for each student, also for one who handed in nothing, and says of both votes whether they were right.
func TestClassReport(t *testing.T) {
	c := newTestClass(t)
	at := "/class/" + c.code
	c.join(t, c.code, "=Ben")
	c.do(t, c.teacher, "POST", at+"/plan", url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\nright"}, "given": {"2"}, "go": {"1"}})
	choice := c.stored(t).Shown()
	c.vote(t, c.student, choice.ID, 1, "0", "")
	c.act(t, "lock")
	c.act(t, "discuss")
	c.act(t, "again")
	c.vote(t, c.student, choice.ID, 2, "1", "")
	ask := c.to(t, classroom.Ask)
	c.do(t, c.student, "POST", at+"/answer", url.Values{"stop": {ask.ID}, "text": {"=1+1"}})

	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.do(t, c.teacher, "GET", at+"/students.csv", nil).body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d lines, %v; want a head and two students", len(lines), err)
	}
	// cell is what stands in a line below the nth column of a name.
	cell := func(line int, name string, nth int) string {
		t.Helper()
		for i, head := range lines[0] {
			if head != name && !strings.HasSuffix(head, ". "+name) {
				continue
			}
			if nth--; nth == 0 {
				return lines[line][i]
			}
		}
		t.Fatalf("no column %q in %q", name, lines[0])
		return ""
	}
	for _, test := range []struct {
		line int
		name string
		nth  int
		want string
	}{
		{1, "student", 1, "Anna"}, {1, "stops handed in", 1, "2"},
		{1, "Which?: truth", 1, "right"}, {1, "Which?: first vote", 1, "left"}, {1, "Which?: right", 1, "no"},
		{1, "Which?: second vote", 1, "right"}, {1, "Which?: right", 2, "yes"}, {1, ask.Title + ": answer", 1, "'=1+1"},
		{2, "student", 1, "'=Ben"}, {2, "stops handed in", 1, "0"}, {2, "Which?: first vote", 1, ""}, {2, "Which?: right", 2, ""},
	} {
		if got := cell(test.line, test.name, test.nth); got != test.want {
			t.Errorf("line %d, %s: %q, want %q", test.line, test.name, got, test.want)
		}
	}
}
