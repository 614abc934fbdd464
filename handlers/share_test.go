package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/mlcore/runner"
)

// withOneSlot has a site train one run at a time.
func withOneSlot(t *testing.T) func(*Config) {
	return func(c *Config) {
		c.Runs = runner.NewPool(runner.Options{Slots: 1})
		t.Cleanup(c.Runs.Close)
	}
}

// occupy has a reader of that name follow a run until the test ends.
func (s *testSite) occupy(t *testing.T, reader, query string) *runner.Follower {
	t.Helper()
	f, err := s.config.Runs.Follow(runner.Reader{Key: reader}, parseTrain(t, query))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// Who has too many runs under way is told so, by the API, by a file and by a stream; another visitor is not refused.
func TestTooManyOwnRunsAreSaid(t *testing.T) {
	const short, reason = "?count=2&batch=2&steps=1", "Too many runs of yours are under way"
	site := newSite(t, withOneSlot(t))
	visitor := site.client(t)
	site.do(t, visitor, "GET", "/labs/train", nil)
	address, _ := url.Parse(site.URL)
	for i := range 32 {
		site.occupy(t, web.Owner(visitor.Jar.Cookies(address)[0].Value), fmt.Sprint("count=2&batch=2&steps=5000&seed=", i))
	}
	for _, path := range []string{"/api/train", "/export/train.csv"} {
		site.do(t, visitor, "GET", path+short, nil).wants(t, 429, reason, "")
	}
	if got := site.do(t, visitor, "GET", "/api/train"+short, nil, "Accept", "text/event-stream"); !strings.Contains(got.body, "event: failed") || !strings.Contains(got.body, reason) {
		t.Errorf("a stream: %s", got.body)
	}
	site.do(t, site.client(t), "GET", "/api/train"+short, nil).wants(t, 200, "losses", "")
}

// A place in the queue is kept by asking again and again, as pages without a stream do: who comes meanwhile, with as long
// a run, waits behind.
func TestPlaceSurvivesPolling(t *testing.T) {
	const long = "net=deep&n=1&count=64&batch=64&steps=2000"
	site := newSite(t, withOneSlot(t))
	first := site.occupy(t, "first", long)
	steps := func() int { return len(first.Look().Steps) }
	others := 0                    // that wait beside the one that is polled for
	poll := func() (told string) { // asks, and hangs up when it is told where its run is
		ctx, hangUp := context.WithCancel(t.Context())
		defer within(t, "the server notices", func() bool { hangUp(); return site.config.Runs.Stats().Waiting == others })
		r, err := http.NewRequestWithContext(ctx, "GET", site.URL+"/api/train?seed=1&"+long, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); told == "" && lines.Scan(); {
			if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
				told = data
			}
		}
		return told
	}
	within(t, "the first run trains", func() bool { return steps() > 0 })
	if told := poll(); !strings.Contains(told, `"place":1`) {
		t.Fatalf("the run that is polled for is told %s", told)
	}
	began := steps()
	within(t, "it goes on", func() bool { return steps() > began+3 }) // else both who wait came at the same time
	site.occupy(t, "rival", long+"&seed=2")
	others++
	for range 3 {
		if told := poll(); !strings.Contains(told, `"place":1`) {
			t.Errorf("asked again, it is told %s", told)
		}
	}
}

// While strangers’ long runs wait, what a class reveals is computed on the class’s own share, whoever of its pages asks for
// it: the last of the strangers, who would all have gone before it, still waits when it is there.
func TestRevealGetsThrough(t *testing.T) {
	const truth = "count=2&batch=2&steps=1200"
	for _, way := range []struct {
		name   string
		reveal func(t *testing.T, c *testClass) (there func() bool)
	}{
		{"the teacher’s press", func(t *testing.T, c *testClass) func() bool {
			c.act(t, "run")
			return func() bool { _, found := c.config.Runs.Finished(parseTrain(t, truth)); return found }
		}},
		{"the teacher’s page", func(t *testing.T, c *testClass) func() bool {
			c.revealElsewhere(t)
			return func() bool { return !c.waits(t, "/board") }
		}},
		{"a student’s page", func(t *testing.T, c *testClass) func() bool {
			c.revealElsewhere(t)
			return func() bool { return !c.waits(t, "/state") }
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			c := newTestClass(t, withOneSlot(t))
			form := url.Values{"kind": {"predict-number"}, "title": {"How low?"}, "path": {"/labs/train?" + truth}, "truth": {"train losses[-1]"}}
			if got := c.do(t, c.teacher, "POST", "/class/"+c.code+"/plan", form); got.status != 303 {
				t.Fatalf("a prediction: %d", got.status)
			}
			c.act(t, "next")
			if stop := c.stored(t).Shown(); stop.Phase != classroom.Asked || stop.Kind != classroom.Predict {
				t.Fatalf("shown is %+v", stop)
			}
			var last *runner.Follower
			for i := range map[bool]int{false: 30, true: 10}[testing.Short()] {
				last = c.occupy(t, fmt.Sprint("stranger ", i), fmt.Sprint("count=2&batch=2&steps=1000&seed=", i))
			}
			within(t, "the truth is there", way.reveal(t, c))
			if last.Look().Outcome != nil {
				t.Error("all of the strangers’ runs went before the truth")
			}
		})
	}
}

