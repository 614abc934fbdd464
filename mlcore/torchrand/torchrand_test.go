package torchrand

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/internal/oracle"
)

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func integers(x []int64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// draws maps a name of the oracle's rng to our way of drawing it, which is the same bit for bit.
func draws() map[string]func(*Generator) []float64 {
	f32 := func(n int, fill func(g *Generator, d []float32)) func(*Generator) []float64 {
		return func(g *Generator) []float64 {
			d := make([]float32, n)
			fill(g, d)
			return widen(d)
		}
	}
	i64 := func(n int, from, to int64) func(*Generator) []float64 {
		return func(g *Generator) []float64 {
			d := make([]int64, n)
			g.Random(d, from, to)
			return integers(d)
		}
	}
	m := map[string]func(*Generator) []float64{
		"rand_10":           f32(10, func(g *Generator, d []float32) { g.Uniform(d, 0, 1) }),
		"uniform_10":        f32(10, func(g *Generator, d []float32) { g.Uniform(d, -0.25, 0.75) }),
		"normal_20":         f32(20, func(g *Generator, d []float32) { g.Normal(d, 1.5, 0.5) }),
		"random_0_10_20":    i64(20, 0, 10),
		"randint_3_1000_20": i64(20, 3, 1000),
		"randn_then_randn":  f32(30, func(g *Generator, d []float32) { g.Randn(d[:7]); g.Randn(d[7:10]); g.Randn(d[10:]) }),
	}
	for _, n := range []int{1, 2, 5, 15, 16, 17, 24, 31, 32, 100} {
		m[fmt.Sprintf("randn_%d", n)] = f32(n, (*Generator).Randn)
	}
	return m
}

// The initialisers of the oracle's rng (kaiming, xavier, conv2d, linear) are checked by package nn, which owns them.
func TestStreamEqualsPyTorch(t *testing.T) {
	var cases []map[string]json.RawMessage
	oracle.Read(t, "rng", &cases)
	for _, c := range cases {
		var seed uint32
		if err := json.Unmarshal(c["seed"], &seed); err != nil {
			t.Fatal(err)
		}
		for name, draw := range draws() {
			var want []float64
			if err := json.Unmarshal(c[name], &want); err != nil {
				t.Fatalf("seed %d %s: %v", seed, name, err)
			}
			got := draw(New(seed))
			if !slices.Equal(got, want) {
				t.Errorf("seed %d %s: got %v, want %v", seed, name, got, want)
			}
		}
	}
}

func TestSeedClearsTheCachedNormal(t *testing.T) {
	g := New(7)
	first := make([]float32, 3)
	g.Randn(first)
	g.Seed(7)
	again := make([]float32, 3)
	g.Randn(again)
	if !slices.Equal(again, first) {
		t.Errorf("after Seed: got %v, want %v", again, first)
	}
}

func TestRandomStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "from")
		span := rapid.Int64Range(1, 1<<41).Draw(t, "span")
		d := make([]int64, 20)
		New(rapid.Uint32().Draw(t, "seed")).Random(d, from, from+span)
		for _, v := range d {
			if v < from || v >= from+span {
				t.Fatalf("got %d, want within [%d, %d)", v, from, from+span)
			}
		}
	})
}
