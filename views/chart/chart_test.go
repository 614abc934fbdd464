package chart

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func marshal(t *testing.T, option map[string]any) string {
	t.Helper()
	b, err := json.Marshal(option)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBarsByLayer(t *testing.T) {
	got := marshal(t, BarsByLayer([]string{"1", "2"}, "layer",
		Series{ID: "a", Twin: "plain", Name: "plain", Values: []float64{0, math.Inf(1)}},
		Series{ID: "b", Twin: "residual", Role: "test", Name: "residual", Values: []float64{-3e-20, math.NaN()}, Faint: true}))
	for _, want := range []string{`"data":["1","2"]`, `"type":"log"`, `"id":"a"`, `"twin":"plain"}`, `"twin":"residual","role":"test"}`, `"value":0}`, `"value":"inf"`, `"value":-3e-20`, `"value":"nan"`, `"faint":["b"]`} {
		if !strings.Contains(got, want) {
			t.Errorf("option lacks %s:\n%s", want, got)
		}
	}
	if strings.Contains(got, "__f__") || strings.Contains(got, "http") {
		t.Errorf("option holds a function or an address:\n%s", got)
	}
}

func TestLinesByStepLeavesGaps(t *testing.T) {
	got := marshal(t, LinesByStep("step", "loss", Series{ID: "plain-test", Name: "test", Values: []float64{2, math.NaN(), 1}}))
	if want := `"data":[{"value":[0,2]},{"value":[2,1]}]`; !strings.Contains(got, want) {
		t.Errorf("option lacks %s:\n%s", want, got)
	}
}
