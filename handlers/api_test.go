package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gradlab/handlers/board"
)

func TestAPIChain(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/api/chain?depth=4&activation=tanh&skip=none&x=10&target=1", nil)
	if got.status != 200 || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	// The first gradient is -0, as PyTorch prints it.
	if want := `"grad_w":[-0.0,-0.07273949,-0.131908,-0.18916932]`; !strings.Contains(got.body, want) {
		t.Errorf("%s lacks %s", got.body, want)
	}
	var result struct {
		Config                  map[string]any
		W, A, Z, Grad_a, Grad_z []float64
		Loss                    float64
	}
	if err := json.Unmarshal([]byte(got.body), &result); err != nil {
		t.Fatal(err)
	}
	if len(result.W) != 4 || len(result.A) != 4 || len(result.Z) != 5 || len(result.Grad_a) != 4 || len(result.Grad_z) != 5 || len(result.Config) != 9 {
		t.Errorf("the result has other sizes: %s", got.body)
	}
}

func TestAPIWritesWhatJSONLacks(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/api/chain?depth=100&activation=identity&skip=none&x=100&w=100", nil)
	if !strings.Contains(got.body, `"inf"`) || !json.Valid([]byte(got.body)) {
		t.Errorf("got %s", got.body)
	}
	for v, want := range map[float64]string{math.NaN(): `"nan"`, math.Inf(1): `"inf"`, math.Inf(-1): `"-inf"`, math.Copysign(0, -1): "-0.0", 1e-7: "1e-07", 0.1: "0.1"} {
		if b, _ := json.Marshal(board.Float{Value: v, Bits: 64}); string(b) != want {
			t.Errorf("%v is written %s, want %s", v, b, want)
		}
	}
}

func TestAPIBadQueries(t *testing.T) {
	site := newSite(t)
	for _, test := range []struct {
		path   string
		fields []string
	}{
		{"/api/chain?depth=0&x=NaN&activation=foo", []string{"depth", "x", "activation"}},
		{"/api/chain?depth=1000000000", []string{"depth"}},
		{"/api/chain?x=1e308", []string{"x"}},
		{"/api/chain?dept=4", []string{"dept"}},
		{"/api/train?steps=1000000000000&lr=abc", []string{"steps", "lr"}},
		{"/api/train?batch=30", []string{"batch"}},
		{"/api/train?twin=yes", []string{"twin"}},
		{"/api/blocks?out=12", []string{"out"}},
		{"/api/barcode?points=63&from=-1", []string{"points", "from"}},
		{"/api/stream?tokens=1000&skip=A", []string{"tokens", "skip"}},
		{"/api/transformer?tokens=33", []string{"tokens"}},
		{"/api/transformer?layers=24&steps=2000&batch=128", []string{"steps"}},
		{"/api/train?net=deep&n=18&channels=32&batch=512&count=512&steps=5000", []string{"steps"}},
	} {
		got := site.do(t, site.client(t), "GET", test.path, nil)
		var body struct {
			Error  string
			Fields map[string]string
		}
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status != 400 || body.Error == "" {
			t.Errorf("%s: status %d, %v, %s", test.path, got.status, err, got.body)
		}
		if len(body.Fields) != len(test.fields) {
			t.Errorf("%s: fields %v, want %v", test.path, body.Fields, test.fields)
		}
		for _, name := range test.fields {
			if body.Fields[name] == "" {
				t.Errorf("%s: %s is not named in %v", test.path, name, body.Fields)
			}
		}
	}
}

const quick = "/api/train?steps=12&count=10&batch=10&depth=1&activation=tanh"

func TestAPITrain(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", quick, nil)
	var result struct {
		Config     map[string]any
		Parameters int
		Losses     []float64
		Norms      map[string]float64 `json:"first_step_grad_norms"`
		Test       struct{ Loss, Accuracy float64 }
	}
	if err := json.Unmarshal([]byte(got.body), &result); err != nil || got.status != 200 {
		t.Fatalf("%d, %v, %s", got.status, err, got.body)
	}
	if result.Parameters != 33860+230 || len(result.Losses) != 12 || len(result.Norms) != 6 || result.Norms["extra.0.weight"] <= 0 || result.Test.Loss <= 0 {
		t.Errorf("got %+v", result)
	}
}

// An event of a stream.
type event struct{ name, id, data string }

// listen reads a stream's events until done, failed or its end.
func listen(t *testing.T, ctx context.Context, url string, header ...string) []event {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Error(err)
		return nil
	}
	r.Header.Set("Accept", "text/event-stream")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		if ctx.Err() == nil {
			t.Error(err)
		}
		return nil
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("%s answers %d with %s", url, resp.StatusCode, kind)
		return nil
	}
	var events []event
	var e event
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			e.data = value
		case "":
			if e.name != "" {
				events = append(events, e)
				if e.name == "done" || e.name == "failed" {
					return events
				}
			}
			e = event{}
		}
	}
	return events
}

// steps are the step numbers of one run, in the order in which the events brought them.
func steps(t *testing.T, events []event, run string) []int {
	t.Helper()
	var numbers []int
	for _, e := range events {
		if e.name != "step" {
			continue
		}
		var data struct {
			Run   string
			Steps []struct{ Step int }
		}
		if err := json.Unmarshal([]byte(e.data), &data); err != nil {
			t.Fatal(err)
		}
		for _, s := range data.Steps {
			if data.Run == run {
				numbers = append(numbers, s.Step)
			}
		}
	}
	return numbers
}

