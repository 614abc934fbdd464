package experiment

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyChain draws chains over the whole of what the labs' sliders reach.
func anyChain(t *rapid.T) Chain {
	c := ChainTable().Default()
	c.Depth = rapid.IntRange(1, 30).Draw(t, "depth")
	c.Activation = rapid.SampledFrom(activations()).Draw(t, "activation").Value
	c.Skip = rapid.SampledFrom([]string{"none", "identity"}).Draw(t, "skip")
	tenths := func(name string, most int) float64 { return float64(rapid.IntRange(-most, most).Draw(t, name)) / 10 }
	c.X, c.W, c.Target = tenths("x", 30), tenths("w", 20), tenths("target", 20)
	c.Spread = rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "spread")
	c.DType = rapid.SampledFrom([]string{"float32", "float64"}).Draw(t, "dtype")
	return c
}

func TestProductOfFactorsIsTheGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChain(t)
		r := c.Run()
		layer := rapid.IntRange(1, c.Depth).Draw(t, "layer")
		for _, quantity := range []string{QuantityGradW, QuantityGradA, QuantityGradZ} {
			want := r.At(quantity, layer)
			// A factor near 0 (f′·w ≈ -1 under a skip) has few exact digits left: the tolerance is that of the sum.
			got, size := 1.0, 1.0
			for _, f := range r.Product(quantity, layer) {
				got *= f.Value
				if f.Kind == FactorLayer && c.Residual() {
					size *= math.Abs(f.Value-1) + 1
				} else {
					size *= math.Abs(f.Value)
				}
			}
			epsilon, least := 0x1p-52, 1e-290
			if c.DType == "float32" {
				epsilon, least = 0x1p-23, 1e-35 // below it numbers are subnormal, and lose digits
			}
			if math.IsInf(want, 0) || math.IsNaN(want) || math.Abs(size) > 1e30 {
				continue
			}
			if d := math.Abs(got - want); !(d <= size*epsilon*float64(8*c.Depth+8)+least) {
				t.Fatalf("%+v: %s of layer %d: product of factors got %v, want the gradient %v", c, quantity, layer, got, want)
			}
		}
	})
}

// The last number that a product reaches is the gradient itself, not something near it.
func TestProductEndsAtTheGradient(t *testing.T) {
	c, _ := ParseChain(url.Values{"activation": {"tanh"}, "depth": {"7"}})
	r := c.Run()
	for _, quantity := range []string{QuantityGradW, QuantityGradA, QuantityGradZ} {
		for layer := 1; layer <= 7; layer++ {
			factors := r.Product(quantity, layer)
			if got, want := factors[len(factors)-1].SoFar, r.At(quantity, layer); got != want {
				t.Errorf("%s of layer %d: so far got %v, want %v", quantity, layer, got, want)
			}
		}
	}
	if got := r.Product(QuantityZ, 1); got != nil {
		t.Errorf("product of an activation: got %v, want none", got)
	}
}

func TestLocalDerivatives(t *testing.T) {
	for _, c := range []struct {
		query  string
		slope  float64 // of layer 1
		factor float64
	}{
		{"activation=sigmoid&skip=none&x=0&w=3", 0.25, 0.75},
		{"activation=sigmoid&skip=identity&x=0&w=3", 0.25, 1.75},
		{"activation=relu&skip=identity&x=-1&w=2", 0, 1},
		{"activation=leaky_relu&skip=none&x=-1&w=2&dtype=float64", 0.01, 0.02},
	} {
		query, _ := url.ParseQuery(c.query)
		config, errs := ParseChain(query)
		if errs != nil {
			t.Fatal(errs)
		}
		r := config.Run()
		if r.Slope[0] != c.slope || r.Factor[0] != c.factor || r.ByWeight[0] != c.slope*config.X {
			t.Errorf("%s: slope, factor and ∂z/∂w: got %v, %v, %v, want %v, %v, %v",
				c.query, r.Slope[0], r.Factor[0], r.ByWeight[0], c.slope, c.factor, c.slope*config.X)
		}
	}
}

// Central differences agree with the core wherever they can tell the gradient from 0.
func TestCheckAgreesWithTheCore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChain(t)
		layer := rapid.IntRange(1, c.Depth).Draw(t, "layer")
		quantity := rapid.SampledFrom([]string{QuantityGradW, QuantityGradA, QuantityGradZ, QuantityFactor}).Draw(t, "quantity")
		got := c.Check(quantity, layer)
		if got.Kink || math.IsNaN(got.Double) || math.IsInf(got.Double, 0) {
			return
		}
		if c.Activation == "gelu" && slices.Min(c.In("float64").Run().A) < -3 {
			return // 1 + erf cancels there, in f and in f′ alike: neither has the digits to compare
		}
		for _, d := range []Difference{got.Whole, got.ByLayer} {
			if d.Resolved() && !(math.Abs(d.Value-got.Double) <= 5*d.Doubt+1e-4*math.Abs(got.Double)) {
				t.Fatalf("%+v: %s of layer %d: difference got %+v, want %v", c, quantity, layer, d, got.Double)
			}
		}
	})
}

