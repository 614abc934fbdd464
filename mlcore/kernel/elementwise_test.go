package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// lengths end in whole blocks and in the middle of one.
var lengths = []int{0, 1, 7, 15, 16, 17, 31, 32, 100, 160}

// near allows a relative error of 2^-20, or an absolute one of the same size below 1.
func near(got float32, want float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return got != got == math.IsNaN(want) && (got != got || float64(got) == want)
	}
	return math.Abs(float64(got)-want) <= 0x1p-20*math.Max(1, math.Abs(want))
}

// TestElementwise compares the assembly with plain Go in float64, with guard bands around the output. The activations'
// whole range is that of TestActivationsAreOneDefinition.
func TestElementwise(t *testing.T) {
	reference := Go[float64]()
	r := rand.New(rand.NewPCG(5, 5))
	for _, set := range Available() {
		for _, n := range lengths {
			for name, run := range map[string]func(y, a, b []float32, add bool){
				"Add":   func(y, a, b []float32, relu bool) { set.Add(y, a, b, relu) },
				"Mul":   set.Mul,
				"Scale": func(y, a, b []float32, add bool) { set.Scale(y, a, 0.75, add) },
			} {
				exact := map[string]func(y, a, b []float64, add bool){
					"Add":   reference.Add,
					"Mul":   reference.Mul,
					"Scale": func(y, a, b []float64, add bool) { reference.Scale(y, a, 0.75, add) },
				}[name]
				for _, flag := range []bool{false, true} {
					compareTernary(t, r, set.Name+" "+name, n, func(y, a, b []float32) { run(y, a, b, flag) },
						func(y, a, b []float64) { exact(y, a, b, flag) })
				}
			}
			for kind := range Activations {
				compareTernary(t, r, set.Name+" "+kind.String(), n,
					func(y, a, _ []float32) { set.Activate(kind, y, a) }, func(y, a, _ []float64) { reference.Activate(kind, y, a) })
				for _, add := range []bool{false, true} {
					compareTernary(t, r, set.Name+" gradient of "+kind.String(), n,
						func(y, a, b []float32) { set.ActivateGrad(kind, y, a, b, add) },
						func(y, a, b []float64) { reference.ActivateGrad(kind, y, a, b, add) })
				}
			}
		}
	}
}

func compareTernary(t *testing.T, r *rand.Rand, name string, n int, run func(y, a, b []float32), exact func(y, a, b []float64)) {
	t.Helper()
	y, whole := guarded(n)
	a, b := make([]float32, n), make([]float32, n)
	randomFloats(r, y)
	randomFloats(r, a)
	randomFloats(r, b)
	want := doubles(y)
	exact(want, doubles(a), doubles(b))
	run(y, a, b)
	for i := range y {
		if !near(y[i], want[i]) {
			t.Fatalf("%s of %d: element %d of %v, %v: got %v, want %v", name, n, i, a[i], b[i], y[i], want[i])
		}
	}
	if !whole() {
		t.Fatalf("%s of %d: wrote outside of its slice", name, n)
	}
}

func doubles(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// TestPlanes compares the sums over planes with plain Go in float64.
func TestPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	reference := Go[float64]()
	for _, set := range Available() {
		for range 40 {
			p := Planes{Blocks: 1 + r.IntN(3), Rows: 1 + r.IntN(4), Cols: 1 + r.IntN(9)}
			p.Row = (p.Cols + r.IntN(2)) * Lanes
			p.Block = (p.Rows + r.IntN(2)) * p.Row
			n := p.Blocks * p.Block
			vectors := make([][]float32, 8)
			for i := range vectors {
				vectors[i] = make([]float32, Lanes)
				randomFloats(r, vectors[i])
			}
			x, dy := make([]float32, n), make([]float32, n)
			randomFloats(r, x)
			randomFloats(r, dy)
			y, whole := guarded(n)
			randomFloats(r, y)
			check := func(name string, got []float32, want []float64) {
				t.Helper()
				for i := range got {
					if !(math.Abs(float64(got[i])-want[i]) <= 1e-5*math.Max(1, math.Abs(want[i]))) {
						t.Fatalf("%s: %s %+v: element %d: got %v, want %v", set.Name, name, p, i, got[i], want[i])
					}
				}
			}
			v := func(i int) []float64 { return doubles(vectors[i]) }
			x64, dy64 := doubles(x), doubles(dy)

			want := v(0)
			reference.LaneSum(want, x64, &p)
			set.LaneSum(vectors[0], x, &p)
			check("LaneSum", vectors[0], want)
			want = v(1)
			reference.LaneSquares(want, x64, v(2), &p)
			set.LaneSquares(vectors[1], x, vectors[2], &p)
			check("LaneSquares", vectors[1], want)
			var gate []float32
			var gate64 []float64
			if r.IntN(2) == 0 {
				gate = make([]float32, n)
				randomFloats(r, gate)
				gate[0] = 0
				gate64 = doubles(gate)
			}
			sum, dot := v(3), v(4)
			reference.LaneDots(sum, dot, dy64, gate64, x64, v(2), &p)
			set.LaneDots(vectors[3], vectors[4], dy, gate, x, vectors[2], &p)
			check("LaneDots sum", vectors[3], sum)
			check("LaneDots dot", vectors[4], dot)
			for _, flag := range []bool{false, true} {
				want = doubles(y)
				reference.LaneAffine(want, x64, v(5), v(6), &p, flag)
				set.LaneAffine(y, x, vectors[5], vectors[6], &p, flag)
				check("LaneAffine", y, want)
				want = doubles(y)
				reference.LaneNormGrad(want, dy64, gate64, x64, v(5), v(6), v(7), v(2), &p, flag)
				set.LaneNormGrad(y, dy, gate, x, vectors[5], vectors[6], vectors[7], vectors[2], &p, flag)
				check("LaneNormGrad", y, want)
			}
			if !whole() {
				t.Fatalf("%s: %+v: wrote outside of its slice", set.Name, p)
			}
		}
	}
}

// TestUpdates compares ten steps of the optimisers' kernels with plain Go in float64.
func TestUpdates(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	reference := Go[float64]()
	for _, set := range Available() {
		for _, n := range lengths {
			w, whole := guarded(n)
			randomFloats(r, w)
			g, m, v, buf := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
			w64, m64, v64, buf64 := doubles(w), doubles(m), doubles(v), doubles(buf)
			for k := range 10 {
				randomFloats(r, g)
				s := AdamStep{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, StepSize: 0.01 / (1 - math.Pow(0.9, float64(k+1))), Correction: math.Sqrt(1 - math.Pow(0.999, float64(k+1)))}
				set.Adam(w, g, m, v, &s)
				reference.Adam(w64, doubles(g), m64, v64, &s)
				set.Momentum(w, g, buf, 0.01, 0.9)
				reference.Momentum(w64, doubles(g), buf64, 0.01, 0.9)
			}
			for i := range w {
				if !(math.Abs(float64(w[i])-w64[i]) <= 1e-5) {
					t.Fatalf("%s: %d weights: element %d: got %v, want %v", set.Name, n, i, w[i], w64[i])
				}
			}
			if !whole() {
				t.Fatalf("%s: %d weights: wrote outside of its slice", set.Name, n)
			}
		}
	}
}
