package autograd

import (
	"math"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

type chainCase struct {
	Config struct {
		Depth      int
		Activation string
		Skip       bool
		X, Target  oracle.Number
		W, Spread  oracle.Number
		DType      string `json:"dtype"`
	}
	Result struct {
		Loss    oracle.Number
		W, A, Z []oracle.Number
		GradW   []oracle.Number `json:"grad_w"`
		GradA   []oracle.Number `json:"grad_a"`
		GradZ   []oracle.Number `json:"grad_z"`
	}
}

// runChain is the scalar chain of the notebook's first part on a tape: a_i = z_{i-1} w_i, z_i = f(a_i) [+ z_{i-1}].
// The weights are the oracle's: their draw is torchrand's business.
func runChain[T Float](t *testing.T, c chainCase) {
	t.Helper()
	f, err := ParseActivation(c.Config.Activation)
	if err != nil {
		t.Fatal(err)
	}
	tape := NewTape[T]()
	scalar := func(v oracle.Number) *Tensor[T] {
		p := NewParameter[T]("", 1)
		p.Data[0] = T(v)
		return p
	}
	z := []*Tensor[T]{scalar(c.Config.X)}
	var w, a []*Tensor[T]
	for _, v := range c.Result.W {
		wi := scalar(v)
		last := z[len(z)-1]
		ai := tape.Mul(last, wi)
		zi := tape.Activation(f, ai)
		if c.Config.Skip {
			zi = tape.Add(zi, last)
		}
		w, a, z = append(w, wi), append(a, ai), append(z, zi)
	}
	loss := tape.HalfSquaredError(z[len(z)-1], T(c.Config.Target))
	tape.Backward(loss)

	relative := 1e-9
	if c.Config.DType == "float32" {
		relative = 2e-5 // each layer may round differently, and the product has up to 64 factors
	}
	check := func(name string, tensors []*Tensor[T], want []oracle.Number, gradient bool) {
		for i, x := range tensors {
			got := float64(x.Data[0])
			if gradient {
				got = float64(x.Grad[0])
			}
			if err := oracle.Differ(got, want[i], relative); err != nil {
				t.Errorf("%+v: %s[%d]: %v", c.Config, name, i, err)
				return
			}
		}
	}
	check("loss", []*Tensor[T]{loss}, []oracle.Number{c.Result.Loss}, false)
	check("a", a, c.Result.A, false)
	check("z", z, c.Result.Z, false)
	check("grad_w", w, c.Result.GradW, true)
	check("grad_a", a, c.Result.GradA, true)
	check("grad_z", z, c.Result.GradZ, true)
}

func TestChainEqualsPyTorch(t *testing.T) {
	var cases []chainCase
	oracle.Read(t, "chain", &cases)
	for _, c := range cases {
		if c.Config.DType == "float32" {
			runChain[float32](t, c)
		} else {
			runChain[float64](t, c)
		}
	}
}

// The four numbers that the notebook prints, by hand: tanh saturates at x = 10, so the first is -0.
func TestNotebookChainGradients(t *testing.T) {
	tape := NewTape[float32]()
	z := NewTensor[float32](1)
	z.Data[0] = 10
	var weights []*Tensor[float32]
	for range 4 {
		w := NewParameter[float32]("w", 1)
		w.Data[0] = 1
		weights = append(weights, w)
		z = tape.Activation(Tanh, tape.Mul(z, w))
	}
	tape.Backward(tape.HalfSquaredError(z, 1))
	for i, want := range []float64{0, -0.0727395, -0.131908, -0.1891693} {
		got := float64(weights[i].Grad[0])
		if !(math.Abs(got-want) <= 1e-6) {
			t.Errorf("gradient of w%d: got %v, want %v", i+1, got, want)
		}
	}
	if !math.Signbit(float64(weights[0].Grad[0])) {
		t.Errorf("gradient of w1: got %v, want -0", weights[0].Grad[0])
	}
}
