package nn_test

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/optim"
	"gradlab/mlcore/torchrand"
)

// newNet builds the network of a config under its generator.
func newNet[T nn.Float](g *torchrand.Generator, c oracle.Config) (nn.Module[T], error) {
	args := struct {
		Depth, N, Channels, Width     int
		Activation, Norm, Order, Init string
		Skip                          any
	}{Channels: 4, Width: 32, Norm: "none", Order: "post", Init: "default"}
	args.Activation = "relu"
	if c.Net == "mlp" {
		args.Activation = "tanh"
	}
	if c.Net == "deep" {
		args.Norm, args.Skip = "batch", "A"
	}
	raw, err := json.Marshal(c.Args)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &args); err != nil {
		return nil, err
	}
	skip, _ := args.Skip.(string)
	if skip == "" {
		skip = "none"
	}
	on, _ := args.Skip.(bool)
	f := must(autograd.ParseActivation(args.Activation))
	order, init := must(nn.Parse(args.Order, nn.DeepOrders())), must(nn.Parse(args.Init, nn.Initialisations()))
	switch c.Net {
	case "notebook":
		return nn.NewNotebookNet[T](g, nn.NotebookConfig{Depth: args.Depth, Activation: f, Skip: on}), nil
	case "deep":
		return nn.NewDeepNet[T](g, nn.DeepConfig{N: args.N, Channels: args.Channels, Activation: f, Order: order,
			Skip: must(nn.Parse(skip, nn.DeepSkips())), Norm: must(nn.Parse(args.Norm, nn.DeepNorms()))}), nil
	case "mlp":
		return nn.NewMLP[T](g, nn.MLPConfig{Depth: args.Depth, Width: args.Width, Activation: f, Init: init,
			Skip: must(nn.Parse(skip, nn.MLPSkips())), Norm: must(nn.Parse(args.Norm, nn.MLPNorms()))}), nil
	}
	return nil, fmt.Errorf("unknown net %q", c.Net)
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err) // a broken file of the oracle
	}
	return v
}

// train is nets.py's train and generate.py's run. limit bounds the steps, 0 means all.
func train[T nn.Float](c oracle.Config, limit int) (oracle.Result, error) {
	r := oracle.Result{Norms: map[string]float64{}}
	g := torchrand.New(c.Seed)
	trainSet, testSet, err := newData(g, c)
	if err != nil {
		return r, err
	}
	net, err := newNet[T](g, c)
	if err != nil {
		return r, err
	}
	r.Parameters = parameterCount(net)
	opt, err := optim.New[T](c.Optimizer, net.Parameters(), c.LR)
	if err != nil {
		return r, err
	}
	batches := data.NewBatches[T](trainSet, c.Batch)
	tape := autograd.NewTape[T]()
	steps := c.Steps
	if limit > 0 {
		steps = min(steps, limit)
	}
	for k := range steps {
		x, labels := batches.At(k)
		tape.Reset()
		opt.ZeroGrad()
		loss := tape.CrossEntropy(net.Forward(tape, x), labels)
		tape.Backward(loss)
		if k == 0 {
			for p := range net.Parameters() {
				if p.HasGrad() {
					r.Norms[p.Name] = norm(p.Grad)
				}
			}
		}
		if c.Clip != 0 {
			optim.ClipGradNorm(net.Parameters(), c.Clip)
		}
		opt.Step()
		r.Losses = append(r.Losses, float64(loss.Item()))
	}
	net.SetTraining(false)
	x, labels := data.NewBatches[T](testSet, testSet.Len()).At(0)
	test := autograd.NewTape[T]()
	logits := net.Forward(test, x)
	r.Test.Loss = float64(test.CrossEntropy(logits, labels).Item())
	r.Test.Accuracy = accuracy(logits, labels)
	return r, nil
}

func newData(g *torchrand.Generator, c oracle.Config) (train, test data.Set, err error) {
	if c.Data == "noise" {
		train, test = data.Noise(g, c.Count)
		return train, test, nil
	}
	if train, err = data.Fashion("train", c.Count); err != nil {
		return train, test, err
	}
	test, err = data.Fashion("t10k", 100)
	return train, test, err
}

func norm[T nn.Float](v []T) float64 {
	s := 0.0
	for _, x := range v {
		s += float64(x) * float64(x)
	}
	return math.Sqrt(s)
}

// accuracy is the share of samples whose largest logit is their label's; the first of equals counts, as in torch.
func accuracy[T nn.Float](logits *autograd.Tensor[T], labels []int) float64 {
	values := logits.Values(nil)
	k := logits.Shape[1]
	right := 0
	for i, label := range labels {
		best := 0
		for j, v := range values[i*k : (i+1)*k] {
			if v > values[i*k+best] {
				best = j
			}
		}
		if best == label {
			right++
		}
	}
	return float64(right) / float64(len(labels))
}

// TestTrainingEqualsPyTorch runs every network of the oracle in float32; package experiment compares those in float64. With
// -short, and under the race detector, float32 runs two steps and float64, whose loops are plain Go, one step of the smaller networks.
//
// Where rounding grows until no two builds of PyTorch agree, a run of ours alone says little. All of them together do: on
// the whole they end no further from the truth than PyTorch's.
func TestTrainingEqualsPyTorch(t *testing.T) {
	var mutex sync.Mutex
	apart, logs := 0, 0.0
	t.Run("run", func(t *testing.T) {
		for i, want := range oracle.Training(t) {
			limit, run := 0, train[float32]
			if want.Config.DType == "float64" {
				run = train[float64]
			}
			if testing.Short() || raced {
				limit = 2
				if want.Config.DType == "float64" {
					limit = 1
					if want.Config.Net == "notebook" || want.Parameters > 20_000 {
						continue
					}
				}
			} else if want.Config.DType == "float64" {
				continue
			}
			t.Run(fmt.Sprintf("%d %s", i, want.Config.Net), func(t *testing.T) {
				t.Parallel()
				got, err := run(want.Config, limit)
				if err != nil {
					t.Fatal(err)
				}
				want.Compare(t, got)
				if want.Spread != nil && limit == 0 {
					mutex.Lock()
					defer mutex.Unlock()
					apart, logs = apart+1, logs+math.Log(want.Error(got.Losses))
				}
			})
		}
	})
	if apart == 0 {
		return // -short
	}
	mean := math.Exp(logs / float64(apart))
	t.Logf("%d runs that PyTorch does not repeat: as far from the truth as %.2f of PyTorch's", apart, mean)
	if !(mean <= 1) {
		t.Errorf("our runs end %.2f times as far from the truth as PyTorch's, want no further", mean)
	}
}
