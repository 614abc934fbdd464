package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/torchrand"
)

// An encoderCase is a transformer drawn at random, with PyTorch's numbers: of each tensor its norm, and its product with pattern.
type encoderCase struct {
	Config struct {
		Kind, Norm                                  string
		Seed                                        uint32
		Batch, Tokens, Heads, Width, Layers, Hidden int
		Skip, MLP                                   bool
	}
	Y, DX [2]oracle.Number
	Grads [][3]any // name, norm, product
}

// PyTorch's TransformerEncoderLayer and MultiheadAttention, whole and in part, forward and backward, under its names.
func TestEncoderEqualsPyTorch(t *testing.T) {
	var cases []encoderCase
	oracle.Read(t, "encoder", &cases)
	for _, c := range cases {
		for _, off := range encoderDifferences(t, c) {
			text, _ := json.Marshal(c.Config)
			t.Errorf("%s: %s", text, off)
		}
	}
	t.Logf("%d cases", len(cases))
}

func encoderDifferences(t *testing.T, c encoderCase) (off []string) {
	g := torchrand.New(c.Config.Seed)
	x := autograd.NewBatch[float64](c.Config.Batch, c.Config.Tokens, c.Config.Width)
	draws := make([]float32, x.Len())
	g.Randn(draws)
	wide := make([]float64, len(draws))
	for i, v := range draws {
		wide[i] = float64(v)
	}
	x.SetValues(wide)
	x.RequireGrad()

	tape := autograd.NewTape[float64]()
	var params []*autograd.Tensor[float64]
	keep := func(p *autograd.Tensor[float64]) bool { params = append(params, p); return true }
	var y *autograd.Tensor[float64]
	if c.Config.Kind == "attention" {
		a := newAttention[float64](g, "self_attn", c.Config.Width, c.Config.Heads)
		a.parameters(keep)
		y = a.forward(tape, x)
	} else {
		place, err := Parse(c.Config.Norm, NormPlaces())
		if err != nil {
			t.Fatal(err)
		}
		e := NewEncoder[float64](g, EncoderConfig{
			Layers: c.Config.Layers, Width: c.Config.Width, Heads: c.Config.Heads, Hidden: c.Config.Hidden, Skip: c.Config.Skip, MLP: c.Config.MLP, Norm: place,
		})
		e.parameters(keep)
		y = e.Forward(tape, x)
	}
	tape.BackwardFrom(y, pattern(y.Len()))

	compare := func(name string, values []float64, norm, product oracle.Number, floor float64) {
		got := [2]float64{}
		for i, d := range pattern(len(values)) {
			got[0] += values[i] * values[i]
			got[1] += values[i] * d
		}
		got[0] = math.Sqrt(got[0])
		for i, want := range []oracle.Number{norm, product} {
			if math.Abs(got[i]-float64(want)) > 1e-8*math.Abs(float64(norm))*math.Sqrt(float64(len(values)))+floor {
				off = append(off, fmt.Sprintf("%s: got %v, want %v and %v", name, got, norm, product))
				return
			}
		}
	}
	compare("output", y.Values(nil), c.Y[0], c.Y[1], 0)
	floor := 1e-9 * (1 + math.Abs(float64(c.DX[0]))) // what is zero in mathematics, as a key's bias, is rounding of the rest
	compare("gradient to x", x.Gradients(nil), c.DX[0], c.DX[1], floor)
	if len(params) != len(c.Grads) {
		return append(off, fmt.Sprintf("%d parameters, want %d", len(params), len(c.Grads)))
	}
	for i, p := range params {
		if p.Name != c.Grads[i][0] {
			off = append(off, fmt.Sprintf("parameter %d: got %s, want %s", i, p.Name, c.Grads[i][0]))
			continue
		}
		compare("gradient to "+p.Name, p.Gradients(nil), oracle.Number(c.Grads[i][1].(float64)), oracle.Number(c.Grads[i][2].(float64)), floor)
	}
	return off
}

// pattern is the gradient to the output.
func pattern(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i%7) - 3
	}
	return v
}

func TestHeadsHaveToDivideTheWidth(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); got != "nn: 3 heads do not divide a width of 8" {
			t.Errorf("panic: got %q", got)
		}
	}()
	NewEncoder[float32](torchrand.New(0), EncoderConfig{Layers: 1, Width: 8, Heads: 3, Hidden: 8})
}
