package board

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// The script draws these, too: static/check/ribbon.test.js.
func TestRibbonIsDrawnAsTheScriptDrawsIt(t *testing.T) {
	text, err := os.ReadFile("../../static/check/ribbon.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Values  []float64
		Columns int
		Path    string
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		if got := netRibbon(c.Values, c.Columns); got != c.Path {
			t.Errorf("%v in %d columns: got %s, want %s", c.Values, c.Columns, got, c.Path)
		}
	}
	for _, values := range [][]float64{{1, math.NaN()}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		if got := netRibbon(values, 3); got != "" {
			t.Errorf("%v: got %s, want none", values, got)
		}
	}
}

func TestArrival(t *testing.T) {
	for _, c := range []struct {
		values      []float64
		share, word string
	}{
		{[]float64{1e-6, 1, 2}, "5.0·10^−7", "vanished"},
		{[]float64{0.05, 1}, "0.050", "fading"},
		{[]float64{3, 9, 2}, "1.5", "arrives"},
		{[]float64{30, 1}, "30", "grows"},
		{[]float64{3e6, 1}, "3.0·10^6", "exploded"},
		{[]float64{0, 0}, "0", "nothing arrives"},
		{[]float64{1, 0}, "–", "the last gets 0"},
		{[]float64{math.NaN(), 1}, "–", "no number"},
		{[]float64{1}, "–", ""},
	} {
		if share, word := netArrival(c.values); share.String() != c.share || word != c.word {
			t.Errorf("%v: got %s, %s, want %s, %s", c.values, share, word, c.share, c.word)
		}
	}
}
