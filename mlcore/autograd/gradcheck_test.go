package autograd

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"gradlab/mlcore/kernel"
)

// TestGradients compares the gradient of Σ c·y, c random, to every leaf with gonum's central differences.
func TestGradients(t *testing.T) {
	for i, row := range gradTable[float64]() {
		for _, c := range checkRow(row, uint64(i), func(f func([]float64) float64, at []float64) []float64 {
			return fd.Gradient(nil, f, at, &fd.Settings{Formula: fd.Central})
		}) {
			if !c.Agrees() {
				t.Errorf("%s: gradient of input %d: got %v, want %v", c.Name, c.Input, c.Analytic, c.Numeric)
			}
		}
	}
}

// What the page about the core runs agrees with gonum's differences, keeps to its bound, and tells a wrong gradient from a right one.
func TestCheckGradients(t *testing.T) {
	const most = 300
	checks, left := CheckGradients("Linear", most)
	inputs := 0
	for _, c := range checks {
		inputs += c.Count
		if !c.Agrees() || c.Error == 0 {
			t.Errorf("%s, input %d: error %v", c.Name, c.Input, c.Error)
		}
	}
	if len(checks) < 3 || inputs > most {
		t.Errorf("%d checks of %d inputs, want some, of %d inputs at most", len(checks), inputs, most)
	}
	programs := func(checks []GradCheck) (n int) {
		for _, c := range checks {
			if c.Input == 0 {
				n++
			}
		}
		return n
	}
	all, none := CheckGradients("Linear", math.MaxInt)
	if left == 0 || none != 0 || programs(checks)+left != programs(all) {
		t.Errorf("%d of %d programs and %d left out; without a bound %d left out", programs(checks), programs(all), left, none)
	}
	wrong := gradRow[float64]{"none", []*Tensor[float64]{NewTensor[float64](1)}, func(t *Tape[float64], x []*Tensor[float64]) *Tensor[float64] {
		return t.HalfSquaredError(x[0], 2*x[0].Data[0])
	}}
	if got := checkRow(wrong, 1, centralDifferences); got[0].Agrees() {
		t.Errorf("a gradient of the wrong sign agrees: %+v", got)
	}
}

// A gradient is the same, bit for bit, where no other input of the program wants one: weights may be kept fixed.
func TestGradientToOneInput(t *testing.T) {
	for i, row := range gradTable[float64]() {
		gradients := func(wants func(k int) bool) [][]float64 {
			row := gradTable[float64]()[i]
			row.fill(rand.New(rand.NewPCG(1, uint64(i))))
			for k, x := range row.leaves {
				if !wants(k) {
					x.requiresGrad, x.leaf, x.Grad = false, false, nil // what RequireGrad did
				}
			}
			tape := NewTape[float64]()
			y := row.run(tape, row.leaves)
			dy := make([]float64, y.Len())
			for j := range dy {
				dy[j] = float64(j%7) - 3
			}
			tape.BackwardFrom(y, dy)
			var all [][]float64
			for _, x := range row.leaves {
				all = append(all, x.Gradients(nil))
			}
			return all
		}
		want := gradients(func(int) bool { return true })
		for k := range row.leaves {
			if got := gradients(func(other int) bool { return other == k })[k]; !slices.Equal(got, want[k]) {
				t.Errorf("%s: gradient to input %d alone: got %v, want %v", row.name, k, got, want[k])
			}
		}
	}
}

// TestEveryOpHasARow fails when an operation, a Tape method that makes a tensor of tensors, is missing from gradTable.
func TestEveryOpHasARow(t *testing.T) {
	tape, tensor := reflect.TypeFor[*Tape[float64]](), reflect.TypeFor[*Tensor[float64]]()
	for i := range tape.NumMethod() {
		m := tape.Method(i)
		takes := false
		for k := range m.Type.NumIn() {
			takes = takes || m.Type.In(k) == tensor
		}
		if !takes || m.Type.NumOut() != 1 || m.Type.Out(0) != tensor {
			continue
		}
		found := false
		for _, row := range gradTable[float64]() {
			found = found || row.checks(m.Name)
		}
		if !found {
			t.Errorf("operation %s has no row in gradTable", m.Name)
		}
	}
}

