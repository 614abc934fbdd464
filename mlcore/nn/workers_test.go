package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// A second core changes no bit of a run, however far it lags behind or runs ahead: of the nets whose convolutions are cut
// in halves, all the ways in which one follows another, and a batch whose last block is not full.
func TestTwoCoresGiveTheSameBits(t *testing.T) {
	run := func(build func(g *torchrand.Generator) nn.Module[float32], batch, workers int, retain bool) []float32 {
		g := torchrand.New(0)
		set, _ := data.Noise(g, 100)
		net := build(g)
		opt, err := optim.New("adam", net.Parameters(), 1e-3)
		if err != nil {
			t.Fatal(err)
		}
		batches := data.NewBatches[float32](set, batch)
		tape := autograd.NewTape[float32]()
		tape.SetWorkers(workers)
		tape.SetRetainGrad(retain)
		var seen []float32
		for k := range 4 {
			x, labels := batches.At(k)
			tape.Reset()
			opt.ZeroGrad()
			loss := tape.CrossEntropy(net.Forward(tape, x), labels)
			tape.Backward(loss)
			seen = append(seen, loss.Item())
			for p := range net.Parameters() {
				seen = append(seen, p.Grad...)
			}
			opt.Step()
		}
		return seen
	}
	notebook := func(c nn.NotebookConfig) func(g *torchrand.Generator) nn.Module[float32] {
		return func(g *torchrand.Generator) nn.Module[float32] { return nn.NewNotebookNet[float32](g, c) }
	}
	for name, build := range map[string]func(g *torchrand.Generator) nn.Module[float32]{
		"plain":    notebook(nn.NotebookConfig{Depth: 3, Activation: "tanh"}),
		"residual": notebook(nn.NotebookConfig{Depth: 3, Activation: "relu", Skip: true}),
		"sigmoid":  notebook(nn.NotebookConfig{Depth: 2, Activation: "sigmoid", Skip: true}), // its frame is cleared after each
		"gelu":     notebook(nn.NotebookConfig{Depth: 2, Activation: "gelu"}),                // an op of its own in between
		"wide": func(g *torchrand.Generator) nn.Module[float32] {
			return nn.NewDeepNet[float32](g, nn.DeepConfig{N: 1, Channels: 16, Skip: "B", Norm: "none", Activation: "relu", Order: "post"})
		},
	} {
		for _, retain := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/retain=%t", name, retain), func(t *testing.T) {
				want := run(build, 100, 1, true)
				for range 3 {
					if got := run(build, 100, 2, retain); !slices.Equal(got, want) {
						t.Error("losses or gradients differ from those of one core")
					}
				}
			})
		}
	}
}
