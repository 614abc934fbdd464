package autograd

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

// opTensor is a tensor of ops.json.
type opTensor struct {
	Shape []int
	Data  []oracle.Number
}

type opCase struct {
	Op     string
	Attrs  map[string]json.RawMessage
	Inputs map[string]opTensor
	Output opTensor
	DY     opTensor `json:"grad_output"`
	Grads  map[string]opTensor
	Extra  map[string]opTensor
}

func (c opCase) attr(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(c.Attrs[name], into); err != nil {
		t.Fatalf("%s: attribute %s: %v", c.Op, name, err)
	}
}

// TestOpsEqualPyTorch compares every row of ops.json, forward and backward, with PyTorch's float64 results.
func TestOpsEqualPyTorch(t *testing.T) {
	var cases []opCase
	oracle.Read(t, "ops", &cases)
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s %s", c.Op, c.Attrs["stride"]), func(t *testing.T) { compareOp(t, c) })
	}
}

func compareOp(t *testing.T, c opCase) {
	tape := NewTape[float64]()
	leaves := map[string]*Tensor[float64]{}
	input := func(name string, batch bool) *Tensor[float64] {
		in := c.Inputs[name]
		x := NewTensor[float64](in.Shape...)
		if batch {
			x = NewBatch[float64](in.Shape...)
		}
		x.SetValues(oracle.Floats(in.Data))
		leaves[name] = x.RequireGrad()
		return x
	}
	var extra func()
	var y *Tensor[float64]
	var stride, padding int
	switch c.Op {
	case "conv2d":
		c.attr(t, "stride", &stride)
		c.attr(t, "padding", &padding)
		y = tape.Conv2d(input("x", true), input("weight", false), input("bias", false), ConvParams{Stride: stride, Padding: padding})
	case "linear":
		y = tape.Linear(input("x", true), input("weight", false), input("bias", false))
	case "matmul":
		y = tape.MatMul(input("a", false), input("b", false))
	case "add":
		y = tape.Add(input("a", false), input("b", false))
	case "mul":
		y = tape.Mul(input("a", false), input("b", false))
	case "max_pool2d", "avg_pool2d":
		var k int
		c.attr(t, "stride", &stride)
		c.attr(t, "kernel", &k)
		if c.Op == "max_pool2d" {
			y = tape.MaxPool2d(input("x", true), k, stride)
		} else {
			y = tape.AvgPool2d(input("x", true), k, stride)
		}
	case "global_avg_pool2d":
		y = tape.GlobalAvgPool2d(input("x", true))
	case "subsample_pad_channels":
		var channels int
		c.attr(t, "stride", &stride)
		c.attr(t, "channels", &channels)
		y = tape.SubsamplePad(input("x", true), stride, channels)
	case "softmax":
		y = tape.Softmax(input("x", true))
	case "log_softmax":
		y = tape.LogSoftmax(input("x", true))
	case "cross_entropy":
		var targets []int
		c.attr(t, "targets", &targets)
		y = tape.CrossEntropy(input("x", true), targets)
	case "mse_loss":
		var target []float64
		c.attr(t, "target", &target)
		x := input("x", true)
		want := NewBatch[float64](x.Shape...)
		want.SetValues(target)
		y = tape.MSELoss(x, want)
	case "batch_norm2d":
		p := BatchNormParams[float64]{RunningMean: NewTensor[float64](3), RunningVar: NewTensor[float64](3)}
		c.attr(t, "training", &p.Training)
		c.attr(t, "momentum", &p.Momentum)
		c.attr(t, "eps", &p.Eps)
		c.attr(t, "running_mean", &p.RunningMean.Data)
		c.attr(t, "running_var", &p.RunningVar.Data)
		y = tape.BatchNorm(input("x", true), input("weight", false), input("bias", false), p)
		extra = func() {
			near(t, "running mean", p.RunningMean.Data, c.Extra["running_mean"])
			near(t, "running variance", p.RunningVar.Data, c.Extra["running_var"])
		}
	case "group_norm":
		var groups int
		c.attr(t, "groups", &groups)
		y = tape.GroupNorm(input("x", true), input("weight", false), input("bias", false), groups, 1e-5)
	case "layer_norm":
		y = tape.LayerNorm(input("x", true), input("weight", false), input("bias", false), 1e-5)
	default:
		f, err := ParseActivation(c.Op)
		if err != nil {
			t.Fatalf("ops.json has an operation that this test does not know: %s", c.Op)
		}
		y = tape.Activation(f, input("x", false))
	}
	near(t, "output", y.Values(nil), c.Output)
	tape.BackwardFrom(y, oracle.Floats(c.DY.Data))
	for name, want := range c.Grads {
		near(t, "gradient of "+name, leaves[name].Gradients(nil), want)
	}
	if extra != nil {
		extra()
	}
}

// near compares to 1e-9, relative to the value or, for sums that cancel, to 1.
func near(t *testing.T, name string, got []float64, want opTensor) {
	t.Helper()
	if len(got) != len(want.Data) {
		t.Errorf("%s: got %d values, want %d", name, len(got), len(want.Data))
		return
	}
	for i, w := range want.Data {
		if err := oracle.Differ(got[i], w, 1e-9); err != nil && !(math.Abs(got[i]-float64(w)) <= 1e-13) {
			t.Errorf("%s[%d]: %v", name, i, err)
			return
		}
	}
}