func TestStreamOfTwinsLosesNoStep(t *testing.T) {
	site := newSite(t)
	events := listen(t, t.Context(), site.URL+quick+"&twin=1")
	if len(events) == 0 || events[len(events)-1].name != "done" {
		t.Fatalf("the stream does not end with done: %v", events)
	}
	for _, run := range []string{"plain", "residual"} {
		if got, want := fmt.Sprint(steps(t, events, run)), "[0 1 2 3 4 5 6 7 8 9 10 11]"; got != want {
			t.Errorf("%s: steps %s, want %s", run, got, want)
		}
	}
	var done map[string]struct{ Losses []float64 }
	if err := json.Unmarshal([]byte(events[len(events)-1].data), &done); err != nil || len(done["plain"].Losses) != 12 || len(done["residual"].Losses) != 12 {
		t.Errorf("done holds %s", events[len(events)-1].data)
	}
}

func TestStreamGoesOnWhereItBroke(t *testing.T) {
	site := newSite(t)
	for _, how := range []string{"header", "parameter"} {
		var events []event
		if how == "header" {
			events = listen(t, t.Context(), site.URL+quick, "Last-Event-ID", "plain=7")
		} else {
			events = listen(t, t.Context(), site.URL+quick+"&after=plain%3D7")
		}
		if got, want := fmt.Sprint(steps(t, events, "plain")), "[7 8 9 10 11]"; got != want {
			t.Errorf("by %s: steps %s, want %s", how, got, want)
		}
	}
	for _, id := range []string{"nonsense", "plain=-1", "plain=abc", strings.Repeat("plain=1&", 20)} {
		got := site.do(t, site.client(t), "GET", quick, nil, "Accept", "text/event-stream", "Last-Event-ID", id)
		if got.status != 400 {
			t.Errorf("Last-Event-ID %.20q: status %d, want 400", id, got.status)
		}
	}
}

func TestStreamTellsOfDivergence(t *testing.T) {
	site := newSite(t)
	events := listen(t, t.Context(), site.URL+"/api/train?optimizer=sgd&lr=10&depth=12&activation=identity&skip=identity&steps=40&count=20&batch=20")
	var names []string
	for _, e := range events {
		if e.name != "step" {
			names = append(names, e.name)
		}
	}
	if got, want := strings.Join(names, " "), "start diverged done"; got != want {
		t.Errorf("events are %s, want %s", got, want)
	}
}

func TestTwentyStreamsAtOnceAndHangingUp(t *testing.T) {
	site := newSite(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if i%4 == 3 { // some hang up in mid-stream
				ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
				defer cancel()
				listen(t, ctx, fmt.Sprintf("%s/api/train?steps=3000&count=10&batch=10&seed=%d", site.URL, i))
				return
			}
			events := listen(t, context.Background(), fmt.Sprintf("%s/api/train?steps=4&count=10&batch=10&seed=%d", site.URL, i))
			if len(events) == 0 || events[len(events)-1].name != "done" {
				t.Errorf("stream %d ends with %v", i, events)
			}
		})
	}
	wg.Wait()
}

func TestStoppingServerTellsItsStreams(t *testing.T) {
	site := newSite(t)
	time.AfterFunc(200*time.Millisecond, site.stop)
	events := listen(t, t.Context(), site.URL+"/api/train?steps=5000&count=100&batch=100")
	if len(events) == 0 || events[len(events)-1].name != "failed" || !strings.Contains(events[len(events)-1].data, "stopping") {
		t.Errorf("the stream ends with %v", events)
	}
	if got := site.do(t, site.client(t), "GET", "/readyz", nil); got.status != 503 {
		t.Errorf("/readyz of a stopping server: %d, want 503", got.status)
	}
}

func TestAPINetwork(t *testing.T) {
	site := newSite(t)
	got := site.do(t, site.client(t), "GET", "/api/network?net=deep&n=3&channels=4&skip=B", nil)
	var result struct {
		Layers []struct {
			Name       string
			Output     []int
			Parameters int
		}
		Parameters int
		Twin       struct {
			Skip       string
			Difference int `json:"parameters_difference"`
		}
	}
	if err := json.Unmarshal([]byte(got.body), &result); err != nil || got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	sum := 0
	for _, layer := range result.Layers {
		sum += layer.Parameters
	}
	// Option B projects where the shape changes: 4·8 + 8·16 weights.
	if sum != result.Parameters || result.Twin.Skip != "none" || result.Twin.Difference != -160 {
		t.Errorf("the layers have %d parameters, the net %d, the twin (%s) %d more", sum, result.Parameters, result.Twin.Skip, result.Twin.Difference)
	}
}

// Every example of the API's page is answered, and every parameter is documented.
func TestAPIPage(t *testing.T) {
	if testing.Short() {
		t.Skip("asks one thing after the other, as TestAnyRequest does: left out of -short")
	}
	site := newSite(t)
	page := site.do(t, site.client(t), "GET", "/api", nil)
	asked := 0
	for _, e := range strings.Split(page.body, "<pre tabindex=\"0\"><code>")[1:] {
		example, _, _ := strings.Cut(html.UnescapeString(e), "</code>")
		_, path, found := strings.Cut(example, site.URL)
		path, _, _ = strings.Cut(path, "'")
		if !found || !strings.HasPrefix(example, "curl ") || strings.Contains(example, "-d ") {
			continue
		}
		asked++
		if got := site.do(t, site.client(t), "GET", path, nil); got.status != 200 {
			t.Errorf("%s: %d %.200s", example, got.status, got.body)
		}
	}
	if asked < 4 {
		t.Errorf("the page shows %d examples, want one of each lab at least", asked)
	}
	for _, name := range []string{"activation", "spread", "channels", "init", "clip", "remedies", "stride"} {
		if !strings.Contains(page.body, "<code>"+name+"</code>") {
			t.Errorf("%s is not documented", name)
		}
	}
}
