package nn_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// Whether results keep their gradients changes no bit of the parameters' gradients, nor what a second step gives; it
// changes the memory that is held.
func TestRetainGradChangesNoParameter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := torchrand.New(0)
		set, _ := data.Noise(g, rapid.IntRange(2, 40).Draw(t, "batch"))
		_, net, _ := anyConfig(t, g)
		params := slices.Collect(net.Parameters())
		x, labels := data.NewBatches[float32](set, set.Len()).At(0)
		retain, release := autograd.NewTape[float32](), autograd.NewTape[float32]()
		release.SetRetainGrad(false)
		gradients := func(tape *autograd.Tape[float32]) (all [][]float32) {
			tape.Reset()
			for _, p := range params {
				p.ZeroGrad()
			}
			tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
			for _, p := range params {
				all = append(all, p.Gradients(nil))
			}
			return all
		}
		want := gradients(retain)
		for step := range 2 {
			for i, got := range gradients(release) {
				if !slices.Equal(got, want[i]) && !hasNaN(want[i]) {
					t.Errorf("step %d: the gradient of %s differs", step, params[i].Name)
				}
			}
		}
		if kept, held := retain.Bytes(), release.Bytes(); held > kept {
			t.Errorf("%d bytes are held where gradients are released, %d where they are retained", held, kept)
		}
		for _, n := range release.Graph().Nodes {
			if n.Scope != "" && n.Grad != 0 {
				t.Errorf("%s of %s still has a gradient", n.Op, n.Scope)
			}
		}
	})
}

// In a deep network, the gradients of all layers fit the storage of a few: what is held is little more than the results.
func TestReleasedGradientsShareStorage(t *testing.T) {
	g := torchrand.New(0)
	set, _ := data.Noise(g, 16)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Depth: 20, Activation: autograd.ReLU})
	x, labels := data.NewBatches[float32](set, set.Len()).At(0)
	held := func(retain bool) float64 {
		tape := autograd.NewTape[float32]()
		tape.SetRetainGrad(retain)
		tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
		return float64(tape.Bytes())
	}
	if got := held(false) / held(true); got > 0.6 {
		t.Errorf("released gradients leave %.2f of what is held, want about half", got)
	}
}

func hasNaN(v []float32) bool { return slices.ContainsFunc(v, func(x float32) bool { return x != x }) }
