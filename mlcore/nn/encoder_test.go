package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
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
		Vocabulary                                  int
		Skip, MLP                                   bool
	}
	Y, DX [2]oracle.Number
	Loss  oracle.Number
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
	tape := autograd.NewTape[float64]()
	var params []*autograd.Tensor[float64]
	keep := func(p *autograd.Tensor[float64]) bool { params = append(params, p); return true }
	config := EncoderConfig{
		Layers: c.Config.Layers, Width: c.Config.Width, Heads: c.Config.Heads, Hidden: c.Config.Hidden, Skip: c.Config.Skip, MLP: c.Config.MLP,
	}
	if c.Config.Kind != "attention" {
		var err error
		if config.Norm, err = Parse(c.Config.Norm, NormPlaces()); err != nil {
			t.Fatal(err)
		}
	}
	var x, y *autograd.Tensor[float64]
	if c.Config.Kind == "transformer" {
		tokens, targets := reversed(g, c.Config.Batch, c.Config.Tokens, c.Config.Vocabulary)
		m := NewTransformer[float64](g, TransformerConfig{Vocabulary: c.Config.Vocabulary, Places: c.Config.Tokens, EncoderConfig: config})
		params = slices.Collect(m.Parameters())
		x := autograd.NewBatch[float64](c.Config.Batch, c.Config.Tokens)
		x.SetValues(tokens)
		y = m.Forward(tape, x)
		loss := tape.CrossEntropy(y, targets)
		if math.Abs(loss.Item()-float64(c.Loss)) > 1e-9*float64(c.Loss) {
			off = append(off, fmt.Sprintf("loss: got %v, want %v", loss.Item(), c.Loss))
		}
		tape.Backward(loss)
	} else {
		x = autograd.NewBatch[float64](c.Config.Batch, c.Config.Tokens, c.Config.Width)
		values, draws := make([]float64, x.Len()), make([]float32, x.Len())
		g.Randn(draws)
		for i, v := range draws {
			values[i] = float64(v)
		}
		x.SetValues(values)
		x.RequireGrad()
		if c.Config.Kind == "attention" {
			a := newAttention[float64](g, "self_attn", c.Config.Width, c.Config.Heads)
			a.parameters(keep)
			y = a.forward(tape, x)
		} else {
			e := NewEncoder[float64](g, config)
			e.parameters(keep)
			y = e.Forward(tape, x)
		}
		tape.BackwardFrom(y, pattern(y.Len()))
	}

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
	if x != nil {
		compare("gradient to x", x.Gradients(nil), c.DX[0], c.DX[1], floor)
	}
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

// reversed draws sequences of tokens, and what it is to reverse them, place by place.
func reversed(g *torchrand.Generator, batch, places, vocabulary int) (tokens []float64, targets []int) {
	draws := make([]int64, batch*places)
	g.Random(draws, 0, int64(vocabulary))
	for sequence := range slices.Chunk(draws, places) {
		for s, v := range sequence {
			tokens = append(tokens, float64(v))
			targets = append(targets, int(sequence[places-1-s]))
		}
	}
	return tokens, targets
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
