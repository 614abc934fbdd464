package handlers

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
)

const small = "/labs/train?steps=2&count=4&batch=2&depth=1"

// exploration shows one that starts from a small run.
func (c *testClass) exploration(t *testing.T, goal, budget string) classroom.Stop {
	t.Helper()
	form := url.Values{"kind": {"explore"}, "title": {"Train it well"}, "path": {small}, "goal": {goal}, "budget": {budget}, "go": {"1"}}
	if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", form); got.status != http.StatusSeeOther {
		t.Fatalf("planning: status %d: %s", got.status, got.body)
	}
	return c.stored(t).Shown()
}

// submit submits a run.
func (c *testClass) submit(t *testing.T, student *http.Client, stop, run string) answer {
	t.Helper()
	return c.do(t, student, "POST", "/class/"+c.code+"/submit", url.Values{"stop": {stop}, "run": {run}})
}

// A hall explores: each submits runs, what cannot count is refused with its reason and what was typed, all see the points without
// names, a run goes on stage and off again, and the file has every one.
func TestExploration(t *testing.T) {
	c := newTestClass(t)
	stop := c.exploration(t, "loss", "1e9")
	second := c.join(t, c.code, "Second")
	for i, s := range []struct {
		who    *http.Client
		run    string
		status int
		says   string
	}{
		{c.student, small, 303, ""},
		{c.student, small + "&seed=0", 303, ""}, // the default: the same run
		{second, small, 303, ""},
		{second, "/labs/train?steps=6&count=4&batch=2&depth=6&lr=10&optimizer=sgd", 303, ""},
		{c.student, "/labs/train?steps=2000&depth=20", 422, "the budget is 1·10⁹"},
		{c.student, "/labs/chain?depth=3", 422, "trains a network"},
		{c.student, "/labs/train?depth=-1", 422, "cannot be run"},
		{c.student, "rubbish", 422, "link of one of the labs"},
		{c.student, "", 422, "trains a network"},
		{c.otherStudent, small, 403, ""},
		{c.teacher, small, 403, ""},
	} {
		got := c.submit(t, s.who, stop.ID, s.run)
		if got.status != s.status || !strings.Contains(got.body, s.says) || s.status == 422 && !strings.Contains(got.body, `value="`+strings.ReplaceAll(s.run, "&", "&amp;")+`"`) {
			t.Errorf("%d. %s: status %d, want %d with %q: %s", i, s.run, got.status, s.status, s.says, got.body)
		}
	}
	if got := c.do(t, c.teacher, "GET", "/class/"+c.code+"/export.csv", nil); strings.Count(got.body, "/labs/train") != 3 || strings.Count(got.body, `"diverged"`) != 1 {
		t.Errorf("the file: %s", got.body) // it waits for what is being computed
	}
	page := func(who *http.Client, path string) string {
		return c.do(t, who, "GET", "/class/"+c.code+path, nil).body
	}
	const points = "<circle"
	wall, own := page(c.teacher, "/projector"), page(c.student, "")
	for _, want := range []string{points, "3 runs submitted, 2 of them different; 1 diverged.", ">×</text>", "at most 1·10⁹ multiply-adds"} {
		if !strings.Contains(wall, want) {
			t.Errorf("the wall lacks %q: %s", want, wall)
		}
	}
	if strings.Contains(wall, "Anna") || strings.Contains(wall, "The lowest</h2>") || strings.Contains(own, points) || !strings.Contains(own, "You can submit 9 more runs.") || strings.Contains(own, "diverged") {
		t.Errorf("the wall names somebody, or a student sees others' runs: %s", own)
	}
	c.act(t, "votes")
	for _, page := range []string{page(c.teacher, "/projector"), page(c.teacher, "/remote")} {
		if _, ranking, found := strings.Cut(page, "<h2>The lowest</h2>"); !found || strings.Count(ranking[:strings.Index(ranking, "</ol>")], "<li>") != 1 || strings.Contains(page, "Anna:") {
			t.Errorf("the ranking, of one run that did not diverge: %s", page)
		}
	}
	c.act(t, "votes")
	c.act(t, "stage", "path", small)
	if wall := page(c.teacher, "/projector"); strings.Contains(wall, points) || !strings.Contains(wall, "/embed/train?") {
		t.Errorf("with a run on stage: %s", wall)
	}
	c.act(t, "retreat") // as a presenter's clicker does
	if wall := page(c.teacher, "/projector"); !strings.Contains(wall, points) {
		t.Errorf("after the run: %s", wall)
	}
	for i := range classroom.MaxSubmissions - 1 {
		if got := c.submit(t, c.student, stop.ID, fmt.Sprint(small, "&seed=", i+1)); got.status != 303 {
			t.Fatalf("run %d: status %d", i+2, got.status)
		}
	}
	if got := c.submit(t, c.student, stop.ID, small+"&seed=99"); got.status != 409 || !strings.Contains(got.body, "You have submitted ten runs here") {
		t.Errorf("the eleventh: status %d: %s", got.status, got.body)
	}
	c.act(t, "lock")
	c.act(t, "next")
	locked := c.stored(t)
	i := 0
	for n, s := range locked.Plan {
		if s.ID == stop.ID {
			i = n
		}
	}
	locked.Plan[i].LockedAt = locked.Plan[i].LockedAt.Add(-classroom.Longest) // the moment of grace is over
	locked.Version++
	if err := c.store.UpdateClass(context.Background(), locked); err != nil {
		t.Fatal(err)
	}
	if got := c.submit(t, second, stop.ID, small+"&seed=7"); got.status != 409 {
		t.Errorf("after the lock: status %d", got.status)
	}
}

