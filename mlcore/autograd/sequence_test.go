package autograd

import (
	"fmt"
	"math"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

// TestSequenceOpsEqualPyTorch compares every row of sequence.json, forward and backward, with PyTorch's float64 results.
func TestSequenceOpsEqualPyTorch(t *testing.T) {
	var cases []opCase
	oracle.Read(t, "sequence", &cases)
	ops := map[string]func(t *Tape[float64], c opCase, x map[string]*Tensor[float64]) *Tensor[float64]{
		"bmm": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return t.BatchMatMul(x["a"], x["b"])
		},
		"transpose": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return t.Transpose(x["x"])
		},
		"softmax": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return t.Softmax(x["x"])
		},
		"layer_norm": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return t.LayerNorm(x["x"], x["weight"], x["bias"], 1e-5)
		},
		"embedding": func(tape *Tape[float64], c opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			var tokens [][]int
			c.attr(t, "tokens", &tokens)
			return tape.Embedding(x["weight"], tokens)
		},
		"add": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return t.AddBroadcast(x["x"], x["p"])
		},
		"attention": func(t *Tape[float64], _ opCase, x map[string]*Tensor[float64]) *Tensor[float64] {
			return attention(t, x["q"], x["k"], x["v"])
		},
	}
	for _, c := range cases {
		t.Run(c.Op, func(t *testing.T) {
			tape, leaves := NewTape[float64](), map[string]*Tensor[float64]{}
			for name, in := range c.Inputs {
				x := NewTensor[float64](in.Shape...)
				if len(in.Shape) == 3 {
					x = NewBatch[float64](in.Shape...)
				}
				x.SetValues(oracle.Floats(in.Data))
				leaves[name] = x.RequireGrad()
			}
			y := ops[c.Op](tape, c, leaves)
			if got, want := fmt.Sprint(y.Shape), fmt.Sprint(c.Output.Shape); got != want {
				t.Fatalf("shape: got %s, want %s", got, want)
			}
			tape.BackwardFrom(y, oracle.Floats(c.DY.Data))
			near(t, "value", y.Values(nil), c.Output)
			for name, g := range c.Grads {
				near(t, "gradient to "+name, leaves[name].Gradients(nil), g)
			}
		})
	}
}

// attention is softmax(q kᵀ/√D) v (Vaswani et al. 2017, equation 1).
func attention[T Float](t *Tape[T], q, k, v *Tensor[T]) *Tensor[T] {
	root := NewTensor[T]()
	root.Data[0] = T(1 / math.Sqrt(float64(q.Shape[2])))
	return t.BatchMatMul(t.Softmax(t.Scale(root, t.BatchMatMul(q, t.Transpose(k)))), v)
}

// Without gradients the same numbers come out, nothing is played back, and what follows wants gradients again.
func TestNoGrad(t *testing.T) {
	tape := NewTape[float64]()
	w := NewParameter[float64]("w", 2, 3)
	w.SetValues([]float64{1, 2, 3, 4, 5, 6})
	x := NewBatch[float64](1, 3)
	x.SetValues([]float64{1, -1, 2})
	end := tape.NoGrad()
	apart := tape.CrossEntropy(tape.Linear(x, w, nil), []int{1})
	end()
	tape.Backward(apart)
	if w.HasGrad() {
		t.Error("a loss without gradients has given one to the weight")
	}
	loss := tape.CrossEntropy(tape.Linear(x, w, nil), []int{1})
	if got, want := apart.Item(), loss.Item(); got != want {
		t.Errorf("loss without gradients: got %v, want %v", got, want)
	}
	tape.Backward(loss)
	if !w.HasGrad() {
		t.Error("the weight has no gradient after NoGrad has ended")
	}
}
