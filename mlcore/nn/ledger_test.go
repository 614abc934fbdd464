package nn_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// anyConfig draws a config of any family, with its ledger, its network, and the same without storage.
func anyConfig(t *rapid.T, g *torchrand.Generator) (ledger nn.Ledger, net, meta nn.Module[float32]) {
	f, _ := autograd.ParseActivation(rapid.SampledFrom(autograd.ActivationNames()).Draw(t, "activation"))
	switch rapid.SampledFrom([]string{"notebook", "deep", "mlp"}).Draw(t, "net") {
	case "notebook":
		c := nn.NotebookConfig{Depth: rapid.IntRange(0, 3).Draw(t, "depth"), Activation: f, Skip: rapid.Bool().Draw(t, "skip")}
		return c.Ledger(), nn.NewNotebookNet[float32](g, c), nn.NewNotebookNet[float32](nil, c)
	case "deep":
		c := nn.DeepConfig{
			N: rapid.IntRange(1, 3).Draw(t, "n"), Channels: rapid.SampledFrom([]int{1, 4, 5}).Draw(t, "channels"),
			Skip: rapid.SampledFrom(nn.DeepSkips()).Draw(t, "skip"), Norm: rapid.SampledFrom(nn.DeepNorms()).Draw(t, "norm"),
			Order: rapid.SampledFrom(nn.DeepOrders()).Draw(t, "order"), Activation: f,
		}
		if c.Norm == nn.NormGroup {
			c.Channels = 4
		}
		return c.Ledger(), nn.NewDeepNet[float32](g, c), nn.NewDeepNet[float32](nil, c)
	}
	c := nn.MLPConfig{
		Depth: rapid.IntRange(0, 4).Draw(t, "depth"), Width: rapid.IntRange(1, 40).Draw(t, "width"), Activation: f,
		Skip: rapid.SampledFrom(nn.MLPSkips()).Draw(t, "skip"), Norm: rapid.SampledFrom(nn.MLPNorms()).Draw(t, "norm"),
		Init: rapid.SampledFrom(nn.Initialisations()).Draw(t, "init"),
	}
	return c.Ledger(), nn.NewMLP[float32](g, c), nn.NewMLP[float32](nil, c)
}

// What a ledger says without building the network, the network says when it is built and run.
func TestLedgerTellsWhatTheNetworkIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := torchrand.New(0)
		set, _ := data.Noise(g, rapid.IntRange(2, 20).Draw(t, "batch"))
		ledger, net, _ := anyConfig(t, g)
		if got, want := ledger.Parameters(), parameterCount(net); got != want {
			t.Errorf("parameters: ledger says %d, the network has %d", got, want)
		}
		x, labels := data.NewBatches[float32](set, set.Len()).At(0)
		tape := autograd.NewTape[float32]()
		tape.SetRetainGrad(false)
		tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
		if got, want := ledger.MultiplyAdds(), multiplyAdds(tape.Graph(), set.Len()); got != want {
			t.Errorf("multiply-adds: ledger says %d, the tape did %d", got, want)
		}
		learner := nn.NewDataParallel(kernel.For[float32](), net, ledger.Shards(set.Len()))
		judge := nn.NewDataParallel(kernel.For[float32](), net, nn.Shards{Size: 16})
		learner.SetWorkers(2)
		judge.SetWorkers(2)
		for range 3 { // on one worker and on two
			learner.Learn(x, labels)
			net.SetTraining(false)
			judge.Loss(x, labels)
			net.SetTraining(true)
		}
		held := learner.Bytes() + judge.Bytes() + 16*parameterCount(net) + 4*len(x.Data)
		estimate := int(ledger.Work(set.Len(), 4) + ledger.Judging(4) + ledger.Kept(4) + nn.Data(set.Len(), set.Len(), 4))
		if estimate < held || estimate > 3*held+400_000 {
			t.Errorf("memory: ledger says %d bytes, a run holds %d", estimate, held)
		}
	})
}

