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
	if len(p.Bars) != 4 || len(p.Words) != 3 || len(p.Labels) != 3 || p.XName != "layer" {
		t.Fatalf("got %+v", p)
	}
	if low, middle, high := p.Bars[0].Height, p.Bars[2].Height, p.Bars[1].Height; low <= 0 || math.Abs((middle-low)-(high-middle)) > 1e-9 || high != plotBottom-plotTop {
		t.Errorf("10⁻⁸, 10⁻⁴ and 1 are %g, %g and %g high", low, middle, high)
	}
	if endless := p.Bars[3]; endless.Height != plotBottom-plotTop || !p.Words[1].Within {
		t.Errorf("what has no end: %+v, %+v", endless, p.Words[1])
	}
	if p.Words[0].Says != "0" || p.Words[1].Says != "∞" || p.Words[2].Says != "NaN" {
		t.Errorf("got %+v", p.Words)
	}
	if first, last := p.Ticks[0], p.Ticks[len(p.Ticks)-1]; first.Label != "10⁻⁹" || last.Label != "10⁻¹" || first.At != plotBottom || last.At <= plotTop {
		t.Errorf("got %+v", p.Ticks)
	}
}

// A value that rounding lost stands in outline, as high as it was, under the 0 that is left.
func TestPlotOfHollowBars(t *testing.T) {
	p := PlotOf(BarsByLayer([]string{"1", "2"}, "layer",
		Series{ID: "a", Twin: "plain", Values: []float64{0, 1}, Hollow: []float64{-1e-4, math.NaN()}},
		Series{ID: "b", Twin: "residual", Values: []float64{1e-4, 1e-6}}))
	if !p.Bars[0].Hollow || p.Bars[1].Hollow || p.Bars[0].Y != p.Bars[2].Y {
		t.Errorf("got %+v", p.Bars)
	}
	if len(p.Words) != 1 || p.Words[0].Says != "0" || p.Words[0].Y >= p.Bars[0].Y {
		t.Errorf("got %+v", p.Words)
	}
}

// Draws are dots without a name, under the lines that are their means.
func TestPlotOfDraws(t *testing.T) {
	p := PlotOf(MeansAndDraws("blocks out", 1, []Series{{ID: "a", Twin: "plain", Name: "plain", Values: []float64{1, .5}}},
		[]Draws{{ID: "d", Twin: "plain", Name: "plain", Values: [][]float64{{1}, {.4, .6}}}}))
	if len(p.Lines) != 2 || !p.Lines[0].Dots || strings.Count(p.Lines[0].Path, "h0") != 3 || strings.Contains(p.Lines[0].Path, "L") || p.Lines[1].Dots {
		t.Errorf("got %+v", p.Lines)
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
