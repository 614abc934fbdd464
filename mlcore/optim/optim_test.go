package optim

import (
	"math"
	"slices"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/internal/oracle"
)

// TestOptimizersEqualPyTorch follows ten steps down Σ i/2 p_i² + sin p_i, in float64.
func TestOptimizersEqualPyTorch(t *testing.T) {
	var cases []struct {
		Optimizer string
		LR        float64
		Start     []float64
		Path      [][]oracle.Number
	}
	oracle.Read(t, "optimizers", &cases)
	if len(cases) != len(kinds) {
		t.Errorf("got %d cases, want one for each of %v", len(cases), kinds)
	}
	for _, c := range cases {
		p := parameter(c.Start)
		opt, err := New[float64](c.Optimizer, slices.Values([]*autograd.Tensor[float64]{p}), c.LR)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range c.Path {
			opt.ZeroGrad()
			descend(p, func(i int, v float64) float64 { return float64(i+1)*v + math.Cos(v) })
			opt.Step()
			for i, w := range want {
				if err := oracle.Differ(p.Data[i], w, 1e-9); err != nil {
					t.Fatalf("%s: step %d, element %d: %v", c.Optimizer, k, i, err)
				}
			}
		}
	}
}

func parameter(values []float64) *autograd.Tensor[float64] {
	p := autograd.NewParameter[float64]("p", len(values))
	p.SetValues(values)
	return p
}

// descend gives p the gradient f by way of a tape, as training does.
func descend(p *autograd.Tensor[float64], f func(i int, v float64) float64) {
	tape := autograd.NewTape[float64]()
	dy := make([]float64, p.Len())
	for i, v := range p.Data {
		dy[i] = f(i, v)
	}
	tape.BackwardFrom(tape.Activation(autograd.Identity, p), dy)
}

func TestStepLeavesParametersWithoutGradient(t *testing.T) {
	for _, kind := range kinds {
		p := parameter([]float64{1, 2})
		opt, err := New[float64](kind, slices.Values([]*autograd.Tensor[float64]{p}), 0.1)
		if err != nil {
			t.Fatal(err)
		}
		opt.Step()
		if !slices.Equal(p.Data, []float64{1, 2}) {
			t.Errorf("%s: got %v, want [1 2]", kind, p.Data)
		}
	}
}

func TestClipGradNorm(t *testing.T) {
	p := parameter([]float64{0, 0})
	all := slices.Values([]*autograd.Tensor[float64]{p})
	descend(p, func(i int, _ float64) float64 { return float64(3 + i) })
	if got := ClipGradNorm(all, 10); got != 5 {
		t.Errorf("norm: got %v, want 5", got)
	}
	if !slices.Equal(p.Grad, []float64{3, 4}) {
		t.Errorf("a gradient within the limit changed: got %v, want [3 4]", p.Grad)
	}
	ClipGradNorm(all, 1)
	if got, want := math.Hypot(p.Grad[0], p.Grad[1]), 5/(5+1e-6); !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("clipped norm: got %v, want %v", got, want)
	}
}

func TestNewNamesTheUnknownKind(t *testing.T) {
	if _, err := New[float32]("lion", slices.Values([]*autograd.Tensor[float32]{}), 1); err == nil {
		t.Error("got no error for an unknown optimizer")
	}
}

// A parameter that has had a gradient goes on where none arrives, with momentum and decay; its steps count from its first
// gradient. The gradient is (3, 4): of p at steps 1 and 3, of q at steps 2 and 3. The numbers are PyTorch 1.13's.
func TestStepGoesOnWithoutGradient(t *testing.T) {
	for kind, want := range map[string][2][]float64{
		"sgd":      {{0.4, -2.8}, {0.4, -2.8}},
		"momentum": {{-0.113, -3.484}, {0.13, -3.16}},
		"nesterov": {{-0.6017, -4.1356}, {-0.383, -3.844}},
		"rmsprop":  {{-0.7106510588427083, -3.710651071384582}, {-0.7088811549245848, -3.7088811674455218}},
		"adam":     {{0.7511938791746825, -2.2488061210711248}, {0.8000000006666673, -2.1999999994999992}},
		"adamw":    {{0.748463783999114, -2.2425452132464474}, {0.798101000666334, -2.195901999500249}},
	} {
		p, q := parameter([]float64{1, -2}), parameter([]float64{1, -2})
		opt, err := New[float64](kind, slices.Values([]*autograd.Tensor[float64]{p, q}), 0.1)
		if err != nil {
			t.Fatal(err)
		}
		for _, reached := range [][]*autograd.Tensor[float64]{{p}, {q}, {p, q}} {
			opt.ZeroGrad()
			for _, x := range reached {
				descend(x, func(i int, _ float64) float64 { return float64(3 + i) })
			}
			opt.Step()
		}
		for k, x := range []*autograd.Tensor[float64]{p, q} {
			for i, w := range want[k] {
				if !(math.Abs(x.Data[i]-w) <= 1e-14) {
					t.Errorf("%s: parameter %d: got %v, want %v", kind, k, x.Data, want[k])
					break
				}
			}
		}
	}
}