// A student's page is told by its stream when a run is computed, and one without a stream when it asks; nobody else's is.
func TestExplorationIsComputed(t *testing.T) {
	c := newTestClass(t)
	stop, second := c.exploration(t, "gradient", ""), c.join(t, c.code, "Second")
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := (&http.Client{Jar: c.student.Jar}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if got := c.submit(t, c.student, stop.ID, small); got.status != 303 {
		t.Fatalf("status %d", got.status)
	}
	told := false
	for lines := bufio.NewScanner(stream.Body); !told && lines.Scan(); {
		told = lines.Text() == `data: {"runs":1}`
	}
	if !told {
		t.Fatal("the stream ended before it told of the run")
	}
	for _, page := range []struct {
		who      *http.Client
		computed string
		status   int
	}{{c.student, "0", 200}, {c.student, "1", 204}, {second, "0", 204}} {
		class := c.stored(t)
		got := c.do(t, page.who, "GET", fmt.Sprintf("/class/%s/state?unless=%d&version=%d&stage=%s&computed=%s", c.code, class.Version, class.Version, c.stage(t, page.who), page.computed), nil)
		if got.status != page.status {
			t.Errorf("a page that shows %s: status %d, want %d", page.computed, got.status, page.status)
		}
	}
}

// stage is the name of what a student's page shows.
func (c *testClass) stage(t *testing.T, student *http.Client) string {
	t.Helper()
	_, after, _ := strings.Cut(c.do(t, student, "GET", "/class/"+c.code, nil).body, `data-state="`)
	name, _, _ := strings.Cut(after, `"`)
	return name
}

// A stop that nobody could submit a run to is refused at its field.
func TestExplorationsThatCannotBe(t *testing.T) {
	c := newTestClass(t)
	for _, s := range []struct{ path, goal, budget, field string }{
		{"", "loss", "", "path"},
		{"/labs/chain", "loss", "", "path"},
		{"/labs/sweep", "loss", "", "path"},
		{small, "loss", "1", "path"},
		{small, "best", "", "goal"},
		{small, "loss", "many", "budget"},
		{small, "loss", "-1", "budget"},
		{small, "loss", "Inf", "budget"},
		{small, "loss", "NaN", "budget"},
	} {
		got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", url.Values{"kind": {"explore"}, "title": {"x"}, "path": {s.path}, "goal": {s.goal}, "budget": {s.budget}})
		if got.status != 422 || !strings.Contains(got.body, `"add-`+s.field+`-error" aria-invalid="true"`) {
			t.Errorf("%+v: status %d", s, got.status)
		}
	}
}
