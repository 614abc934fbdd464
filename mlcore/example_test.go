package mlcore_test

import (
	"fmt"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// The notebook's CNN learns a hundred random labels by heart. These are the losses that the notebook prints.
func Example() {
	g := torchrand.New(0)
	train, test := data.Noise(g, 100)
	net := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Activation: autograd.ReLU})
	opt, err := optim.New[float32]("adam", net.Parameters(), 1e-3)
	if err != nil {
		fmt.Println(err)
		return
	}
	batches := data.NewBatches[float32](train, 100)
	tape := autograd.NewTape[float32]()
	for step := range 44 {
		x, labels := batches.At(step)
		tape.Reset()
		opt.ZeroGrad()
		loss := tape.CrossEntropy(net.Forward(tape, x), labels)
		tape.Backward(loss)
		opt.Step()
		if step%20 == 0 {
			fmt.Printf("step %d: %.4f\n", step, loss.Item())
		}
	}
	x, labels := data.NewBatches[float32](test, 100).At(0)
	tape.Reset()
	fmt.Printf("on images it never saw: %.1f\n", tape.CrossEntropy(net.Forward(tape, x), labels).Item())
	// Output:
	// step 0: 2.3348
	// step 20: 0.0592
	// step 40: 0.0087
	// on images it never saw: 2.7
}
