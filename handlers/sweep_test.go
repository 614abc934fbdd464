package handlers

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// quickSweep is small enough for a test: two depths, three lines, one step a run.
const quickSweep = "depth=4&points=2&batch=4&width=4&remedies=relu,identity"

func TestSweepPages(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, test := range []struct {
		name, path      string
		status          int
		contains, lacks string
	}{
		{"gradient", "/labs/sweep", 200, "it has <strong>vanished</strong>", "Press Run"},
		{"its exponents", "/labs/sweep?points=8", 200, "·10<sup>−17</sup>", "onclick"},
		{"a point's run", "/labs/sweep?" + quickSweep, 200, `href="/labs/train?activation=relu&amp;batch=4&amp;count=4&amp;depth=2&amp;net=mlp&amp;steps=1&amp;width=4" data-point="plain-relu:2"`, ""},
		{"loss, not trained yet", "/labs/sweep?show=loss", 200, "Press Run to train 10 nets of 8 to 56 weighted layers, ", "rises"},
		{"loss, cheap", "/labs/sweep?show=loss&n=1&count=4&batch=4&steps=2&channels=1", 200, "net ends at a training loss of", "Press Run"},
		{"grid, cheap", "/labs/sweep?show=grid&n=1&count=4&batch=4&steps=2&channels=1", 200, "the loss ends lowest with ", "Press Run"},
		{"refused", "/labs/sweep?show=loss&batch=60", 200, "This cannot run. Batch size must divide", "Press Run"},
		{"too dear", "/labs/sweep?show=loss&steps=5000&n=18", 200, "times as long as the server allows; lower them", "Press Run"},
		{"bad remedies", "/labs/sweep?remedies=%3Cscript%3E", 200, "must be some of relu, selu", "<script>"},
		{"remedies as boxes send them", "/labs/sweep?remedies=&remedies=selu&remedies=batch&depth=4&points=1", 200, "with <span class=\"plain\">SELU</span>", "cannot run"},
		{"a field unknown", "/labs/sweep?utm_source=mail", 200, "parameters that a sweep does not have", ""},
		{"embedded", "/embed/sweep?controls=depth&depth=4&points=1", 200, `<input type="hidden" name="remedies" value="relu,xavier_normal,batch,identity"`, "checkbox"},
		{"board", "/labs/sweep/board?depth=4&points=2", 200, `"query":"depth=4&points=2"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, query, _ := strings.Cut(test.path, "?"); test.lacks == "Press Run" || strings.Contains(query, "points") {
				// The page waits for a cheap sweep, but not for long: on a slow machine the test does.
				site.do(t, c, "GET", "/api/sweep?"+strings.Replace(query, "controls=depth&", "", 1), nil)
			}
			site.do(t, c, "GET", test.path, nil).wants(t, test.status, test.contains, test.lacks)
		})
	}
}

func TestAPISweep(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/api/sweep?"+quickSweep, nil)
	var result struct {
		Config map[string]any
		Depths []int
		Lines  []struct {
			ID       string
			Residual bool
		}
		Points []struct {
			Line  string
			Depth int
			Norm  float64 `json:"first_grad_norm"`
			Loss  float64
			Train string
		}
	}
	if err := json.Unmarshal([]byte(got.body), &result); err != nil || got.status != 200 {
		t.Fatalf("%d, %v, %s", got.status, err, got.body)
	}
	if fmt.Sprint(result.Depths) != "[2 4]" || fmt.Sprint(result.Lines) != "[{plain false} {plain-relu false} {residual-identity true}]" || len(result.Points) != 6 {
		t.Fatalf("got depths %v, lines %v, %d points", result.Depths, result.Lines, len(result.Points))
	}
	// A point is what its own run says.
	last := result.Points[5]
	run := site.do(t, site.client(t), "GET", strings.Replace(last.Train, "/labs/", "/api/", 1), nil)
	var alone struct {
		Losses []float64
		Norms  map[string]float64 `json:"first_step_grad_norms"`
	}
	if err := json.Unmarshal([]byte(run.body), &alone); err != nil {
		t.Fatal(err)
	}
	if last.Norm != alone.Norms["inp.weight"] || float32(last.Loss) != float32(alone.Losses[0]) {
		t.Errorf("point %+v, but its run says %v and %v", last, alone.Norms["inp.weight"], alone.Losses)
	}
}

func TestAPISweepBadQueries(t *testing.T) {
	site := newSite(t)
	for path, fields := range map[string][]string{
		"/api/sweep?show=foo&seed=-1":                {"show", "seed"},
		"/api/sweep?depth=0&points=NaN&remedies=all": {"depth", "points", "remedies"},
		"/api/sweep?show=loss&steps=5000&n=18":       {"steps"},
		"/api/sweep?after=1":                         {"after"},
	} {
		got := site.do(t, site.client(t), "GET", path, nil)
		var body struct{ Fields map[string]string }
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status != 400 || len(body.Fields) != len(fields) {
			t.Errorf("%s: status %d, %v, %s", path, got.status, err, got.body)
		}
		for _, name := range fields {
			if body.Fields[name] == "" {
				t.Errorf("%s: %s is not named in %v", path, name, body.Fields)
			}
		}
	}
}

// arrived are the points of a stream, in order.
func arrived(t *testing.T, events []event) []int {
	t.Helper()
	var out []int
	for _, e := range events {
		if e.name != "point" {
			continue
		}
		var p struct{ Point int }
		if err := json.Unmarshal([]byte(e.data), &p); err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Point)
		if want := fmt.Sprintf("points=%d", p.Point+1); e.id != want {
			t.Errorf("point %d has id %q, want %q", p.Point, e.id, want)
		}
	}
	return out
}

func TestSweepStream(t *testing.T) {
	site := newSite(t)
	events := listen(t, t.Context(), site.URL+"/api/sweep?"+quickSweep)
	if len(events) == 0 || events[0].name != "start" || events[len(events)-1].name != "done" {
		t.Fatalf("the stream does not go from start to done: %v", events)
	}
	if got := fmt.Sprint(arrived(t, events)); got != "[0 1 2 3 4 5]" {
		t.Errorf("points %s, want 0 to 5", got)
	}
	// Who comes back with an id gets the rest.
	for _, header := range [][]string{{"Last-Event-ID", "points=4"}, nil} {
		path := "/api/sweep?" + quickSweep
		if header == nil {
			path += "&after=" + url.QueryEscape("points=4")
		}
		if got := fmt.Sprint(arrived(t, listen(t, t.Context(), site.URL+path, header...))); got != "[4 5]" {
			t.Errorf("after four points: %s, want [4 5]", got)
		}
	}
	// An id beyond the end ends at once.
	if got := listen(t, t.Context(), site.URL+"/api/sweep?"+quickSweep, "Last-Event-ID", "points=99"); len(got) == 0 || got[len(got)-1].name != "done" {
		t.Errorf("after 99 points: %v, want done", got)
	}
}

func TestSweepStopsWhenTheReaderLeaves(t *testing.T) {
	site := newSite(t)
	ctx, hangUp := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer hangUp()
	listen(t, ctx, site.URL+"/api/sweep?show=loss") // minutes, were it not for the reader
	// The slots are free again: another sweep is not kept waiting.
	got := listen(t, t.Context(), site.URL+"/api/sweep?"+quickSweep)
	if len(got) == 0 || got[len(got)-1].name != "done" {
		t.Errorf("the next sweep: %v, want done", got)
	}
}

func TestSweepCSV(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/export/sweep.csv?"+quickSweep, nil)
	rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	if err != nil || got.status != 200 || got.header.Get("Content-Disposition") != `attachment; filename="sweep-gradient.csv"` {
		t.Fatalf("%d, %v, %v", got.status, err, got.header)
	}
	if len(rows) != 7 || fmt.Sprint(rows[0]) != "[line depth first_grad_norm loss run]" {
		t.Fatalf("got %q", rows)
	}
	if last := rows[6]; last[0] != "residual-identity" || last[1] != "4" || last[4] != "batch=4&count=4&depth=4&net=mlp&skip=identity&steps=1&width=4" {
		t.Errorf("the last point is %q", last)
	}
	if got := site.do(t, site.client(t), "GET", "/export/sweep.csv?depth=0", nil); got.status != 400 {
		t.Errorf("a bad query: status %d, want 400", got.status)
	}
}
