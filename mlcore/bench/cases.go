// Package bench holds the training steps by which the core's speed is measured, the same ones as PyTorch's benchmark
// of the reference networks, and the machine's peak to hold them against.
//
//	go test -bench Step ./mlcore/bench                                our step by case
//	go run ./mlcore/bench/ratio mlcore/bench/pytorch/pytorch.py       the table of ratios to PyTorch's
//
// The folder pytorch holds PyTorch's side: the reference networks and the script that times them (PyTorch 1.13 and
// Fashion-MNIST, in Debian python3-torch and dataset-fashion-mnist).
package bench

import (
	"fmt"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// Case is one network with its data and optimiser.
type Case struct {
	Name          string
	Images, Batch int
	Noise         bool // else Fashion-MNIST
	Optimizer     string
	Ledger        nn.Ledger
	build         func(g *torchrand.Generator) nn.Module[float32]
}

// MultiplyAdds is the work of one training step: forward, and as much again for the gradient to the weights and for
// the gradient to the input; the first layer needs no gradient to its input.
func (c Case) MultiplyAdds() int64 {
	return int64(c.Batch) * (3*c.Ledger.MultiplyAdds() - c.Ledger[0].MultiplyAdds)
}

func notebook(name string, batch, depth int, activation autograd.Activation, skip bool) Case {
	config := nn.NotebookConfig{Depth: depth, Activation: activation, Skip: skip}
	return Case{name, 100 / batch * batch, batch, true, "adam", config.Ledger(),
		func(g *torchrand.Generator) nn.Module[float32] { return nn.NewNotebookNet[float32](g, config) }}
}

func deep(name string, n, channels int, skip nn.Skip) Case {
	config := nn.DeepConfig{N: n, Channels: channels, Skip: skip, Norm: nn.NormBatch, Activation: autograd.ReLU, Order: nn.OrderPost}
	return Case{name, 256, 64, false, "momentum", config.Ledger(),
		func(g *torchrand.Generator) nn.Module[float32] { return nn.NewDeepNet[float32](g, config) }}
}

func mlp(name string, depth, width int) Case {
	config := nn.MLPConfig{Depth: depth, Width: width, Activation: autograd.Tanh, Skip: nn.SkipIdentity, Norm: nn.NormNone, Init: nn.InitDefault}
	return Case{name, 256, 64, false, "sgd", config.Ledger(),
		func(g *torchrand.Generator) nn.Module[float32] { return nn.NewMLP[float32](g, config) }}
}

// Cases are those of PyTorch's benchmark, in its order, and deep-110 for the growth with depth.
func Cases() []Case {
	return []Case{
		notebook("notebook", 100, 0, autograd.ReLU, false),
		notebook("notebook-batch-1", 1, 0, autograd.ReLU, false),
		notebook("notebook-batch-8", 8, 0, autograd.ReLU, false),
		notebook("notebook-10-skip", 100, 10, autograd.Tanh, true),
		notebook("notebook-20-skip", 100, 20, autograd.Tanh, true),
		deep("deep-8", 1, 4, nn.SkipA),
		deep("deep-20", 3, 4, nn.SkipA),
		deep("deep-56", 9, 4, nn.SkipA),
		deep("deep-110", 18, 4, nn.SkipA),
		deep("deep-20-wide", 3, 16, nn.SkipB),
		mlp("mlp-30", 30, 64),
	}
}

// Stepper returns a function that runs the case's next training step, as pytorch.py times it: clear the gradients,
// forward, backward, update. It uses up to the given number of cores.
func (c Case) Stepper(kernels *kernel.Set[float32], workers int) (func(), error) {
	g := torchrand.New(0)
	var set data.Set
	var err error
	if c.Noise {
		set, _ = data.Noise(g, c.Images)
	} else if set, err = data.Fashion("train", c.Images); err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	net := c.build(g)
	opt, err := optim.NewWith(kernels, c.Optimizer, net.Parameters(), 1e-3)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.Name, err)
	}
	batches := data.NewBatches[float32](set, c.Batch)
	learner := nn.NewDataParallel(kernels, net, c.Ledger.Shards(c.Batch))
	learner.SetWorkers(workers)
	k := 0
	return func() {
		x, labels := batches.At(k)
		k++
		opt.ZeroGrad()
		learner.Learn(x, labels)
		opt.Step()
	}, nil
}