// A meta tape records what a real one does, and holds nothing.
func TestMetaTapeRecordsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "batch")
		_, net, bare := anyConfig(t, torchrand.New(0))
		tape, meta := autograd.NewTape[float32](), autograd.NewMetaTape[float32]()
		net.Forward(tape, autograd.NewBatch[float32](n, 1, 28, 28))
		bare.Forward(meta, autograd.NewMetaBatch[float32](n, 1, 28, 28))
		if held := meta.Bytes(); held != 0 {
			t.Errorf("the meta tape holds %d bytes", held)
		}
		told := slices.Collect(meta.Ops())
		for op := range tape.Ops() {
			if len(told) == 0 {
				t.Fatalf("the meta tape ends before %s %s", op.Scope, op.Kind)
			}
			got, want := told[0], op
			told = told[1:]
			if got.Kind != want.Kind || got.Activation != want.Activation || got.Scope != want.Scope ||
				!slices.Equal(got.Output.Shape, want.Output.Shape) || len(got.Inputs) != len(want.Inputs) || got.Stored != want.Stored {
				t.Errorf("meta tape: %+v, want %+v", got, want)
			}
			if want.Stored != 0 && want.Stored != len(want.Output.Data) {
				t.Errorf("%s %s: %d elements stored, said to be %d", want.Scope, want.Kind, len(want.Output.Data), want.Stored)
			}
		}
		if len(told) > 0 {
			t.Errorf("the meta tape goes on with %s %s", told[0].Scope, told[0].Kind)
		}
	})
}

// parameterCount is the number of trainable numbers of a network.
func parameterCount[T nn.Float](m nn.Module[T]) int {
	count := 0
	for p := range m.Parameters() {
		count += p.Len()
	}
	return count
}

// multiplyAdds counts the work of a recorded forward pass, for one of n samples.
func multiplyAdds(g autograd.Graph, n int) int64 {
	total := int64(0)
	for _, node := range g.Nodes {
		if node.Op == "leaf" || len(node.Inputs) < 2 {
			continue
		}
		w := g.Nodes[node.Inputs[1]]
		if w.Op != "leaf" || len(w.Shape) < 2 {
			continue
		}
		work := int64(1)
		for _, d := range w.Shape {
			work *= int64(d)
		}
		for _, d := range node.Shape[2:] {
			work *= int64(d)
		}
		total += work
	}
	return total
}

func TestDepthOfDeepNets(t *testing.T) {
	for n, want := range map[int]int{1: 8, 3: 20, 9: 56, 18: 110} {
		for _, skip := range nn.DeepSkips() {
			c := nn.DeepConfig{N: n, Channels: 4, Skip: skip, Norm: nn.NormBatch, Activation: autograd.ReLU, Order: nn.OrderPost}
			if got := c.Ledger().Weighted(); got != want {
				t.Errorf("n = %d, skip %s: got %d weighted layers, want %d", n, skip, got, want)
			}
		}
	}
}

// A transformer's linear layers are computed for each token, and its attention multiplies tokens with tokens.
func TestLedgerOfATransformer(t *testing.T) {
	for _, norm := range []nn.NormPlace{nn.NormPre, nn.NormPost} {
		c := nn.TransformerConfig{Vocabulary: 10, Places: 5, EncoderConfig: nn.EncoderConfig{Layers: 2, Width: 8, Heads: 2, Hidden: 12, Skip: true, MLP: true, Norm: norm}}
		ledger := c.Ledger()
		layer := 5*(4*8*8+2*8*12) + 2*5*5*8 // projections and MLP by token, scores and mixing by pair of tokens
		if got, want := ledger.MultiplyAdds(), int64(2*layer+5*8*10); got != want {
			t.Errorf("norm %s: got %d multiply-adds, want %d", norm, got, want)
		}
		if got, want := ledger.Parameters(), parameterCount(nn.NewTransformer[float32](torchrand.New(0), c)); got != want {
			t.Errorf("norm %s: got %d parameters, want %d", norm, got, want)
		}
	}
}
