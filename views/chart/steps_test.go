package chart

import (
	"strings"
	"testing"
)

func TestLogLinesByStep(t *testing.T) {
	got := marshal(t, LogLinesByStep("step", "loss", Series{ID: "plain", Name: "plain", Values: []float64{2, 1}}))
	for _, want := range []string{`"type":"log"`, `"data":[{"value":[0,2]},{"value":[1,1]}]`, `"name":"loss"`} {
		if !strings.Contains(got, want) {
			t.Errorf("option lacks %s:\n%s", want, got)
		}
	}
}

func TestReachFixesTheAxis(t *testing.T) {
	o := LinesByStep("step", "accuracy", Series{ID: "plain", Name: "plain", Values: []float64{20}})
	Reach(o, 0, 100)
	if got := marshal(t, o); !strings.Contains(got, `"min":0,"max":100`) {
		t.Errorf("option lacks its ends:\n%s", got)
	}
}

func TestHeatByLayerAndStep(t *testing.T) {
	got := marshal(t, HeatByLayerAndStep([]string{"conv1", "head"}, "step", Series{ID: "plain", Name: "plain"}, Series{ID: "residual", Name: "residual"}))
	for _, want := range []string{`"heat":true`, `"data":["conv1","head"]`, `"id":"residual"`, `"type":"heatmap"`} {
		if !strings.Contains(got, want) {
			t.Errorf("option lacks %s:\n%s", want, got)
		}
	}
}
