package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// TestNotebookPrintsItsLosses runs the notebook's second part at seed 0: the 44 losses it prints, to 1e-6, and all
// 100 random labels learnt by heart.
func TestNotebookPrintsItsLosses(t *testing.T) {
	raw, err := os.ReadFile("testdata/notebook.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		TrainFirst []float64 `json:"train_first_20"`
		TrainLast  []float64 `json:"train_last_20"`
		TestFirst  []float64 `json:"test_first_20"`
		Labels     []int
		ConvWeight []float64 `json:"conv1.weight"`
		ConvBias   []float64 `json:"conv1.bias"`
		LinWeight  []float64 `json:"linearization.weight_first_20"`
		LinBias    []float64 `json:"linearization.bias"`
		Logits     []float64 `json:"initial_logits_first_image"`
		Printed    []float64 `json:"printed_losses"`
		Run        struct {
			Losses []float64
			Test   struct{ Loss, Accuracy float64 }
		}
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	near := func(name string, got []float32, want []float64, tolerance float64) {
		t.Helper()
		for i, w := range want {
			if math.Abs(float64(got[i])-w) > tolerance {
				t.Errorf("%s[%d]: got %v, want %v", name, i, got[i], w)
				return
			}
		}
	}
	g := torchrand.New(0)
	train, test := data.Noise(g, 100)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Activation: "relu"})
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
	for k, w := range want.Run.Losses {
		tape.Reset()
		opt.ZeroGrad()
		logits := net.Forward(tape, x)
		if k == 0 {
			near("first logits", logits.Values(nil), want.Logits, 1e-5)
		}
		loss := tape.CrossEntropy(logits, labels)
		tape.Backward(loss)
		opt.Step()
		got := float64(loss.Item())
		if math.Abs(got-w) > 1e-6 {
			t.Errorf("loss of step %d: got %v, want %v", k, got, w)
		}
		if k < len(want.Printed) && math.Abs(got-want.Printed[k]) > 1e-6 {
			t.Errorf("printed loss of step %d: got %v, want %v", k, got, want.Printed[k])
		}
	}
	tape.Reset()
	if got := accuracy(net.Forward(tape, x), labels); got != 1 {
		t.Errorf("training accuracy: got %v, want 1", got)
	}
	x, labels = data.NewBatches[float32](test, 100).At(0)
	tape.Reset()
	logits := net.Forward(tape, x)
	if got := accuracy(logits, labels); math.Abs(got-want.Run.Test.Accuracy) > 1e-9 {
		t.Errorf("test accuracy: got %v, want %v", got, want.Run.Test.Accuracy)
	}
	if got := float64(tape.CrossEntropy(logits, labels).Item()); math.Abs(got-want.Run.Test.Loss) > 1e-5 {
		t.Errorf("test loss: got %v, want %v", got, want.Run.Test.Loss)
	}
}

// A step after the first allocates nothing: the tape reuses ops and buffers.
func TestTrainingStepAllocatesNothing(t *testing.T) {
	g := torchrand.New(0)
	set, _ := data.Noise(g, 20)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Depth: 2, Activation: "tanh", Skip: true})
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
