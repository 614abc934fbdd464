package lessons

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestClaim(t *testing.T) {
	for _, test := range []struct {
		claim        string
		holds, fails []float64
	}{
		{"chain?depth=20 grad_w[0] = -5.0e-20", []float64{-5e-20, -4.96e-20, -5.05e-20}, []float64{-4.9e-20, -5.06e-20, 5e-20, 0, math.NaN()}},
		{"chain?depth=20 loss = 12.2", []float64{12.2, 12.15, 12.249}, []float64{12.14, 12.26}},
		{"chain?depth=20 loss = 13", []float64{13, 12.5, 13.4}, []float64{12.4, 13.6}},
		{"chain?depth=20 loss = -0", []float64{0, math.Copysign(0, -1)}, []float64{1e-300, -1e-300}},
		{"train?depth=20 loss ≈ 450 ± 40", []float64{410, 490}, []float64{409, 491, math.Inf(1)}},
		{"train?depth=20 loss < 0.2", []float64{0.19, -1}, []float64{0.2, math.NaN()}},
		{"train?depth=20 loss > 1e3", []float64{1001, math.Inf(1)}, []float64{1000}},
	} {
		c, err := ParseClaim(test.claim)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, got := range test.holds {
			if !c.Holds(got) {
				t.Errorf("%s: does not hold for %g", test.claim, got)
			}
		}
		for _, got := range test.fails {
			if c.Holds(got) {
				t.Errorf("%s: holds for %g", test.claim, got)
			}
		}
	}
}

func TestParseClaimErrors(t *testing.T) {
	for claim, want := range map[string]string{
		"":                               "want run, path",
		"chain?depth=2 loss = ":          "want run, path",
		"chart?depth=2 loss = 1":         "does not start with one of",
		"chain?depth=2 Loss = 1":         `cannot read "Loss"`,
		"chain?depth=2 loss[x] = 1":      `cannot read "[x]"`,
		"chain?depth=2 loss = one":       "is not a number",
		"chain?depth=2 loss == 1":        "is not =, <, > or ≈",
		"chain?depth=2 loss ≈ 1":         "wants a tolerance",
		"chain?depth=2 loss ≈ 1 ± 0":     "wants a tolerance",
		"chain?depth=2 loss = 1 ± 1":     "only ≈ takes a tolerance",
		"chain?depth=2&depth=3 loss = 1": "given 2 times",
	} {
		if _, err := ParseClaim(claim); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", claim, err, want)
		}
	}
}

func TestClaimFind(t *testing.T) {
	var result any
	if err := json.Unmarshal([]byte(`{"loss": 2, "grad_w": [1, "nan", "-inf"], "test": {"accuracy": 0.08},
		"norms": {"conv1.weight": 7}, "name": "x"}`), &result); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]float64{
		"loss": 2, "grad_w[0]": 1, "grad_w[-1]": math.Inf(-1), "test.accuracy": 0.08, `norms["conv1.weight"]`: 7,
	} {
		c, err := ParseClaim("chain " + path + " = 0")
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := c.Find(result); got != want || err != nil {
			t.Errorf("%s: got %g, %v, want %g", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"lost": `has no "lost"`, "grad_w[3]": "no element 3", "grad_w[-4]": "no element", "loss[0]": "no element 0",
		"loss.x": `no "x"`, "test": "is not a number", "name": "is not a number",
	} {
		c, err := ParseClaim("chain " + path + " = 0")
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := c.Find(result); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %g, %v, want an error with %q", path, got, err, want)
		}
	}
}
