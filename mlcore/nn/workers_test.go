package nn_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// learn trains on noise and returns losses, logits and gradients.
func learn(t *testing.T, build func(g *torchrand.Generator) nn.Module[float32], shards nn.Shards, steps, workers int) []float32 {
	t.Helper()
	g := torchrand.New(0)
	set, _ := data.Noise(g, 100)
	net := build(g)
	opt, err := optim.New("adam", net.Parameters(), 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	batches := data.NewBatches[float32](set, 100)
	learner := nn.NewDataParallel(kernel.For[float32](), net, shards)
	learner.SetWorkers(workers)
	var seen []float32
	for k := range steps {
		x, labels := batches.At(k)
		opt.ZeroGrad()
		seen = append(seen, float32(learner.Learn(x, labels)))
		seen = append(seen, learner.Logits()...)
		for p := range net.Parameters() {
			seen = append(seen, p.Grad...)
		}
		opt.Step()
	}
	return seen
}

// builders are nets whose batch is cut, by name.
func builders() map[string]func(g *torchrand.Generator) nn.Module[float32] {
	notebook := func(c nn.NotebookConfig) func(g *torchrand.Generator) nn.Module[float32] {
		return func(g *torchrand.Generator) nn.Module[float32] { return nn.NewNotebookNet[float32](g, c) }
	}
	deep := func(c nn.DeepConfig) func(g *torchrand.Generator) nn.Module[float32] {
		return func(g *torchrand.Generator) nn.Module[float32] { return nn.NewDeepNet[float32](g, c) }
	}
	return map[string]func(g *torchrand.Generator) nn.Module[float32]{
		"plain":    notebook(nn.NotebookConfig{Depth: 3, Activation: autograd.Tanh}),
		"residual": notebook(nn.NotebookConfig{Depth: 3, Activation: autograd.ReLU, Skip: true}),
		"sigmoid":  notebook(nn.NotebookConfig{Depth: 2, Activation: autograd.Sigmoid, Skip: true}), // its frame is cleared after each
		"gelu":     notebook(nn.NotebookConfig{Depth: 2, Activation: autograd.GELU}),                // an op of its own in between
		"wide":     deep(nn.DeepConfig{N: 1, Channels: 16, Skip: nn.SkipB, Norm: nn.NormNone, Activation: autograd.ReLU, Order: nn.OrderPost}),
		"group":    deep(nn.DeepConfig{N: 1, Channels: 4, Skip: nn.SkipA, Norm: nn.NormGroup, Activation: autograd.Tanh, Order: nn.OrderPre}),
		"batch":    deep(nn.DeepConfig{N: 1, Channels: 4, Skip: nn.SkipB, Norm: nn.NormBatch, Activation: autograd.ReLU, Order: nn.OrderPost}),
	}
}

// However many cores share a batch, no bit of a run changes: of nets of every kind, with a last shard that is not full.
func TestWorkersChangeNoBit(t *testing.T) {
	for name, build := range builders() {
		shards := nn.Shards{Size: 16}
		if name == "batch" {
			shards = nn.Shards{Size: 64, Meet: true}
		}
		t.Run(name, func(t *testing.T) {
			steps, tried := 4, []int{2, 4, 2, 7}
			if testing.Short() {
				steps, tried = 3, []int{4} // the first on one core, then on several
			}
			want := learn(t, build, shards, steps, 1)
			for _, workers := range tried {
				if got := learn(t, build, shards, steps, workers); !slices.Equal(got, want) {
					t.Errorf("%d workers: losses, logits or gradients differ from those of one", workers)
				}
			}
		})
	}
}

// Cut or whole, a batch gives the same loss, logits and gradients but for the order of the sums.
func TestShardsAddUpToTheBatch(t *testing.T) {
	for name, build := range builders() {
		t.Run(name, func(t *testing.T) {
			want := learn(t, build, nn.Shards{Size: 112}, 1, 1)
			got := learn(t, build, nn.Shards{Size: 16}, 1, 1)
			if name == "batch" {
				got = learn(t, build, nn.Shards{Size: 48, Meet: true}, 1, 1) // three of them: 48, 48, 4
			}
			largest := float32(0)
			for _, v := range want {
				largest = max(largest, max(v, -v))
			}
			for i := range want {
				if d := got[i] - want[i]; !(max(d, -d) <= 2e-4*largest) {
					t.Fatalf("number %d: got %g, want %g", i, got[i], want[i])
				}
			}
		})
	}
}

// broken panics in the forward pass of the shard that holds a sample of its own.
type broken struct{ nn.Module[float32] }

func (b broken) Forward(t *autograd.Tape[float32], x *autograd.Tensor[float32]) *autograd.Tensor[float32] {
	y := b.Module.Forward(t, x)
	if x.Shape[0] < 16 { // the last shard
		panic("a bug in the core")
	}
	return y
}

// A panic in one shard is a panic of the one who asked, on its own goroutine, and leaves no other shard waiting.
func TestPanicOfAShardReachesTheCaller(t *testing.T) {
	for _, name := range []string{"plain", "batch"} {
		for _, workers := range []int{1, 2, 4} {
			t.Run(fmt.Sprintf("%s, %d workers", name, workers), func(t *testing.T) {
				g := torchrand.New(0)
				set, _ := data.Noise(g, 100)
				shards := nn.Shards{Size: 16}
				if name == "batch" {
					shards = nn.Shards{Size: 96, Meet: true}
				}
				learner := nn.NewDataParallel[float32](kernel.For[float32](), broken{builders()[name](g)}, shards)
				learner.SetWorkers(workers)
				x, labels := data.NewBatches[float32](set, 100).At(0)
				for range 3 {
					func() {
						defer func() {
							if v := recover(); !strings.Contains(fmt.Sprint(v), "a bug in the core") {
								t.Errorf("recovered %v, want the shard's panic", v)
							}
						}()
						learner.Learn(x, labels)
					}()
				}
			})
		}
	}
}
