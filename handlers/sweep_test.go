package handlers

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/mlcore/experiment"
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
		{"loss, not trained yet", "/labs/sweep?show=loss", 200, "Press Run: 10 nets of 8 to 56 weighted layers, ", "rises"},
		{"loss, cheap", "/labs/sweep?show=loss&n=1&count=4&batch=4&steps=2&channels=1", 200, "net ends at a training loss of", "Press Run"},
		{"grid, cheap", "/labs/sweep?show=grid&n=1&count=4&batch=4&steps=2&channels=1", 200, "The loss ends lowest with ", "Press Run"},
		{"refused", "/labs/sweep?show=loss&batch=60", 200, "This cannot run. Images a step must divide", "Press Run"},
		{"too dear", "/labs/sweep?show=loss&steps=5000&n=18", 200, "times as long as the server allows; lower them", "Press Run"},
		{"bad remedies", "/labs/sweep?remedies=%3Cscript%3E", 200, "must be some of relu, selu", "<script>"},
		{"remedies as boxes send them", "/labs/sweep?remedies=&remedies=selu&remedies=batch&depth=4&points=1", 200, "SELU</span> it is ", "cannot run"},
		{"a field unknown", "/labs/sweep?utm_source=mail", 200, "parameters that a sweep does not have", ""},
		{"embedded", "/embed/sweep?controls=depth&depth=4&points=1", 200, `<input type="hidden" name="remedies" value="relu,xavier_normal,batch,identity"`, "checkbox"},
		{"board", "/labs/sweep/board?depth=4&points=2", 200, `"query":"depth=4\u0026points=2"`, ""},
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

// made is a result out of thin air: readings by depth, one for each line.
func made(t *testing.T, query string, readings ...experiment.Reading) sweepResult {
	t.Helper()
	values, _ := url.ParseQuery(query)
	config, errs := experiment.ParseSweep(values)
	if errs != nil {
		t.Fatal(errs)
	}
	r := sweepResult{config: config, plan: config.Plan(), known: len(readings)}
	for i := range readings {
		r.readings = append(r.readings, &readings[i])
	}
	if len(r.readings) != len(r.plan.Points) {
		t.Fatalf("%d readings for %d points", len(r.readings), len(r.plan.Points))
	}
	return r
}

func TestSweepVerdicts(t *testing.T) {
	g := func(gradient float64) experiment.Reading { return experiment.Reading{Gradient: gradient} }
	l := func(gradient, loss float64) experiment.Reading {
		return experiment.Reading{Gradient: gradient, Loss: loss, Diverged: math.IsNaN(loss)}
	}
	for _, test := range []struct{ name, want, got string }{
		{"every fate", "Without a remedy the plain net’s first gradient goes from 1.0 with 20 hidden layers to 1.0·10^−10 with 40: it has vanished. " +
			"With Xavier (0.50) and identity skip (2.0) it arrives; with batch norm (80) it grows; with ReLU (0) it is 0 all the same.",
			sweepVerdict(made(t, "points=2", g(1), g(1), g(1), g(1), g(1), g(1e-10), g(0), g(0.5), g(80), g(2))).String()},
		{"one depth", "Without a remedy the plain net’s first gradient is 0.50 with 40 hidden layers; with ReLU it is 0.25, with batch norm 3.0.",
			sweepVerdict(made(t, "points=1&remedies=relu,batch", g(0.5), g(0.25), g(3))).String()},
		{"one layer", "Without a remedy the plain net’s first gradient goes from 1.0 with 1 hidden layer to 0.50 with 2: it arrives. With ReLU (1.0·10^−9) it vanishes.",
			sweepVerdict(made(t, "depth=2&points=2&remedies=relu", g(1), g(1), g(0.5), g(1e-9))).String()},
		{"explosion", "Without a remedy the plain net’s first gradient goes from 1.0 with 20 hidden layers to ∞ with 40: it has exploded.",
			sweepVerdict(made(t, "points=2&remedies=", g(1), g(math.Inf(1)))).String()},
		{"degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56, though the deeper net could copy the shallower one: degradation. " +
			"Its first gradient starts at 423 there, 2.0 with the skip: it has exploded, which may be why. " +
			"The residual net’s goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(423, 1.74), l(2, 0.73))).String()},
		{"degradation before the explosion", "The plain net’s training loss goes from 0.59 at depth 8 to 1.7 at depth 56, though the deeper net could copy the shallower one: degradation. " +
			"Its first gradient starts at 158 there, 1.4 with the skip: it has exploded, which may be why. " +
			"But at depth 32 it starts at 1.0, which is healthy, and the loss is 0.83 already. " +
			"The residual net’s goes from 0.63 at depth 8 to 0.73 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=3", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5), l(158, 1.74), l(1.4, 0.73))).String()},
		{"degradation alone", "Its first gradient starts at 1.0 there, 0.60 with the skip: that is not why. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.83), l(0.6, 0.5))).String()},
		{"vanishing", "Its first gradient starts at 7.2·10^−10 there, 0.041 with the skip: it has vanished, which may be why. The residual net",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(7.2e-10, 2.3), l(0.041, 0.5))).String()},
		{"no degradation", "The plain net’s training loss goes from 0.59 at depth 8 to 0.60 at depth 56: no degradation there. The residual net’s goes from 0.63 at depth 8 to 0.50 at depth 56.",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, 0.6), l(2, 0.5))).String()},
		{"divergence", "The plain net’s training loss goes from 0.59 at depth 8 to divergence at depth 56, though the deeper net could copy the shallower one: degradation. Its first gradient",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, 0.59), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"divergence everywhere", "The plain net diverges at every depth. The residual net’s goes",
			sweepVerdict(made(t, "show=loss&points=2", l(0.1, math.NaN()), l(0.2, 0.63), l(1, math.NaN()), l(2, 0.5))).String()},
		{"grid", "With 20 layers and neither, the plain net’s first gradient is 7.7·10^−10, and it ends at a training loss of 2.3. " +
			"With the skip alone: 0.036 and 1.1; with batch norm alone: 1.0 and 0.74; with both: 0.61 and 0.57. The loss ends lowest with both.",
			sweepVerdict(made(t, "show=grid", l(7.7e-10, 2.3), l(0.036, 1.1), l(1, 0.74), l(0.61, 0.57))).String()},
		{"under way", "So far 2 of 4 nets of 20 weighted layers; what they show is said when all are done.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4), known: 2}).String()},
		{"unfinished", "Press Run: 4 nets of 20 weighted layers, with and without normalisation and skip, learn 2048 garments in 160 steps.",
			sweepVerdict(sweepResult{config: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).config, plan: made(t, "show=grid", l(1, 1), l(1, 1), l(1, 1), l(1, 1)).plan, readings: make([]*experiment.Reading, 4)}).String()},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, test.got, test.want)
		}
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
