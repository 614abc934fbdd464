package nn_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

var residual = nn.DeepConfig{N: 2, Channels: 4, Skip: nn.SkipA, Norm: nn.NormBatch, Activation: autograd.ReLU}

// trained is a net after a few steps, with a batch to look at.
func trained(t *testing.T) (*nn.DeepNet[float32], *autograd.Tensor[float32]) {
	t.Helper()
	g := torchrand.New(3)
	set, _ := data.Noise(g, 32)
	net := nn.NewDeepNet[float32](g, residual)
	x, labels := data.NewBatches[float32](set, 32).At(0)
	tape := autograd.NewTape[float32]()
	for range 3 {
		tape.Reset()
		tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
		for p := range net.Parameters() {
			for i, d := range p.Grad {
				p.Data[i] -= 0.05 * d
			}
			p.ZeroGrad()
		}
	}
	return net, x
}

// evaluated are the logits by running statistics.
func evaluated(net nn.Module[float32], x *autograd.Tensor[float32]) []float32 {
	net.SetTraining(false)
	defer net.SetTraining(true)
	tape := autograd.NewTape[float32]()
	defer tape.NoGrad()()
	return net.Forward(tape, x).Values(nil)
}

// What is saved of a net and loaded into another makes it the same; evaluation moves nothing of it; a mistake changes nothing.
func TestStateDict(t *testing.T) {
	net, x := trained(t)
	state := nn.StateDict[float32](net)
	want := evaluated(net, x)
	if !maps.EqualFunc(state, nn.StateDict[float32](net), slices.Equal) {
		t.Error("evaluation has changed the net")
	}
	other := nn.NewDeepNet[float32](torchrand.New(4), residual)
	state["stem_norm.num_batches_tracked"] = []float32{3} // PyTorch's
	if err := nn.LoadStateDict(other, state); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(evaluated(other, x), want) {
		t.Error("the net that was loaded gives other logits")
	}
	delete(state, "stem_norm.num_batches_tracked")
	for what, broken := range map[string]func(map[string][]float32){
		"state dict has no head.bias":                     func(s map[string][]float32) { delete(s, "head.bias") },
		"state dict has 3 values for head.bias, want 10":  func(s map[string][]float32) { s["head.bias"] = s["head.bias"][:3] },
		"state dict has tail.bias, which the net has not": func(s map[string][]float32) { s["tail.bias"] = nil },
		"state dict has no blocks.5.norm2.running_var":    func(s map[string][]float32) { delete(s, "blocks.5.norm2.running_var") },
		"state dict has no blocks.0.conv1.weight":         func(s map[string][]float32) { delete(s, "blocks.0.conv1.weight") },
	} {
		s := maps.Clone(state)
		broken(s)
		if err := nn.LoadStateDict(other, s); err == nil || err.Error() != what {
			t.Errorf("got error %v, want %s", err, what)
		}
	}
	if !slices.Equal(evaluated(other, x), want) {
		t.Error("an error has changed the net")
	}
}

// A residual net whose blocks change places or are left out computes something else, and all of them again what it was.
func TestSetPath(t *testing.T) {
	net, x := trained(t)
	want := evaluated(net, x)
	for _, path := range [][]int{{0, 2, 3, 4, 5}, {1, 0, 2, 3, 4, 5}, {0, 1, 2, 4}} {
		net.SetPath(path...)
		if slices.Equal(evaluated(net, x), want) {
			t.Errorf("blocks %v: the logits of all blocks", path)
		}
	}
	net.SetPath(0, 1, 2, 3, 4, 5)
	if !slices.Equal(evaluated(net, x), want) {
		t.Error("all blocks: other logits than at first")
	}
	for path, want := range map[string]string{
		"0 1 3 4 5": "nn: SetPath: block 3 takes 8 channels, is given 4",
		"0 1 2 3":   "nn: SetPath: the blocks put out 8 channels, the head takes 16",
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != want {
					t.Errorf("blocks %s: got panic %q, want %q", path, got, want)
				}
			}()
			var blocks []int
			for _, f := range strings.Fields(path) {
				blocks = append(blocks, int(f[0]-'0'))
			}
			net.SetPath(blocks...)
		}()
	}
}

