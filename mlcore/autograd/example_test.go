package autograd_test

import (
	"fmt"
	"os"

	"gradlab/mlcore/autograd"
)

// chain records z_i = tanh(z_{i-1}·w_i) [+ z_{i-1}] and the loss (z_n - 1)²/2, and returns the weights.
func chain(t *autograd.Tape[float64], depth int, skip bool) (loss *autograd.Tensor[float64], weights []*autograd.Tensor[float64]) {
	z := autograd.NewTensor[float64](1)
	z.Data[0] = 10
	for range depth {
		w := autograd.NewParameter[float64]("w", 1)
		w.Data[0] = 1
		weights = append(weights, w)
		h := t.Activation(autograd.Tanh, t.Mul(z, w))
		if skip {
			h = t.Add(h, z)
		}
		z = h
	}
	return t.HalfSquaredError(z, 1), weights
}

// One gradient, from the loss back to the weight: ∂L/∂w = (z - 1) · (1 - z²) · x.
func Example() {
	x, w := autograd.NewTensor[float64](1), autograd.NewParameter[float64]("w", 1)
	x.Data[0], w.Data[0] = 2, 0.5
	tape := autograd.NewTape[float64]()
	a := tape.Mul(x, w)
	z := tape.Activation(autograd.Tanh, a)
	loss := tape.HalfSquaredError(z, 1)
	tape.Backward(loss)
	fmt.Printf("∂L/∂z = %.4f\n", z.Grad[0])
	fmt.Printf("∂L/∂a = %.4f\n", a.Grad[0])
	fmt.Printf("∂L/∂w = %.4f\n", w.Grad[0])
	v := z.Item()
	fmt.Printf("by hand %.4f\n", (v-1)*(1-v*v)*2)
	// Output:
	// ∂L/∂z = -0.2384
	// ∂L/∂a = -0.1001
	// ∂L/∂w = -0.2002
	// by hand -0.2002
}

// The notebook's chain: at x = 10 the first tanh is saturated, and its weight gets next to no gradient.
func ExampleTape_Backward() {
	tape := autograd.NewTape[float64]()
	loss, weights := chain(tape, 4, false)
	tape.Backward(loss)
	for i, w := range weights {
		fmt.Printf("∂L/∂w%d = %.4f\n", i+1, w.Grad[0])
	}
	// Output:
	// ∂L/∂w1 = -0.0000
	// ∂L/∂w2 = -0.0727
	// ∂L/∂w3 = -0.1319
	// ∂L/∂w4 = -0.1892
}

// The tape is a graph: nodes are operations by their position, then leaves.
func ExampleGraph_DOT() {
	w := autograd.NewParameter[float64]("w", 1)
	w.Data[0] = 3
	tape := autograd.NewTape[float64]()
	tape.Backward(tape.HalfSquaredError(tape.Mul(w, w), 1))
	if err := tape.Graph().DOT(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// digraph tape {
	// 	rankdir=BT;
	// 	node [fontname="sans-serif"];
	// 	n0 [shape=ellipse, label="Mul\nvalue 9\ngradient 8"];
	// 	n1 [shape=ellipse, label="HalfSquaredError\nvalue 32\ngradient 1"];
	// 	n2 [shape=box, label="w\nvalue 3\ngradient 48"];
	// 	n2 -> n0;
	// 	n2 -> n0;
	// 	n0 -> n1;
	// }
}

// Attention: what each of two places of a sequence takes of three others. Queries and keys are two activations, whose product
// no parameter is part of.
func ExampleTape_BatchMatMul() {
	tape := autograd.NewTape[float64]()
	batch := func(shape []int, values ...float64) *autograd.Tensor[float64] {
		x := autograd.NewBatch[float64](shape...)
		x.SetValues(values)
		return x.RequireGrad()
	}
	queries := batch([]int{1, 2, 2}, 4, 0, 0, 4)
	keys := batch([]int{1, 3, 2}, 1, 0, 0, 1, 1, 1)
	values := batch([]int{1, 3, 1}, 10, 20, 30)
	weights := tape.Softmax(tape.BatchMatMul(queries, tape.Transpose(keys)))
	y := tape.BatchMatMul(weights, values)
	tape.BackwardFrom(y, []float64{1, 0})
	fmt.Printf("weights  %.2f\n", weights.Values(nil))
	fmt.Printf("results  %.2f\n", y.Values(nil))
	fmt.Printf("gradient of the first to the values %.2f, to the queries %.2f\n", values.Gradients(nil), queries.Gradients(nil))
	// Output:
	// weights  [0.50 0.01 0.50 0.01 0.50 0.50]
	// results  [20.00 24.86]
	// gradient of the first to the values [0.50 0.01 0.50], to the queries [0.00 4.95 0.00 0.00]
}
