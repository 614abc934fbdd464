package nn_test

import (
	"math"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// TestNotebookPrintsItsLosses runs the notebook's second part at seed 0: the 44 losses it prints, to 1e-6, and all
// 100 random labels learnt by heart.
func TestNotebookPrintsItsLosses(t *testing.T) {
	want := oracle.ReadNotebook(t)
	near := func(name string, got []float32, want []oracle.Number, tolerance float64) {
		t.Helper()
		for i, w := range want {
			if !(math.Abs(float64(got[i])-float64(w)) <= tolerance) {
				t.Errorf("%s[%d]: got %v, want %v", name, i, got[i], w)
				return
			}
		}
	}
	g := torchrand.New(0)
	train, test := data.Noise(g, 100)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Activation: autograd.ReLU})
	near("train", train.Images, want.TrainFirst, 1e-6)
	near("end of train", train.Images[len(train.Images)-20:], want.TrainLast, 1e-6)
	near("test", test.Images, want.TestFirst, 1e-6)
	for i, label := range want.Labels {
		if train.Labels[i] != label {
			t.Fatalf("label %d: got %d, want %d", i, train.Labels[i], label)
		}
	}
	named := map[string]*autograd.Tensor[float32]{}
	for p := range net.Parameters() {
		named[p.Name] = p
	}
	near("conv1.weight", named["conv1.weight"].Data, want.ConvWeight, 0)
	near("conv1.bias", named["conv1.bias"].Data, want.ConvBias, 0)
	near("linearization.weight", named["linearization.weight"].Data, want.LinWeight, 0)
	near("linearization.bias", named["linearization.bias"].Data, want.LinBias, 0)

	opt, err := optim.New[float32]("adam", net.Parameters(), 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	x, labels := data.NewBatches[float32](train, 100).At(0)
	tape := autograd.NewTape[float32]()
	var losses []float32
	for k := range want.Run.Losses {
		tape.Reset()
		opt.ZeroGrad()
		logits := net.Forward(tape, x)
		if k == 0 {
			near("first logits", logits.Values(nil), want.Logits, 1e-5)
		}
		loss := tape.CrossEntropy(logits, labels)
		tape.Backward(loss)
		opt.Step()
		losses = append(losses, loss.Item())
	}
	near("loss", losses, want.Run.Losses, 1e-6)
	near("printed loss", losses, want.Printed, 1e-6)
	tape.Reset()
	if got := accuracy(net.Forward(tape, x), labels); got != 1 {
		t.Errorf("training accuracy: got %v, want 1", got)
	}
	x, labels = data.NewBatches[float32](test, 100).At(0)
	tape.Reset()
	logits := net.Forward(tape, x)
	if err := oracle.Differ(accuracy(logits, labels), want.Run.Test.Accuracy, 1e-9); err != nil {
		t.Errorf("test accuracy: %v", err)
	}
	near("test loss", []float32{tape.CrossEntropy(logits, labels).Item()}, []oracle.Number{want.Run.Test.Loss}, 1e-5)
}

// A step after the first allocates nothing: the tape reuses ops and buffers.
func TestTrainingStepAllocatesNothing(t *testing.T) {
	g := torchrand.New(0)
	set, _ := data.Noise(g, 20)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Depth: 2, Activation: autograd.Tanh, Skip: true})
	opt, err := optim.New[float32]("adam", net.Parameters(), 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	batches := data.NewBatches[float32](set, 20)
	tape := autograd.NewTape[float32]()
	step := func() {
		x, labels := batches.At(0)
		tape.Reset()
		opt.ZeroGrad()
		tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
		opt.Step()
	}
	step()
	if got := testing.AllocsPerRun(5, step); got != 0 {
		t.Errorf("a training step allocates %v times, want 0", got)
	}
}
