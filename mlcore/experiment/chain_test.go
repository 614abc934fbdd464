package experiment

import (
	"math"
	"net/url"
	"strconv"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

// TestChainEqualsPyTorch runs every chain of the oracle by its query.
func TestChainEqualsPyTorch(t *testing.T) {
	var cases []struct {
		Config struct {
			Depth                      int
			Activation, DType          string
			Skip                       bool
			X, W, Spread, Target, Seed float64
		}
		Result struct {
			Loss    oracle.Number
			W, A, Z []oracle.Number
			GradW   []oracle.Number `json:"grad_w"`
			GradA   []oracle.Number `json:"grad_a"`
			GradZ   []oracle.Number `json:"grad_z"`
		}
	}
	oracle.Read(t, "chain", &cases)
	if len(cases) < 300 {
		t.Fatalf("the oracle holds %d chains only", len(cases))
	}
	for _, c := range cases {
		f := func(v float64) []string { return []string{strconv.FormatFloat(v, 'g', -1, 64)} }
		query := url.Values{"depth": {strconv.Itoa(c.Config.Depth)}, "activation": {c.Config.Activation}, "skip": {"none"}, "dtype": {c.Config.DType},
			"x": f(c.Config.X), "w": f(c.Config.W), "spread": f(c.Config.Spread), "target": f(c.Config.Target), "seed": f(c.Config.Seed)}
		if c.Config.Skip {
			query.Set("skip", "identity")
		}
		config, errs := ParseChain(query)
		if errs != nil {
			t.Fatalf("%s: %v", query.Encode(), errs)
		}
		r := config.Run()
		tolerance := 1e-9
		if config.DType == "float32" {
			tolerance = 2e-5 // each layer may round differently, and the product has up to 64 factors
		}
		compare := func(name string, got []float64, want []oracle.Number) {
			if len(got) != len(want) {
				t.Errorf("%s: %d values of %s, want %d", query.Encode(), len(got), name, len(want))
				return
			}
			for i := range got {
				if err := oracle.Differ(got[i], want[i], tolerance); err != nil {
					t.Errorf("%s: %s[%d]: %v", query.Encode(), name, i, err)
					return
				}
			}
		}
		compare("loss", []float64{r.Loss}, []oracle.Number{c.Result.Loss})
		compare("w", r.W, c.Result.W)
		compare("a", r.A, c.Result.A)
		compare("z", r.Z, c.Result.Z)
		compare("grad_w", r.GradW, c.Result.GradW)
		compare("grad_a", r.GradA, c.Result.GradA)
		compare("grad_z", r.GradZ, c.Result.GradZ)
	}
}

// The notebook prints -0, -0.0727, -0.1319, -0.1892.
func TestNotebookChain(t *testing.T) {
	config, errs := ParseChain(url.Values{"depth": {"4"}, "activation": {"tanh"}, "skip": {"none"}, "x": {"10"}, "target": {"1"}})
	if errs != nil {
		t.Fatal(errs)
	}
	r := config.Run()
	if g := r.GradW[0]; g != 0 || !math.Signbit(g) {
		t.Errorf("first gradient is %v, want -0", g)
	}
	for i, want := range []float64{-0.0727, -0.1319, -0.1892} {
		if got := math.Round(r.GradW[i+1]*1e4) / 1e4; got != want {
			t.Errorf("gradient %d is %v, want %v", i+2, got, want)
		}
	}
	twin := config.Twin().Run()
	for i, g := range twin.GradW {
		if g != 0 {
			t.Errorf("with the skip, gradient %d is %v, want 0: each tanh is saturated", i+1, g)
		}
	}
	if got := math.Round(twin.GradZ[0]); got != 13 {
		t.Errorf("with the skip, ∂L/∂x is %v, want 13", twin.GradZ[0])
	}
}

func TestTwinOfTwinIsTheChain(t *testing.T) {
	c := ChainTable().Default()
	if c.Twin() == c || c.Twin().Twin() != c {
		t.Errorf("twin of %+v is %+v", c, c.Twin())
	}
}
