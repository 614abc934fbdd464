package nn_test

import (
	"fmt"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// What the skip of a residual network costs: nothing with zero padding, little with projections.
func ExampleDeepConfig_Ledger() {
	for _, skip := range nn.DeepSkips() {
		l := nn.DeepConfig{N: 3, Channels: 4, Skip: skip, Norm: nn.NormBatch, Activation: autograd.ReLU, Order: nn.OrderPost}.Ledger()
		fmt.Printf("%s: depth %d, %d parameters, %d multiply-adds\n", skip, l.Weighted(), l.Parameters(), l.MultiplyAdds())
	}
	// Output:
	// none: depth 20, 17254 parameters, 534544 multiply-adds
	// A: depth 20, 17254 parameters, 534544 multiply-adds
	// B: depth 20, 17414 parameters, 538160 multiply-adds
	// C: depth 20, 18102 parameters, 562032 multiply-adds
}

func ExampleNotebookConfig_Ledger() {
	for _, l := range (nn.NotebookConfig{Depth: 1, Activation: autograd.ReLU, Skip: true}).Ledger() {
		fmt.Println(l.Name, l.Kind, l.Output, l.Parameters, l.MultiplyAdds)
	}
	// Output:
	// conv1 conv 3x3 [5 26 26] 50 30420
	// conv1 activation relu [5 26 26] 0 0
	// extra.0 conv 3x3 [5 26 26] 230 152100
	// extra.0 activation relu [5 26 26] 0 0
	// extra.0.skip identity [5 26 26] 0 0
	// linearization linear [10] 33810 33800
}

// Leave one block of a residual net out: what is learnt stays where it is, and the net goes on without it.
func ExampleDeepNet_SetPath() {
	c := nn.DeepConfig{N: 2, Channels: 4, Skip: nn.SkipA, Norm: nn.NormBatch, Activation: autograd.ReLU}
	net := nn.NewDeepNet[float32](torchrand.New(0), c)
	net.SetTraining(false)
	x := autograd.NewBatch[float32](1, 1, 28, 28)
	for _, path := range [][]int{{0, 1, 2, 3, 4, 5}, {0, 2, 3, 4, 5}} {
		net.SetPath(path...)
		tape := autograd.NewTape[float32]()
		end := tape.NoGrad()
		fmt.Println(net.Forward(tape, x).Shape, tape.Len(), "ops")
		end()
	}
	// Output:
	// [1 10] 36 ops
	// [1 10] 31 ops
}
