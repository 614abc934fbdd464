package chart

import (
	"math"
	"strings"
	"testing"
)

// What has a size has a mark that is as high as it is; what has none is a word.
func TestPlotOfBars(t *testing.T) {
	p := PlotOf(BarsByLayer([]string{"1", "2", "3"}, "layer",
		Series{ID: "a", Twin: "plain", Values: []float64{1e-8, -1, 0}},
		Series{ID: "b", Twin: "residual", Values: []float64{1e-4, math.Inf(1), math.NaN()}}))
	if len(p.Bars) != 3 || len(p.Words) != 3 || len(p.Labels) != 3 || p.XName != "layer" {
		t.Fatalf("got %+v", p)
	}
	if low, middle, high := p.Bars[0].Height, p.Bars[2].Height, p.Bars[1].Height; low <= 0 || math.Abs((middle-low)-(high-middle)) > 1e-9 || high != plotBottom-plotTop {
		t.Errorf("10⁻⁸, 10⁻⁴ and 1 are %g, %g and %g high", low, middle, high)
	}
	if p.Words[0].Says != "0" || p.Words[1].Says != "∞" || p.Words[2].Says != "NaN" {
		t.Errorf("got %+v", p.Words)
	}
	if first, last := p.Ticks[0], p.Ticks[len(p.Ticks)-1]; first.Label != "10⁻⁹" || last.Label != "10⁻¹" || first.At != plotBottom || last.At <= plotTop {
		t.Errorf("got %+v", p.Ticks)
	}
}

func TestPlotOfLines(t *testing.T) {
	p := PlotOf(LinesByStep("step", "loss",
		Series{ID: "a", Twin: "plain", Name: "plain", Values: []float64{2, 1, math.NaN(), 1}},
		Series{ID: "b", Twin: "plain", Role: "test", Name: "test", Values: []float64{2, math.Inf(1), 1, 1}}))
	if len(p.Lines) != 2 || strings.Count(p.Lines[0].Path, "M") != 1 || strings.Count(p.Lines[1].Path, "M") != 2 || !p.Lines[1].Dashed {
		t.Errorf("got %+v", p.Lines)
	}
	if apart := math.Abs(p.Lines[0].NameY - p.Lines[1].NameY); apart < 18 {
		t.Errorf("the names of lines that end together stand %g apart", apart)
	}
	for i, tick := range p.Ticks {
		if want := []string{"0", "0.5", "1", "1.5", "2"}[i]; tick.Label != want {
			t.Errorf("tick %d is %s, want %s", i, tick.Label, want)
		}
	}
}

func TestNothingToPlot(t *testing.T) {
	for name, option := range map[string]any{
		"no values": LinesByStep("step", "loss"), "a map": HeatByLayerAndStep([]string{"1"}, "step"), "no option": nil,
		"no size": BarsByLayer([]string{"1"}, "layer", Series{ID: "a", Values: []float64{0}}),
	} {
		if p := PlotOf(option); p != nil {
			t.Errorf("%s: got %+v", name, p)
		}
	}
}
