package chart

import (
	"strings"
	"testing"
)

func TestMeansAndDraws(t *testing.T) {
	got := marshal(t, MeansAndDraws("blocks out", 2,
		[]Series{{ID: "mean", Twin: "plain", Name: "plain", Values: []float64{0.5, 0.25, 0.1}}},
		[]Draws{{ID: "draws", Twin: "plain", Name: "plain", Values: [][]float64{{0.5}, {0.2, 0.3}, {0.1}}}}))
	for _, want := range []string{
		`"min":0,"max":2`, `"min":0,"max":1`, `"id":"mean"`, `"data":[{"value":[0,0.5]},{"value":[1,0.25]},{"value":[2,0.1]}]`,
		`"id":"draws"`, `"data":[{"value":[0,0.5]},{"value":[1,0.2]},{"value":[1,0.3]},{"value":[2,0.1]}]`, `"twin":"plain","role":"draw"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("option lacks %s:\n%s", want, got)
		}
	}
}

func TestBarsByName(t *testing.T) {
	bars := Series{ID: "a", Twin: "plain", Name: "plain", Values: []float64{0, 0.5}}
	if got := marshal(t, BarsByName([]string{"1", "2"}, "block", 1, bars)); !strings.Contains(got, `"type":"value"`) || !strings.Contains(got, `"max":1`) || !strings.Contains(got, `"data":["1","2"]`) {
		t.Errorf("bars on an axis to 1: %s", got)
	}
	if got := marshal(t, BarsByName([]string{"1", "2"}, "block", 0, bars)); strings.Contains(got, `"max"`) {
		t.Errorf("bars on an axis as far as they reach: %s", got)
	}
}
