package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/store"
)

// A student's stream says that something changed and which lab everybody sees: none while a prediction is open. It ends when the
// class is deleted. A visitor has six streams at most.
func TestClassStream(t *testing.T) {
	c := newTestClass(t)
	listen := func() *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Jar: c.student.Jar}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	lines := bufio.NewScanner(listen().Body)
	next := func(prefix string) string {
		t.Helper()
		for lines.Scan() {
			if found, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				return found
			}
		}
		t.Fatalf("the stream ended before %q", prefix)
		return ""
	}
	type change struct {
		Version    int64
		Runs       int
		Stage, Lab string
		Answer     map[string]any
	}
	heard := func() (e change) {
		t.Helper()
		if err := json.Unmarshal([]byte(next("data: ")), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	first := heard()
	if first.Version != 1 || !strings.HasPrefix(first.Lab, "/embed/chain?") {
		t.Errorf("first event %+v, want version 1 with its lab", first)
	}
	if page := c.do(t, c.student, "GET", "/class/"+c.code, nil).body; !strings.Contains(page, `data-state="`+first.Stage+`"`) {
		t.Errorf("the page does not name its stage as the event does, %s: it would be fetched again", first.Stage)
	}
	c.act(t, "show", "path", "/labs/chain?depth=7")
	if got := heard(); got.Version != 2 || got.Stage != first.Stage || !strings.Contains(got.Lab, "depth=7") || got.Answer != nil {
		t.Errorf("after another lab was shown: %+v, want the same stage and the lab", got)
	}
	c.to(t, "predict")
	asked := heard()
	if asked.Version != 3 || asked.Stage == first.Stage || asked.Lab != "" {
		t.Errorf("after a prediction was asked: %+v, want another stage and no lab", asked)
	}
	var fetched map[string]any
	if err := json.Unmarshal([]byte(c.do(t, c.student, "GET", "/class/"+c.code+"/state?version=3", nil).body), &fetched); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(asked.Answer, fetched) {
		t.Errorf("with the event came %v, want what the page would fetch, %v", asked.Answer, fetched)
	}
	c.act(t, "lock")
	if got := heard(); got.Stage == asked.Stage || got.Lab != "" {
		t.Errorf("after it was locked: %+v, want another stage and no lab", got)
	}
	c.act(t, "run")
	if got := heard(); got.Lab == "" || got.Runs != 1 {
		t.Errorf("after it was run: %+v, want the lab, run once", got)
	}
	for range 5 {
		if got := listen().StatusCode; got != http.StatusOK {
			t.Errorf("a stream that is allowed: status %d", got)
		}
	}
	if got := listen().StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("one stream too many: status %d, want 429", got)
	}

	metrics := c.do(t, c.visitor, "GET", "/metrics", nil).body
	if !strings.Contains(metrics, "gradlab_class_streams 6") || !strings.Contains(metrics, `route="/class/{code}/do"`) {
		t.Errorf("the metrics lack streams or routes:\n%.600s", metrics)
	}
	if strings.Contains(metrics, c.code) || strings.Contains(metrics, "Anna") {
		t.Error("the metrics name a class or a student")
	}

	c.do(t, c.teacher, "POST", "/class/"+c.code+"/delete", url.Values{"code": {c.code}})
	if next("event: ") != "gone" {
		t.Error("a deleted class: want the event gone")
	}
}

// listen returns the lines of a client's stream of the class from a replica, after those that tell the version.
func (c *testClass) listen(t *testing.T, client *http.Client, replica string) *bufio.Scanner {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", replica+"/class/"+c.code+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Jar: client.Jar}).Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("a stream: %v, %v", resp, err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: ") { // the first version was told
			return lines
		}
	}
	t.Fatal("the stream tells nothing")
	return nil
}

// Who leaves is told no more of the class: the stream ends, the others' go on.
func TestStreamEndsWhenItsStudentLeaves(t *testing.T) {
	c := newTestClass(t)
	clara := c.join(t, c.code, "Clara")
	leaves, stays := c.listen(t, clara, c.URL), c.listen(t, c.student, c.URL)
	if got := c.do(t, clara, "POST", "/class/"+c.code+"/leave", nil); got.status != http.StatusSeeOther {
		t.Fatalf("leaving: status %d", got.status)
	}
	for leaves.Scan() { // to its end
		if strings.HasPrefix(leaves.Text(), "event: change") {
			t.Error("one who has left is told of a change")
		}
	}
	c.act(t, "show", "path", "/labs/chain?depth=7")
	for stays.Scan() {
		if strings.Contains(stays.Text(), "depth=7") {
			return
		}
	}
	t.Error("the stream of one who stays ended, too")
}

// agedClasses are classes that grow older as the clock goes on, and that nobody changes.
type agedClasses struct {
	*store.Store
	by atomic.Int64 // a time.Duration
}

func (a *agedClasses) ClassByCode(ctx context.Context, code string) (classroom.Class, error) {
	c, err := a.Store.ClassByCode(ctx, code)
	c.OpenedAt = c.OpenedAt.Add(-time.Duration(a.by.Load()))
	return c, err
}

// A page without a stream asks what has changed, and is told nothing while nothing has: neither the class nor, by the clock alone, what
// is shown of it.
func TestPageWithoutAStream(t *testing.T) {
	clock := &agedClasses{}
	c := newTestClass(t, func(config *Config) {
		clock.Store = config.Classes.(*store.Store)
		config.Classes = clock
	})
	stageOf := func() string {
		t.Helper()
		var page struct{ State string }
		if err := json.Unmarshal([]byte(c.do(t, c.student, "GET", "/class/"+c.code+"/state", nil).body), &page); err != nil || page.State == "" {
			t.Fatalf("%v, stage %q", err, page.State)
		}
		return page.State
	}
	ask := func(client *http.Client, unless, stage string) answer {
		return c.do(t, client, "GET", "/class/"+c.code+"/state?version="+unless+"&unless="+unless+"&stage="+stage, nil)
	}
	stage := stageOf()
	if got := ask(c.student, "1", stage); got.status != http.StatusNoContent || got.body != "" {
		t.Errorf("nothing has changed: status %d, %q; want 204", got.status, got.body)
	}
	if got := ask(c.student, "1", ""); got.status != http.StatusOK {
		t.Errorf("a page that waits for what is revealed: status %d, want 200", got.status)
	}
	c.act(t, "next")
	if got := ask(c.student, "1", stage); got.status != http.StatusOK || !strings.Contains(got.body, `"version":2`) {
		t.Errorf("something has changed: status %d, want 200 with version 2", got.status)
	}
	stage = stageOf()
	if got := ask(c.otherStudent, "2", stage); got.status != http.StatusForbidden {
		t.Errorf("a student of another class: status %d, want 403", got.status)
	}
	clock.by.Store(int64(13 * time.Hour))
	if got := ask(c.student, "2", stage); got.status != http.StatusOK || !strings.Contains(got.body, "This class is over") {
		t.Errorf("the class has ended by itself: status %d, want 200 with that", got.status)
	}
	if got := ask(c.student, "2", stageOf()); got.status != http.StatusNoContent {
		t.Errorf("nothing has changed since: status %d, want 204", got.status)
	}
}
