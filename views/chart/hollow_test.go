package chart

import (
	"math"
	"strings"
	"testing"
)

func TestHollowBars(t *testing.T) {
	nan := math.NaN()
	got := marshal(t, BarsByLayer([]string{"1", "2"}, "layer",
		Series{ID: "plain", Name: "plain", Values: []float64{0, 1}, Hollow: []float64{-6e-9, nan}},
		Series{ID: "residual", Name: "residual", Values: []float64{2, 3}}))
	if want := `"hollow":{"plain":[-6e-9,null]}`; !strings.Contains(got, want) {
		t.Errorf("option lacks %s:\n%s", want, got)
	}
	if got := marshal(t, BarsByLayer([]string{"1"}, "layer", Series{ID: "plain", Values: []float64{1}})); strings.Contains(got, "hollow") {
		t.Errorf("option has hollow bars where no value is lost:\n%s", got)
	}
}
