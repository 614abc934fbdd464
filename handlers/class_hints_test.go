package handlers

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/lessons/hint"
)

// waitRead returns when every answer to a stop has hints by the rules of its question.
func (c *testClass) waitRead(t *testing.T, stop classroom.Stop, rules string, answers int) {
	t.Helper()
	told, end := c.config.Bus.Subscribe("class-in:" + c.stored(t).ID) // read ones arrive, as new ones do
	defer end()
	for {
		all, err := c.store.ClassAnswers(t.Context(), c.stored(t).ID, stop.ID)
		if err != nil {
			t.Fatal(err)
		}
		read := 0
		for _, a := range all {
			if _, done := a.Hinted(rules); done {
				read++
			}
		}
		if read == answers {
			return
		}
		select {
		case <-told:
		case <-t.Context().Done():
			t.Fatalf("%d of %d answers were read", read, answers)
		}
	}
}

// Each text of a class is read for hints once, whatever is in it and however often its teacher looks; of a long one, only the
// beginning. No page waits for it.
func TestAnswersAreReadOnce(t *testing.T) {
	students := 120
	if testing.Short() {
		students = 30
	}
	var scans atomic.Int64
	var longest atomic.Int64
	gate := make(chan struct{})
	c := newTestClass(t, func(c *Config) {
		c.Find = func(r *hint.Rubric, text string) []hint.Finding {
			<-gate
			scans.Add(1)
			longest.Store(max(longest.Load(), int64(len(text)))) // one at a time reads
			return r.Find(text)
		}
	})
	stop := c.to(t, classroom.Ask)
	q, _ := c.config.Library.Question(stop.Question)
	save := func(owner, text string, revision int64) {
		t.Helper()
		_, err := c.store.Join(t.Context(), c.stored(t).ID, owner, classroom.NewMember(""))
		if err == nil {
			_, err = c.store.SaveClassAnswer(t.Context(), c.stored(t).ID, c.stored(t).Version, owner, classroom.Answer{Stop: stop.ID, Text: text, Revision: revision})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	letters := make([]byte, answers.MaxCharacters)
	for n := range students {
		for i := range letters {
			letters[i] = byte('a' + rand.IntN(26))
		}
		save(fmt.Sprint("owner ", n), string(letters), 0)
	}
	var boards sync.WaitGroup
	look := func(want string) {
		t.Helper()
		if got := c.do(t, c.teacher, "GET", "/class/"+c.code+"/board", nil); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("the board: status %d, lacks %s", got.status, want)
		}
	}
	for range 5 {
		boards.Go(func() { look(`"waits":true`) }) // while not one answer can be read
	}
	boards.Wait()
	if got := c.do(t, c.student, "POST", "/class/"+c.code+"/answer", url.Values{"stop": {stop.ID}, "text": {"The gradient shrinks at each layer."}}); got.status != http.StatusSeeOther {
		t.Errorf("handing in meanwhile: status %d", got.status)
	}
	close(gate)
	c.waitRead(t, stop, q.Rubric.Version(), students+1)
	for range 5 {
		look(`"waits":false`)
	}
	if got := scans.Load(); got != int64(students+1) {
		t.Errorf("%d texts were read %d times", students+1, got)
	}
	if got := longest.Load(); got > 10_000 {
		t.Errorf("%d bytes of an answer were read, want at most 10,000", got)
	}

	save("owner 0", "Something else.", 1) // as another replica would
	look(`"waits":true`)
	c.waitRead(t, stop, q.Rubric.Version(), students+1)
	if got := scans.Load(); got != int64(students+2) {
		t.Errorf("after one text changed: %d readings, want %d", got, students+2)
	}

	// Other rules read everything anew, once.
	for _, a := range must(c.store.ClassAnswers(t.Context(), c.stored(t).ID, stop.ID)) {
		a.Hints.Rules = "older"
		if err := c.store.SaveHints(t.Context(), c.stored(t).ID, stop.ID, a.Member, a.Hints); err != nil {
			t.Fatal(err)
		}
	}
	look(`"waits":true`)
	c.waitRead(t, stop, q.Rubric.Version(), students+1)
	look(`"waits":false`)
	if got, want := scans.Load(), int64(2*students+3); got != want {
		t.Errorf("after the rules changed: %d readings, want %d", got, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
