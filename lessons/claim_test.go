package lessons

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// Written numbers stand for all that round to them.
func TestTermHolds(t *testing.T) {
	for _, test := range []struct {
		op, term     string
		holds, fails []float64
	}{
		{"=", "-5.0e-20", []float64{-5e-20, -4.96e-20, -5.05e-20}, []float64{-4.9e-20, -5.06e-20, 5e-20, 0, math.NaN()}},
		{"=", "12.2", []float64{12.2, 12.15, 12.249}, []float64{12.14, 12.26}},
		{"=", "13", []float64{13, 12.5, 13.4}, []float64{12.4, 13.6}},
		{"=", "-0", []float64{0, math.Copysign(0, -1)}, []float64{1e-300, -1e-300}},
		{"=", "1.2..16", []float64{1.15, 1.2, 7, 16.4}, []float64{1.14, 16.6, math.NaN()}},
		{"≈", "450 ± 40", []float64{410, 490}, []float64{409, 491, math.Inf(1)}},
		{"<", "0.2", []float64{0.19, -1}, []float64{0.2, math.NaN()}},
		{">", "1e3", []float64{1001, math.Inf(1)}, []float64{1000}},
	} {
		run := ""
		term, err := apparatus.term(strings.Fields(test.term), &run)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, got := range test.holds {
			if !term.holds(got, test.op, term.low.value) {
				t.Errorf("%g %s %s does not hold", got, test.op, test.term)
			}
		}
		for _, got := range test.fails {
			if term.holds(got, test.op, term.low.value) {
				t.Errorf("%g %s %s holds", got, test.op, test.term)
			}
		}
	}
}

// A chain of four identity layers with weights of 2 has z = 1, 2, 4, 8, 16.
const doubling = "chain?depth=4&activation=identity&skip=none&x=1&w=2"

func TestClaimChecks(t *testing.T) {
	for claim, fault := range map[string]string{
		doubling + " z[4] = 16":                                                          "",
		doubling + " z[4] = 17":                                                          "the core computes 16, want = 17",
		doubling + " z[4] ≈ 15 ± 0.5":                                                    "the core computes 16, want ≈ 15 ± 0.5",
		doubling + " z[4] / z[1] = 8":                                                    "",
		doubling + " z[1] < z[2] < z[3] < 9":                                             "",
		doubling + " z[1] < z[3] < z[2]":                                                 "the core computes 8, want < 4",
		doubling + " z[1] < chain?depth=1&w=9 w[0]":                                      "",
		doubling + " z[1] > chain?depth=1&w=9 w[0] / w[0]":                               "",
		doubling + " factor[{i}] = 2 for i 0..3":                                         "",
		doubling + " z[{i}] < 9 for i 0..4":                                              "the core computes 16 at i=4, want < 9",
		doubling + " z[{i}] = 1..16 for i 0,1,2,3,4":                                     "",
		doubling + " z[{i}] = 1..17 for i 0..4":                                          "the core computes 1 to 16, want 1..17",
		doubling + " z[{i}] = 1..15 for i 0..4":                                          "the core computes 16 at i=4, want = 1..15",
		"chain?depth=1&skip=none&x={x}&w={w} a[0] > 0.9 for x 1..3 for w 1..1.5 by 0.25": "",
		"chain?depth=1&skip=none&x={x}&w={w} a[0] < 4.4 for x 1..3 for w 1..1.5 by 0.25": "the core computes 4.5 at x=3, w=1.5, want < 4.4",
		"chain?depth=3&activation=tanh&w=0&skip=none grad_w[0] / grad_w[2] < 1":          "the core computes NaN",
	} {
		c, err := apparatus.ParseClaim(claim)
		if err != nil {
			t.Error(err)
		} else if err := c.Check(t.Context(), Train, 0); (err == nil) != (fault == "") || err != nil && !strings.HasPrefix(err.Error(), fault) {
			t.Errorf("%s: got %v, want %q", claim, err, fault)
		}
	}
}