func TestCheckSeesOverFifteenDecades(t *testing.T) {
	c := ChainTable().Default() // sigmoid, depth 20
	c.Skip = "none"
	got := c.Check(QuantityGradW, 1)
	if math.Abs(got.Double) > 1e-12 {
		t.Fatalf("gradient of layer 1: got %v, want it vanished", got.Double)
	}
	if !got.ByLayer.Resolved() || RelativeError(got.ByLayer.Value, got.Double) > 1e-8 {
		t.Errorf("layer by layer: got %+v, want %v to 1e-8", got.ByLayer, got.Double)
	}
	if last := c.Check(QuantityGradW, 20); RelativeError(last.Whole.Value, last.Double) > 1e-9 {
		t.Errorf("layer 20, whole loss: got %+v, want %v to 1e-9", last.Whole, last.Double)
	}
}

func TestCheckFindsUnderflowAndKinks(t *testing.T) {
	notebook, _ := ParseChain(url.Values{"activation": {"tanh"}, "depth": {"4"}, "x": {"10"}, "skip": {"none"}})
	got := notebook.Check(QuantityGradW, 1)
	if got.Single != 0 || got.Double == 0 || RelativeError(got.ByLayer.Value, got.Double) > 1e-3 {
		t.Errorf("the notebook's layer 1: got %+v, want 0 in float32 and a checked number in float64", got)
	}
	kink, _ := ParseChain(url.Values{"activation": {"relu"}, "depth": {"1"}, "x": {"0"}})
	if got := kink.Check(QuantityGradA, 1); !got.Kink {
		t.Errorf("ReLU at 0: got %+v, want a kink", got)
	}
}

// The measured rows of the chain: PyTorch, seed 0. The same settings are presets of the lab.
func TestMeasuredRows(t *testing.T) {
	run := func(query string) (plain, residual, exact ChainResult) {
		q, _ := url.ParseQuery(query)
		c, errs := ParseChain(q)
		if errs != nil {
			t.Fatalf("%s: %v", query, errs)
		}
		c.Skip = "none"
		return c.Run(), c.Twin().Run(), c.In("float64").Run()
	}
	near := func(what string, got, want, relative float64) {
		t.Helper()
		if !(math.Abs(got-want) <= relative*math.Abs(want)) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}

	plain, residual, exact := run("activation=tanh&depth=4&x=10&w=1")
	if g := plain.GradW[0]; g != 0 || !math.Signbit(g) {
		t.Errorf("notebook: ∂L/∂w1: got %v, want -0", g)
	}
	for i, want := range []float64{-0.0727395, -0.131908, -0.1891693} {
		near(fmt.Sprintf("notebook: ∂L/∂w%d", i+2), plain.GradW[i+1], want, 1e-6)
	}
	near("notebook: ∂L/∂w1 in float64", exact.GradW[0], -6e-9, 0.05)
	for i, g := range residual.GradW {
		if g != 0 {
			t.Errorf("notebook, residual: ∂L/∂w%d: got %v, want 0", i+1, g)
		}
	}
	near("notebook, residual: ∂L/∂x", residual.GradZ[0], 13, 1e-6)

	plain, residual, _ = run("activation=tanh&depth=20&x=0.5&w=0.1")
	near("small weights: ∂L/∂w1", plain.GradW[0], -5.0e-20, 0.01)
	near("small weights, residual: ∂L/∂w1", residual.GradW[0], 6.7, 0.01)

	plain, residual, _ = run("activation=tanh&depth=20&x=0.5&w=1")
	near("tanh near 0: ∂L/∂w1", plain.GradW[0], -0.041, 0.02)
	near("tanh near 0: ∂L/∂w20", plain.GradW[19], -0.175, 0.005)
	near("tanh near 0, residual: ∂L/∂w1", residual.GradW[0], 12.2, 0.01)
	if g := residual.GradW[19]; g != 0 {
		t.Errorf("tanh near 0, residual: ∂L/∂w20: got %v, want exactly 0", g)
	}
}

func TestParseChainLab(t *testing.T) {
	for _, c := range []struct {
		query, canonical string
		errors           []string
	}{
		{"", "", nil},
		{"depth=4&show=factor&layer=2&check=on", "check=on&depth=4&layer=2&show=factor", nil},
		{"show=grad_w&layer=0&depth=20", "", nil},
		{"show=loss&layer=101&depth=0&colour=red", "", []string{"show", "layer", "depth", "colour"}},
		{"layer=1&layer=2", "", []string{"layer"}},
	} {
		query, _ := url.ParseQuery(c.query)
		chain, view, errs := ParseChainLab(query)
		if got := view.Query(chain).Encode(); got != c.canonical {
			t.Errorf("%q: query got %q, want %q", c.query, got, c.canonical)
		}
		if len(errs) != len(c.errors) {
			t.Errorf("%q: errors got %v, want for %v", c.query, errs, c.errors)
		}
		for _, name := range c.errors {
			if errs[name] == "" {
				t.Errorf("%q: errors got %v, want one for %s", c.query, errs, name)
			}
		}
		if _, inQuery := query["layer"]; inQuery != (len(url.Values(query)["layer"]) > 0) {
			t.Errorf("%q: the query was changed", c.query)
		}
	}
}