// What the idle lanes of an input hold is never heard of, in any set of kernels: results and gradients are the same, bit for
// bit, and finite. In every result and every gradient idle lanes and the frame are zero.
func TestIdleLanesDoNotCount(t *testing.T) {
	for _, set := range kernel.Available() {
		t.Run(set.Name, func(t *testing.T) { idleLanesDoNotCount(t, set) })
	}
	t.Run("float64", func(t *testing.T) { idleLanesDoNotCount(t, kernel.Go[float64]()) })
}

func idleLanesDoNotCount[F Float](t *testing.T, set *kernel.Set[F]) {
	huge := F(math.MaxFloat32)
	for i, row := range gradTable[F]() {
		random := rand.New(rand.NewPCG(2, uint64(i)))
		row.fill(random)
		var clean [][]F
		for _, planted := range []F{0, F(math.NaN()), F(math.Inf(1)), F(math.Inf(-1)), huge, -huge} {
			for _, x := range row.leaves {
				x.ZeroGrad()
				plant(x, planted)
			}
			tape := NewTapeWith(set)
			y := row.run(tape, row.leaves)
			c := make([]F, y.Len())
			for j := range c {
				c[j] = 1
			}
			tape.BackwardFrom(y, c)
			got := [][]F{y.Values(nil)}
			for _, x := range row.leaves {
				got = append(got, x.Gradients(nil))
				onlySamples(t, row.name+": gradient of an input", x.layout, x.Grad)
			}
			for _, op := range tape.ops[:tape.n] {
				out := &op.self().out
				onlySamples(t, row.name+": result of "+kindOf(op), out.layout, out.Data)
				if out.HasGrad() {
					onlySamples(t, row.name+": gradient of "+kindOf(op), out.layout, out.Grad)
				}
			}
			if clean == nil {
				clean = got
			}
			for k, values := range got {
				for j, v := range values {
					if v-v != 0 || v != clean[k][j] {
						t.Fatalf("%s: %v in idle lanes: number %d of %d (0: the result, then the inputs’ gradients): got %v, want %v", row.name, planted, j, k, v, clean[k][j])
					}
				}
			}
		}
	}
}

// plant stores v in the idle lanes of x's pixels.
func plant[F Float](x *Tensor[F], v F) {
	l := x.layout
	if !l.lanes {
		return
	}
	for c := range l.c {
		for h := range l.h {
			for w := range l.w {
				at := l.pixel(l.blocks()-1, c, h, w)
				for i := l.live(); i < lanes; i++ {
					x.Data[at+i] = v
				}
			}
		}
	}
}

// onlySamples fails where storage is not zero beyond the samples and pixels.
func onlySamples[F Float](t *testing.T, what string, l layout, storage []F) {
	t.Helper()
	if !l.lanes {
		return
	}
	values := make([]F, l.n*l.c*l.h*l.w)
	gather(l, values, storage)
	only := make([]F, len(storage))
	scatter(l, only, values)
	if !slices.Equal(only, storage) {
		t.Fatalf("%s: a number beyond the samples and pixels", what)
	}
}

// A group of one value is its own mean: the result is the bias, and no rounding is taken for a gradient to x or the weight.
func TestNormOfOneValueHasNoGradient(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for name, run := range map[string]func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32]{
		"LayerNorm": func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32] {
			return t.LayerNorm(x, w, b, 1e-5)
		},
		"GroupNorm": func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32] {
			return t.GroupNorm(x, w, b, x.Shape[1], 1e-5, Tanh)
		},
	} {
		channels := 1
		if name == "GroupNorm" {
			channels = 3
		}
		row := gradRow[float32]{leaves: []*Tensor[float32]{NewBatch[float32](19, channels), NewTensor[float32](channels), NewTensor[float32](channels)}}
		row.fill(random)
		x, w, b := row.leaves[0], row.leaves[1], row.leaves[2]
		tape := NewTape[float32]()
		y := run(tape, x, w, b)
		dy := make([]float32, y.Len())
		for i := range dy {
			dy[i] = float32(random.NormFloat64())
		}
		tape.BackwardFrom(y, dy)
		for i, v := range y.Values(nil) {
			want := b.Data[i%channels]
			if name == "GroupNorm" {
				want = float32(math.Tanh(float64(want)))
			}
			if math.Abs(float64(v-want)) > 1e-7 {
				t.Errorf("%s: value %d: got %v, want the bias’s, %v", name, i, v, want)
			}
		}
		for _, g := range append(x.Gradients(nil), w.Gradients(nil)...) {
			if g != 0 {
				t.Errorf("%s: got gradient %v, want 0", name, g)
			}
		}
	}
}
