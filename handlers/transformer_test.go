package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// What the page says, and how it refuses what is not there, too long or too dear.
func TestTransformerPages(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	if got := s.do(t, c, "GET", "/api/transformer?layers=2&steps=2", nil); got.status != 200 { // known to the pages from now on
		t.Fatalf("the API: %d %s", got.status, got.body)
	}
	for _, tc := range []struct {
		path     string
		contains []string
		lacks    string
	}{
		{"/labs/transformer", []string{"learn to reverse sequences, without warm-up. Press Run.", "norm(x + f(x))", ">Run</button>"}, "A sequence drawn after the training"},
		{"/labs/transformer?layers=2&steps=2", []string{"as by guessing", "At step 0 the first layer’s gradient is", "A sequence drawn after the training", "of 8 right", "new sequences"}, "Press Run"},
		{"/labs/transformer?block=3", []string{"This cannot run"}, ""},
		{"/labs/transformer?tokens=33", []string{"Sequence length must be a whole number from 1 to 32", "This cannot run."}, ""},
		{"/labs/transformer?layers=24&steps=2000&batch=128", []string{"times as long as the server allows", `value="24"`}, ""},
		{"/labs/transformer?heads=5", []string{"Heads must divide the width: 32 is no multiple of 5"}, ""},
		{"/embed/transformer?controls=warmup", []string{"Open the lab", `data-lab="transformer"`}, ""},
		{"/labs/transformer/board?layers=2&steps=2&warmup=1", []string{`"known":false`, `"stream":"/api/transformer?layers=2&steps=2&warmup=1"`}, ""},
	} {
		got := s.do(t, c, "GET", tc.path, nil)
		for _, want := range tc.contains {
			got.wants(t, 200, want, tc.lacks)
		}
	}
}

// The runs are streamed under their names; a reader who comes back goes on; the stream ends with what the API answers.
func TestTransformerStream(t *testing.T) {
	s := newSite(t)
	events := listen(t, t.Context(), s.URL+"/api/transformer?layers=1&steps=3&after=pre%3D2")
	if len(events) == 0 || events[len(events)-1].name != "done" {
		t.Fatalf("the stream does not end with done: %v", events)
	}
	for run, want := range map[string]string{"post": "[0 1 2]", "pre": "[2]"} {
		if got := fmt.Sprint(steps(t, events, run)); got != want {
			t.Errorf("%s: steps %s, want %s", run, got, want)
		}
	}
	if got := s.do(t, s.client(t), "GET", "/api/transformer?layers=1&steps=3", nil); strings.TrimSpace(got.body) != events[len(events)-1].data {
		t.Errorf("done holds %s, the API answers %s", events[len(events)-1].data, got.body)
	}
}