// revealElsewhere reveals as another replica does, which computes what it needs for itself.
func (c *testClass) revealElsewhere(t *testing.T) {
	t.Helper()
	_, err := classroom.NewHub(c.store, c.config.Bus, nil).Change(t.Context(), c.code, func(class classroom.Class) (classroom.Class, error) {
		return class.Do(classroom.Action{Do: "reveal"}, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// waits says whether what a page shows is still being computed: /board is the teacher's, /state the student's.
func (c *testClass) waits(t *testing.T, path string) bool {
	t.Helper()
	who := c.student
	if path == "/board" {
		who = c.teacher
	}
	got := c.do(t, who, "GET", "/class/"+c.code+path, nil, "Accept", "application/json")
	var answer struct{ Waits *bool }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Waits == nil {
		t.Fatalf("%s: %d, %v: %.300s", path, got.status, err, got.body)
	}
	return *answer.Waits
}

// Whatever a request computes itself waits for its turn in the schedule of the runs.
func TestWhatIsComputedTakesTurns(t *testing.T) {
	site := newSite(t, withOneSlot(t))
	turns := func() int { return site.config.Runs.Stats().Turns }
	const run = "?count=2&batch=2&steps=1&depth=1"
	for _, config := range labs.All().Trains("/labs/train" + run) {
		must(must(site.config.Runs.Follow(runner.Reader{}, config)).Wait(t.Context()))
	}
	for _, path := range []string{
		"/labs/chain", "/labs/chain/board", "/labs/chain/picture.svg", "/embed/chain", "/api/chain", "/api/graph", "/export/chain.csv", "/api/network",
		"/labs/kernels", "/labs/kernels/board", "/labs/kernels/pixel", "/embed/kernels", "/api/kernels", "/export/kernels.csv",
		"/api/train" + run, "/labs/train" + run, "/labs/train/board" + run, "/embed/train" + run, "/export/train.csv" + run,
		"/labs/sweep/board", "/labs/sweep?show=loss", "/embed/sweep?show=loss",
	} {
		end := must(site.config.Runs.Turn(t.Context(), runner.Reader{Key: "another"}, 1))
		answered := make(chan int, 1)
		go func() { answered <- site.do(t, site.client(t), "GET", path, nil).status }()
		within(t, path+" waits", func() bool { return turns() == 2 })
		end()
		if status := <-answered; status != 200 {
			t.Errorf("%s: %d", path, status)
		}
		within(t, path+" ends its turn", func() bool { return turns() == 0 })
	}
}

// Who reads slowly holds no turn: it is over when the answer begins to be written.
func TestTurnEndsBeforeItsAnswerIsRead(t *testing.T) {
	site := newSite(t, withOneSlot(t))
	turns := func() int { return site.config.Runs.Stats().Turns }
	for name, write := range map[string]func(w http.ResponseWriter){
		"a status": func(w http.ResponseWriter) { w.WriteHeader(http.StatusTeapot) },
		"a byte":   func(w http.ResponseWriter) { w.Write([]byte("x")) },
	} {
		w := httptest.NewRecorder()
		err := site.site.lab.InTurn(func(w http.ResponseWriter, r *http.Request) error {
			if turns() != 1 {
				t.Errorf("%d turns are taken, want 1", turns())
			}
			if write(w); turns() != 0 {
				t.Errorf("after %s %d turns are taken", name, turns())
			}
			return nil
		})(w, httptest.NewRequest("GET", "/", nil))
		if err != nil || w.Code == http.StatusOK && w.Body.Len() == 0 {
			t.Errorf("%s: %v, %d", name, err, w.Code)
		}
	}
}

// Who is told a long run that is known already takes turns, an event each, and misses no step.
func TestTellingALongRunTakesTurns(t *testing.T) {
	const run = "net=mlp&depth=100&width=1&data=noise&count=1&batch=1&steps=300" // 31,000 numbers
	site := newSite(t, withOneSlot(t))
	must(must(site.config.Runs.Follow(runner.Reader{}, parseTrain(t, run))).Wait(t.Context()))
	end := must(site.config.Runs.Turn(t.Context(), runner.Reader{Key: "another"}, 1))
	told := make(chan []event)
	go func() { told <- listen(t, t.Context(), site.URL+"/api/train?"+run) }()
	within(t, "the telling waits", func() bool { return site.config.Runs.Stats().Turns == 2 })
	end()
	if n := len(steps(t, <-told, "plain")); n != 300 {
		t.Errorf("%d steps are told, want 300", n)
	}
}
