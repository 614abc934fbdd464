package autograd

import (
	"fmt"
	"testing"
)

// A shape mistake names the op, the dimension and the sizes.
func TestShapeMistakesPanicWithSizes(t *testing.T) {
	tape := NewTape[float32]()
	p := func(shape ...int) *Tensor[float32] { return NewTensor[float32](shape...) }
	b := func(shape ...int) *Tensor[float32] { return NewBatch[float32](shape...) }
	stats := BatchNormParams[float32]{Training: true, RunningMean: p(3), RunningVar: p(3)}
	for _, c := range []struct {
		want string
		run  func()
	}{
		{"autograd: Conv2d: weight has 16 input channels, x has 3", func() { tape.Conv2d(b(2, 3, 8, 8), p(4, 16, 3, 3), nil, ConvParams{}) }},
		{"autograd: Conv2d: x has shape [2 8], want a batch (N, C, H, W)", func() { tape.Conv2d(b(2, 8), p(4, 16, 3, 3), nil, ConvParams{}) }},
		{"autograd: Conv2d: weight has shape [4 3], want (O, C, KH, KW)", func() { tape.Conv2d(b(2, 3, 8, 8), p(4, 3), nil, ConvParams{}) }},
		{"autograd: Conv2d: bias has 5 elements, weight has 4 output channels", func() { tape.Conv2d(b(2, 3, 8, 8), p(4, 3, 3, 3), p(5), ConvParams{}) }},
		{"autograd: Conv2d: weight of 3x3 exceeds the padded image, 2x8", func() { tape.Conv2d(b(2, 3, 2, 8), p(4, 3, 3, 3), nil, ConvParams{}) }},
		{"autograd: Conv2d: stride 1 and padding -1, want at least 1 and 0", func() { tape.Conv2d(b(2, 3, 8, 8), p(4, 3, 3, 3), nil, ConvParams{Padding: -1}) }},
		{"autograd: Linear: weight has 7 input features, x has 6", func() { tape.Linear(b(2, 6), p(3, 7), nil) }},
		{"autograd: Linear: x has shape [2 6], want a batch (N, D) or (N, S, D)", func() { tape.Linear(p(2, 6), p(3, 6), nil) }},
		{"autograd: Linear: weight has 2 input features, x has 3", func() { tape.Linear(b(4, 2, 3), p(3, 2), nil) }},
		{"autograd: SplitHeads: 4 features from 2 on of shape [3 2 5] do not make 2 heads", func() { tape.SplitHeads(b(3, 2, 5), 2, 4, 2) }},
		{"autograd: MergeHeads: shape [3 2 5] is not of 2 heads", func() { tape.MergeHeads(b(3, 2, 5), 2) }},
		{"autograd: Linear: bias has 2 elements, weight has 3 output features", func() { tape.Linear(b(2, 6), p(3, 6), p(2)) }},
		{"autograd: Add: shapes [2 3] and [3 2] differ", func() { tape.Add(p(2, 3), p(3, 2)) }},
		{"autograd: Add: [2 3] is stored in two ways, one plain or flattened; use one of them", func() { tape.Add(p(2, 3), b(2, 3)) }},
		{"autograd: Mul: shapes [2] and [3] differ", func() { tape.Mul(p(2), p(3)) }},
		{"autograd: Scale: s has shape [2], want one element", func() { tape.Scale(p(2), p(3)) }},
		{"autograd: Highway: shapes [2 2] and [2 3] differ", func() { tape.Highway(b(2, 2), b(2, 3), b(2, 2)) }},
		{"autograd: Flatten: x has shape [2 3], want (N, C, H, W)", func() { tape.Flatten(b(2, 3)) }},
		{"autograd: MatMul: a has 3 columns, b has 4 rows", func() { tape.MatMul(p(2, 3), p(4, 2)) }},
		{"autograd: BatchNorm: weight and bias have 2 and 3 elements, x has 3 channels", func() { tape.BatchNorm(b(4, 3), p(2), p(3), stats) }},
		{"autograd: BatchNorm: running statistics have 3 and 3 elements, x has 2 channels", func() { tape.BatchNorm(b(4, 2), p(2), p(2), stats) }},
		{"autograd: BatchNorm: one value a channel in training, x has shape [1 3]", func() { tape.BatchNorm(b(1, 3), p(3), p(3), stats) }},
		{"autograd: GroupNorm: 2 groups do not divide 3 channels", func() { tape.GroupNorm(b(4, 3), p(3), p(3), 2, 1e-5) }},
		{"autograd: LayerNorm: x has shape [1 2 3 3], want a batch (N, D) or (N, S, D)", func() { tape.LayerNorm(b(1, 2, 3, 3), p(2), p(2), 1e-5) }},
		{"autograd: MaxPool2d: window 4 and stride 1 do not fit an image 3x5", func() { tape.MaxPool2d(b(1, 2, 3, 5), 4, 1) }},
		{"autograd: SubsamplePad: 1 channels, x has 2", func() { tape.SubsamplePad(b(1, 2, 3, 5), 2, 1) }},
		{"autograd: CrossEntropy: 1 targets for 2 samples", func() { tape.CrossEntropy(b(2, 3), []int{0}) }},
		{"autograd: CrossEntropy: target 3 of sample 1 is not one of 3 classes", func() { tape.CrossEntropy(b(2, 3), []int{0, 3}) }},
		{"autograd: HalfSquaredError: z has shape [2], want one element", func() { tape.HalfSquaredError(p(2), 0) }},
		{"autograd: BatchMatMul: a of shape [2 3 4] and b of shape [2 3 4] have no product", func() { tape.BatchMatMul(b(2, 3, 4), b(2, 3, 4)) }},
		{"autograd: BatchMatMul: b has shape [4 5], want a batch of sequences (N, S, D)", func() { tape.BatchMatMul(b(2, 3, 4), b(4, 5)) }},
		{"autograd: Embedding: token 3 at place 1 of sequence 0 is not one of 3", func() { tape.Embedding(p(3, 2), [][]int{{0, 3}}) }},
		{"autograd: AddBroadcast: a batch x of shape [2 3 4] wants a plain p of shape [3 4], not [4 3]", func() { tape.AddBroadcast(b(2, 3, 4), p(4, 3)) }},
		{"autograd: Backward: loss has shape [2], want one element", func() { tape.Backward(p(2)) }},
		{"autograd: NewBatch: shape [3] is none of (N, C, H, W), (N, S, D) and (N, D)", func() { b(3) }},
		{"autograd: SetValues: 1 values for shape [2]", func() { p(2).SetValues([]float32{1}) }},
	} {
		if got := panicText(c.run); got != c.want {
			t.Errorf("panic:\n got %s\nwant %s", got, c.want)
		}
	}
}

func panicText(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return "no panic"
}
