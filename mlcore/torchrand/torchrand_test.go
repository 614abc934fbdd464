package torchrand

import (
	"encoding/json"
	"fmt"
	"math"
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

// draws maps a name of the oracle's rng to our way of drawing it, and the tolerance: 0 means bit for bit.
func draws() map[string]struct {
	draw      func(*Generator) []float64
	tolerance float64
} {
	type entry = struct {
		draw      func(*Generator) []float64
		tolerance float64
	}
	f32 := func(n int, fill func(g *Generator, d []float32)) func(*Generator) []float64 {
		return func(g *Generator) []float64 {
			d := make([]float32, n)
			fill(g, d)
			return widen(d)
		}
	}
	f64 := func(n int, fill func(g *Generator, d []float64)) func(*Generator) []float64 {
		return func(g *Generator) []float64 {
			d := make([]float64, n)
			fill(g, d)
			return d
		}
	}
	i64 := func(n int, from, to int64) func(*Generator) []float64 {
		return func(g *Generator) []float64 {
			d := make([]int64, n)
			g.Random(d, from, to)
			return integers(d)
		}
	}
	m := map[string]entry{
		"randn_f64_5":       {f64(5, (*Generator).Randn64), 1e-12},
		"randn_f64_20":      {f64(20, (*Generator).Randn64), 1e-12},
		"rand_10":           {f32(10, (*Generator).Rand), 0},
		"rand_f64_10":       {f64(10, (*Generator).Rand64), 0},
		"uniform_10":        {f32(10, func(g *Generator, d []float32) { g.Uniform(d, -0.25, 0.75) }), 0},
		"normal_20":         {f32(20, func(g *Generator, d []float32) { g.Normal(d, 1.5, 0.5) }), 0},
		"random_0_10_20":    {i64(20, 0, 10), 0},
		"randint_3_1000_20": {i64(20, 3, 1000), 0},
		"bernoulli_10":      {f32(10, func(g *Generator, d []float32) { g.Bernoulli(d, 0.3) }), 0},
		"randn_then_randn":  {f32(30, func(g *Generator, d []float32) { g.Randn(d[:7]); g.Randn(d[7:10]); g.Randn(d[10:]) }), 0},
	}
	for _, n := range []int{1, 2, 5, 15, 16, 17, 24, 31, 32, 100} {
		m[fmt.Sprintf("randn_%d", n)] = entry{f32(n, (*Generator).Randn), 0}
	}
	for _, n := range []int{1, 2, 10, 100} {
		m[fmt.Sprintf("randperm_%d", n)] = entry{func(g *Generator) []float64 { return integers(g.Perm(n)) }, 0}
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
		for name, d := range draws() {
			var want []float64
			if err := json.Unmarshal(c[name], &want); err != nil {
				t.Fatalf("seed %d %s: %v", seed, name, err)
			}
			got := d.draw(New(seed))
			if len(got) != len(want) {
				t.Fatalf("seed %d %s: got %d values, want %d", seed, name, len(got), len(want))
			}
			for i := range want {
				if !(math.Abs(got[i]-want[i]) <= d.tolerance*math.Max(1, math.Abs(want[i]))) { // so that NaN fails
					t.Errorf("seed %d %s[%d]: got %v, want %v", seed, name, i, got[i], want[i])
				}
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

func TestPermIsAPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 500).Draw(t, "n")
		p := New(rapid.Uint32().Draw(t, "seed")).Perm(n)
		slices.Sort(p)
		for i, v := range p {
			if v != int64(i) {
				t.Fatalf("sorted permutation of %d has %d at %d", n, v, i)
			}
		}
	})
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
