package views

import (
	"math"
	"testing"
)

func TestNumbersAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		v                float64
		short, tex, line string
		factor           string
	}{
		{1, "1", "1", "1", "1"},
		{-0.05, "−0.05", "-0.05", "−0.05", "(-0.05)"},
		{float64(float32(0.1)), "0.1", "0.1", "0.1", "0.1"},
		{0.23500371, "0.235", "0.235", "0.235", "0.235"},
		{-5.997e-9, "−6.00·10^−9", `-6.00\cdot 10^{-9}`, "−6.00·10⁻⁹", `(-6.00\cdot 10^{-9})`},
		{math.Copysign(0, -1), "−0", "-0", "−0", "(-0)"},
		{0, "0", "0", "0", "0"},
		{math.Inf(-1), "−∞", `-\infty`, "−∞", `(-\infty)`},
		{math.NaN(), "NaN", `\text{NaN}`, "NaN", `\text{NaN}`},
		{20, "20", "20", "20", "20"},
		{1234, "1234", "1234", "1234", "1234"},
	} {
		if got := Short(c.v, 3).String(); got != c.short {
			t.Errorf("Short(%v): got %q, want %q", c.v, got, c.short)
		}
		if got := TeX(c.v, 3); got != c.tex {
			t.Errorf("TeX(%v): got %q, want %q", c.v, got, c.tex)
		}
		if got := Short(c.v, 3).Line(); got != c.line {
			t.Errorf("Line of %v: got %q, want %q", c.v, got, c.line)
		}
		if got := TeXFactor(c.v, 3); got != c.factor {
			t.Errorf("TeXFactor(%v): got %q, want %q", c.v, got, c.factor)
		}
	}
}

// A skip is a straight line down, a weight's edge a level one, and the way into the next layer a curve.
func TestBriefNumbers(t *testing.T) {
	for v, want := range map[float64]string{18: "18", 0.08: "0.08", 1: "1", 0.233: "0.233", 414.2: "414", -2.5: "−2.5", 0: "0", 1e6: "1·10^6", 2.31e-5: "2.31·10^−5", math.Inf(1): "∞"} {
		if got := Brief(v, 3).String(); got != want {
			t.Errorf("Brief(%g): got %q, want %q", v, got, want)
		}
	}
}

func TestGraphEdges(t *testing.T) {
	g := Graph{Nodes: []GraphNode{{Row: 0, Column: 3}, {Row: 1, Column: 0}, {Row: 1, Column: 1}, {Row: 1, Column: 3}}}
	for _, c := range []struct {
		edge  GraphEdge
		path  string
		place graphLabel
	}{
		{GraphEdge{From: 0, To: 3}, "M824 72V125", graphLabel{833, 96, "start"}},
		{GraphEdge{From: 1, To: 2}, "M154 161H251", graphLabel{204, 155, "middle"}},
		{GraphEdge{From: 0, To: 2}, "M824 72C824 111 328 86 328 125", graphLabel{319, 104, "end"}},
	} {
		if got := g.Path(c.edge); got != c.path {
			t.Errorf("path of %v: got %s, want %s", c.edge, got, c.path)
		}
		if got := g.Place(c.edge); got != c.place {
			t.Errorf("place of %v: got %v, want %v", c.edge, got, c.place)
		}
	}
	if got, want := g.ViewBox(), "0 0 904 200"; got != want {
		t.Errorf("view box: got %s, want %s", got, want)
	}
}
