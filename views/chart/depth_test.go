package chart

import (
	"math"
	"strings"
	"testing"
)

func TestLinesByDepth(t *testing.T) {
	got := marshal(t, LinesByDepth([]int{8, 20, 56}, "depth", "", true,
		Series{ID: "plain", Name: "plain", Values: []float64{0.5, math.NaN(), 0}},
		Series{ID: "residual-A", Name: "skip A", Values: []float64{1, 2, math.Inf(1)}}))
	for _, want := range []string{
		`"data":[{"value":[8,0.5]},{"value":[56,0]}]`, `"id":"residual-A"`, `"value":[56,"inf"]`, `"depths":[8,20,56]`, `"min":0`, `"max":56`, `"type":"log"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("option lacks %s:\n%s", want, got)
		}
	}
}