// A claim that takes more training than may be spent is checked for its first values; one range alone is then not judged.
func TestClaimSpendsNoMore(t *testing.T) {
	c, err := apparatus.ParseClaim("train?steps=1&count=10&batch=10&seed={s} losses[0] = 1..9 for s 0..9")
	if err != nil {
		t.Fatal(err)
	}
	var one experiment.Run
	for _, test := range []struct {
		share  float64
		trains int
	}{{0, 0}, {0.05, 0}, {0.15, 1}, {0.55, 5}} {
		trained := 0
		train := func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error) {
			trained, one = trained+1, run
			return &experiment.Outcome{Config: run, Steps: []experiment.Step{{Loss: 2, GradNorms: []float64{1}}}}, nil
		}
		if err := c.Check(t.Context(), train, test.share*c.Cost()); err != nil || trained != test.trains {
			t.Errorf("with %g of its cost: trained %d, %v; want %d", test.share, trained, err, test.trains)
		}
	}
	if want := 10 * one.Cost(); c.Cost() != want {
		t.Errorf("costs %g, want %g", c.Cost(), want)
	}
}

func TestParseClaimErrors(t *testing.T) {
	for claim, want := range map[string]string{
		"":                                                   "both sides",
		"chain?depth=2 loss = ":                              "both sides",
		"chain?depth=2 loss":                                 "want =, <, > or ≈",
		"chart?depth=2 loss = 1":                             "does not start with one of",
		"chain?depth=2 Loss = 1":                             `cannot read "Loss"`,
		"chain?depth=2 loss[x] = 1":                          `cannot read "[x]"`,
		"chain?depth=2 loss = 1one":                          "is not a number",
		"chain?depth=2 loss == 1":                            "want run and path",
		"chain?depth=2 loss ≈ 1":                             "wants a tolerance",
		"chain?depth=2 loss ≈ 1 ± 0":                         "above 0",
		"chain?depth=2 loss = 1 ± 1":                         "wants a tolerance",
		"chain?depth=2 loss = 1 or 2":                        "after a number",
		"1 < chain?depth=2 loss":                             "it stands last",
		"chain?depth=2 loss < 1..2":                          "only = takes a range",
		"chain?depth=2&depth=3 loss = 1":                     "given 2 times",
		"chain?depth={d} loss = 1":                           "must be a whole number",
		"chain?depth={d} loss = 1 for d":                     "want a name and values",
		"chain?depth=2 loss = 1 for d 1,":                    "has no {d}",
		"chain?depth={d} loss = 1 for d 5..1":                "from the lower",
		"chain?w={w} loss = 1 for w 0..5 by 0":               "from the lower",
		"chain?w={w} loss = 1 for w 0..1 by 0.0001":          "at most 1000",
		"chain?w={w}&x={x} z[0] > 1 for w 0..99 for x 0..99": "at most 1000",
	} {
		if _, err := apparatus.ParseClaim(claim); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", claim, err, want)
		}
	}
}

func TestNumberFind(t *testing.T) {
	var result any
	if err := json.Unmarshal([]byte(`{"loss": 2, "grad_w": [1, "nan", "-inf"], "test": {"accuracy": 0.08},
		"norms": {"conv1.weight": 7}, "name": "x"}`), &result); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]float64{
		"loss": 2, "grad_w[0]": 1, "grad_w[-1]": math.Inf(-1), "test.accuracy": 0.08, `norms["conv1.weight"]`: 7,
	} {
		n, err := apparatus.number("chain", path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := n.Find(result); got != want || err != nil {
			t.Errorf("%s: got %g, %v, want %g", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"lost": `has no "lost"`, "grad_w[3]": "no element 3", "grad_w[-4]": "no element", "loss[0]": "no element 0",
		"loss.x": `no "x"`, "test": "is not a number", "name": "is not a number",
	} {
		n, err := apparatus.number("chain", path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := n.Find(result); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %g, %v, want an error with %q", path, got, err, want)
		}
	}
}