// Two nets may stand on one tape: the gradient of a loss of both reaches the parameters of both.
func TestTwoNetsOnOneTape(t *testing.T) {
	g := torchrand.New(0)
	set, _ := data.Noise(g, 8)
	x, labels := data.NewBatches[float32](set, 8).At(0)
	deep := nn.NewDeepNet[float32](g, residual)
	plain := nn.NewNotebookNet[float32](g, nn.NotebookConfig{Depth: 1, Activation: autograd.Tanh})
	tape := autograd.NewTape[float32]()
	end := tape.Scope("deep")
	a := deep.Forward(tape, x)
	end()
	end = tape.Scope("plain")
	b := plain.Forward(tape, x)
	end()
	tape.Backward(tape.CrossEntropy(tape.Add(a, b), labels))
	for _, net := range []nn.Module[float32]{deep, plain} {
		for p := range net.Parameters() {
			if p.GradStats().Norm == 0 {
				t.Errorf("%T: %s has no gradient", net, p.Name)
			}
		}
	}
	if tape.Output("plain.extra.0") == nil || tape.Output("deep.blocks.0") == nil {
		t.Error("the scopes of the two nets are not told apart")
	}
}

// A block that is out is not there where shapes stay, and its shortcut where they change; a plain net's leaves option A's.
func TestRouteOut(t *testing.T) {
	net, x := trained(t)
	net.SetPath(0, 2, 3, 4, 5)
	want := evaluated(net, x)
	net.SetPath(0, 1, 2, 3, 4, 5)
	out := make([]nn.Route, 6)
	out[1] = nn.RouteOut
	net.SetRoutes(out...)
	if !slices.Equal(evaluated(net, x), want) {
		t.Error("block 1 out: not the net without it")
	}
	for _, skip := range nn.DeepSkips() {
		for _, order := range nn.DeepOrders() {
			c := residual
			c.Skip, c.Order = skip, order
			net := nn.NewDeepNet[float32](torchrand.New(1), c)
			whole := evaluated(net, x)
			net.SetRoutes(nn.RouteWhole, nn.RouteWhole, nn.RouteOut, nn.RouteOut, nn.RouteWhole, nn.RouteOut)
			if slices.Equal(evaluated(net, x), whole) {
				t.Errorf("skip %s, order %s: the logits of the whole net without three blocks", skip, order)
			}
			net.SetRoutes()
			if !slices.Equal(evaluated(net, x), whole) {
				t.Errorf("skip %s, order %s: put back, other logits than at first", skip, order)
			}
		}
	}
}

// The gradients along all paths of a residual net are its gradient, and values stay what they are on every path.
func TestPathsAddUpToTheGradient(t *testing.T) {
	set, _ := data.Noise(torchrand.New(3), 8)
	for _, skip := range []nn.Skip{nn.SkipA, nn.SkipB, nn.SkipC} {
		for _, order := range nn.DeepOrders() {
			c := residual
			c.N, c.Skip, c.Order = 1, skip, order
			net := nn.NewDeepNet[float64](torchrand.New(1), c)
			net.SetTraining(false)
			x, labels := data.NewBatches[float64](set, 8).At(0)
			x.RequireGrad()
			tape := autograd.NewTape[float64]()
			gradient := func() (loss float64, g []float64) {
				tape.Reset()
				x.ZeroGrad()
				l := tape.CrossEntropy(net.Forward(tape, x), labels)
				tape.Backward(l)
				return l.Item(), x.Gradients(nil)
			}
			loss, whole := gradient()
			sum := make([]float64, len(whole))
			for path := range 8 {
				routes := make([]nn.Route, 3)
				for i := range routes {
					routes[i] = []nn.Route{nn.RouteShortcut, nn.RouteF}[path>>i&1]
				}
				net.SetRoutes(routes...)
				l, g := gradient()
				if l != loss {
					t.Errorf("skip %s, order %s, path %v: loss %v, want %v", skip, order, routes, l, loss)
				}
				for i := range g {
					sum[i] += g[i]
				}
			}
			worst, size := 0.0, 0.0
			for i := range sum {
				worst, size = max(worst, math.Abs(sum[i]-whole[i])), max(size, math.Abs(whole[i]))
			}
			if !(worst <= 1e-12*size) || size == 0 {
				t.Errorf("skip %s, order %s: the paths' gradients are %g off their sum, the largest is %g", skip, order, worst, size)
			}
		}
	}
}
