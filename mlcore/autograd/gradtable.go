package autograd

import (
	"math/rand/v2"
	"strings"
)

// gradRow is one row of the gradient-check table: a program over its leaves. The name begins with the Tape method that
// the row checks.
type gradRow[F Float] struct {
	name   string
	leaves []*Tensor[F]
	run    func(t *Tape[F], x []*Tensor[F]) *Tensor[F]
}

// fill draws the leaves' values.
func (r gradRow[F]) fill(random *rand.Rand) {
	for _, x := range r.leaves {
		values := make([]F, x.Len())
		for j := range values {
			values[j] = F(random.NormFloat64())
		}
		x.SetValues(values)
		x.RequireGrad()
	}
}

// checks reports whether the row is one of the operation's.
func (r gradRow[F]) checks(op string) bool {
	rest, found := strings.CutPrefix(r.name, op)
	return found && (rest == "" || rest[0] == ' ' || rest[0] == ',')
}

// inputs is the number of elements of all leaves.
func (r gradRow[F]) inputs() int {
	n := 0
	for _, x := range r.leaves {
		n += x.Len()
	}
	return n
}

// gradTable has at least one row for every operation; TestEveryOpHasARow sees to it. Shapes are odd on purpose:
// batches that leave lanes empty, images that are not square, strides that do not fit. An
// op comes alone first, then with each activation.
func gradTable[F Float]() []gradRow[F] {
	type T = *Tensor[F]
	type P = *Tape[F]
	plain, batch := NewTensor[F], NewBatch[F]
	var rows []gradRow[F]
	add := func(name string, leaves []T, run func(t P, x []T) T) {
		rows = append(rows, gradRow[F]{name, leaves, run})
	}

	add("Add", []T{batch(17, 3), batch(17, 3)}, func(t P, x []T) T { return t.Add(x[0], x[1]) })
	add("Add of one tensor to itself", []T{plain(5)}, func(t P, x []T) T { return t.Add(x[0], x[0]) })
	add("Add of one tensor to itself, with tanh", []T{plain(5)}, func(t P, x []T) T { return t.Add(x[0], x[0], Tanh) })
	add("Mul", []T{plain(2, 3), plain(2, 3)}, func(t P, x []T) T { return t.Mul(x[0], x[1]) })
	add("Mul of one tensor by itself", []T{plain(5)}, func(t P, x []T) T { return t.Mul(x[0], x[0]) })
	add("Mul in a chain that skips", []T{plain(1), plain(1)}, func(t P, x []T) T {
		h := t.Activation(Tanh, t.Mul(x[0], x[1]))
		return t.Mul(t.Add(h, x[0]), h)
	})
	add("Scale", []T{plain(1), batch(3, 2, 2, 2)}, func(t P, x []T) T { return t.Scale(x[0], x[1]) })
	add("Scale twice by one number", []T{plain(1), batch(3, 4)}, func(t P, x []T) T { return t.Scale(x[0], t.Scale(x[0], x[1])) })
	add("Highway", []T{batch(3, 4), batch(3, 4), batch(3, 4)}, func(t P, x []T) T { return t.Highway(x[0], x[1], x[2]) })
	add("Highway with one tensor for all", []T{batch(3, 4)}, func(t P, x []T) T { return t.Highway(x[0], x[0], x[0]) })
	add("Flatten", []T{batch(3, 2, 2, 3), plain(4, 12), plain(4)},
		func(t P, x []T) T { return t.Linear(t.Flatten(x[0]), x[1], x[2]) })
	add("Flatten of a result that is used twice", []T{batch(3, 2, 2, 3), plain(4, 12)}, func(t P, x []T) T {
		h := t.Activation(Tanh, x[0])
		a := t.Linear(t.Flatten(h), x[1], nil)
		return t.Add(a, t.Linear(t.Flatten(t.Activation(Sigmoid, h)), x[1], nil))
	})
	add("Linear", []T{batch(33, 3), plain(5, 3), plain(5)}, func(t P, x []T) T { return t.Linear(x[0], x[1], x[2]) })
	add("Linear without bias, weight used twice", []T{batch(2, 3), plain(3, 3)},
		func(t P, x []T) T { return t.Linear(t.Linear(x[0], x[1], nil), x[1], nil) })
	add("Linear of tokens", []T{batch(17, 2, 3), plain(5, 3), plain(5)}, func(t P, x []T) T { return t.Linear(x[0], x[1], x[2], Tanh) })
	add("Linear of tokens, weight used twice", []T{batch(2, 3, 2), plain(2, 2)},
		func(t P, x []T) T { return t.Add(t.Linear(t.Linear(x[0], x[1], nil, ReLU), x[1], nil), x[0]) })
	add("MatMul", []T{plain(3, 4), plain(4, 2)}, func(t P, x []T) T { return t.MatMul(x[0], x[1]) })
	add("MatMul of one matrix by itself", []T{plain(3, 3)}, func(t P, x []T) T { return t.MatMul(x[0], x[0]) })

	for _, c := range []struct {
		name                             string
		n, in, out, h, w, kh, kw, s, pad int
	}{
		{"Conv2d", 2, 3, 4, 5, 6, 3, 3, 1, 1},
		{"Conv2d without padding", 1, 1, 5, 6, 5, 3, 3, 1, 0},
		{"Conv2d with stride 2", 3, 2, 3, 7, 7, 3, 3, 2, 1},
		{"Conv2d with stride 2, even size", 2, 2, 2, 6, 4, 3, 3, 2, 1},
		{"Conv2d 1x1 with stride 2", 2, 3, 2, 5, 5, 1, 1, 2, 0},
		{"Conv2d 1x1 with stride 3 and padding", 2, 1, 2, 5, 4, 1, 1, 3, 1},
		{"Conv2d 5x5 with padding 2", 2, 2, 1, 5, 4, 5, 5, 1, 2},
		{"Conv2d 2x3 with padding 3", 1, 2, 2, 3, 4, 2, 3, 1, 3},
		{"Conv2d with stride 3 that leaves pixels out", 1, 1, 2, 8, 9, 3, 2, 3, 0},
		{"Conv2d with a batch of 18", 18, 2, 2, 3, 3, 3, 3, 1, 1},
	} {
		add(c.name, []T{batch(c.n, c.in, c.h, c.w), plain(c.out, c.in, c.kh, c.kw), plain(c.out)}, func(t P, x []T) T {
			return t.Conv2d(x[0], x[1], x[2], ConvParams{Stride: c.s, Padding: c.pad})
		})
	}
	add("Conv2d in a residual block", []T{batch(18, 3, 4, 4), plain(3, 3, 3, 3)}, func(t P, x []T) T {
		h := t.Conv2d(x[0], x[1], nil, ConvParams{Padding: 1}, Tanh)
		h = t.Add(t.Conv2d(h, x[1], nil, ConvParams{Padding: 1}), x[0], Sigmoid)
		return t.Add(t.Conv2d(h, x[1], nil, ConvParams{Padding: 1}, Tanh), h)
	})
	for _, n := range []int{2, 17} {
		add("BatchNorm", []T{batch(n, 2, 3, 2), plain(2), plain(2)}, func(t P, x []T) T {
			return t.BatchNorm(x[0], x[1], x[2], BatchNormParams[F]{Training: true, Eps: 1e-5, RunningMean: plain(2), RunningVar: plain(2)})
		})
	}
	add("BatchNorm of vectors", []T{batch(5, 3), plain(3), plain(3)}, func(t P, x []T) T {
		return t.BatchNorm(x[0], x[1], x[2], BatchNormParams[F]{Training: true, Eps: 1e-5, RunningMean: plain(3), RunningVar: plain(3)})
	})
	add("BatchNorm in evaluation", []T{batch(3, 2, 3, 2), plain(2), plain(2)}, func(t P, x []T) T {
		mean, variance := plain(2), plain(2)
		mean.SetValues([]F{0.3, -1})
		variance.SetValues([]F{0.5, 2})
		return t.BatchNorm(x[0], x[1], x[2], BatchNormParams[F]{Eps: 1e-5, RunningMean: mean, RunningVar: variance})
	})
	add("GroupNorm", []T{batch(17, 6, 2, 3), plain(6), plain(6)},
		func(t P, x []T) T { return t.GroupNorm(x[0], x[1], x[2], 3, 1e-5) })
	add("GroupNorm whose input is used twice", []T{batch(2, 4, 2, 3), plain(4), plain(4)},
		func(t P, x []T) T { return t.Add(t.GroupNorm(x[0], x[1], x[2], 2, 1e-5), x[0]) })
	add("LayerNorm", []T{batch(3, 5), plain(5), plain(5)},
		func(t P, x []T) T { return t.LayerNorm(x[0], x[1], x[2], 1e-5) })
	add("LayerNorm without epsilon, then Linear", []T{batch(3, 5), plain(5), plain(5), plain(2, 5), plain(2)},
		func(t P, x []T) T {
			return t.Linear(t.LayerNorm(x[0], x[1], x[2], 0, Tanh), x[3], x[4])
		})
	add("GroupNorm without epsilon, then Conv2d", []T{batch(3, 4, 2, 3), plain(4), plain(4), plain(2, 4, 3, 3), plain(2)}, func(t P, x []T) T {
		return t.Conv2d(t.GroupNorm(x[0], x[1], x[2], 2, 0, Sigmoid), x[3], x[4], ConvParams{Padding: 1})
	})
	add("BatchNorm without epsilon, then Linear", []T{batch(3, 5), plain(5), plain(5), plain(2, 5), plain(2)}, func(t P, x []T) T {
		h := t.BatchNorm(x[0], x[1], x[2], BatchNormParams[F]{Training: true, RunningMean: plain(5), RunningVar: plain(5)})
		return t.Linear(h, x[3], x[4])
	})
	add("MaxPool2d", []T{batch(3, 2, 5, 6)}, func(t P, x []T) T { return t.MaxPool2d(x[0], 2, 2) })
	add("MaxPool2d with windows that overlap", []T{batch(2, 1, 5, 6)}, func(t P, x []T) T { return t.MaxPool2d(x[0], 3, 1) })
	add("AvgPool2d", []T{batch(3, 2, 5, 6)}, func(t P, x []T) T { return t.AvgPool2d(x[0], 2, 2) })
	add("AvgPool2d with windows that overlap", []T{batch(2, 1, 5, 6)}, func(t P, x []T) T { return t.AvgPool2d(x[0], 3, 2) })
	add("GlobalAvgPool2d", []T{batch(17, 2, 3, 5)}, func(t P, x []T) T { return t.GlobalAvgPool2d(x[0]) })
	add("SubsamplePad", []T{batch(3, 2, 5, 4)}, func(t P, x []T) T { return t.SubsamplePad(x[0], 2, 5) })
	add("SubsamplePad whose input is used twice", []T{batch(3, 2, 4, 4)},
		func(t P, x []T) T { return t.Add(t.SubsamplePad(x[0], 1, 2), x[0]) })
	add("Softmax", []T{batch(3, 4)}, func(t P, x []T) T { return t.Softmax(x[0]) })
	add("Softmax of a sequence", []T{batch(3, 2, 4)}, func(t P, x []T) T { return t.Softmax(x[0]) })
	add("LayerNorm of tokens", []T{batch(17, 2, 3), plain(3), plain(3)}, func(t P, x []T) T { return t.LayerNorm(x[0], x[1], x[2], 1e-5) })
	add("LayerNorm of tokens, used twice", []T{batch(2, 2, 3), plain(3), plain(3)},
		func(t P, x []T) T { return t.Add(t.LayerNorm(x[0], x[1], x[1], 1e-5, Tanh), x[0]) })
	add("BatchMatMul", []T{batch(17, 2, 3), batch(17, 3, 4)}, func(t P, x []T) T { return t.BatchMatMul(x[0], x[1]) })
	add("BatchMatMul of one tensor by itself", []T{batch(2, 3, 3)}, func(t P, x []T) T { return t.BatchMatMul(x[0], x[0]) })
	add("BatchMatMul in attention", []T{batch(3, 4, 2), batch(3, 4, 2)}, func(t P, x []T) T {
		return t.BatchMatMul(t.Softmax(t.BatchMatMul(x[0], t.Transpose(x[1]))), x[1])
	})
	add("SplitHeads", []T{batch(9, 2, 7)}, func(t P, x []T) T { return t.SplitHeads(x[0], 1, 6, 3) })
	add("SplitHeads whose input is used twice", []T{batch(2, 2, 4)},
		func(t P, x []T) T { return t.Add(t.SplitHeads(x[0], 0, 2, 2), t.SplitHeads(x[0], 2, 2, 2)) })
	add("MergeHeads", []T{batch(34, 2, 3)}, func(t P, x []T) T { return t.MergeHeads(x[0], 2) })
	add("MergeHeads of what was split", []T{batch(3, 2, 4)},
		func(t P, x []T) T { return t.Add(t.MergeHeads(t.SplitHeads(x[0], 0, 4, 4), 4), x[0]) })
	add("Transpose", []T{batch(18, 2, 3)}, func(t P, x []T) T { return t.Transpose(x[0]) })
	add("Transpose whose input is used twice", []T{batch(2, 3, 3)}, func(t P, x []T) T { return t.Add(t.Transpose(x[0]), x[0]) })
	add("Embedding", []T{plain(5, 3)}, func(t P, x []T) T { return t.Embedding(x[0], [][]int{{4, 0}, {0, 0}, {1, 2}}) })
	add("Embedding, weight used twice", []T{plain(5, 3)},
		func(t P, x []T) T {
			return t.Add(t.Embedding(x[0], [][]int{{4, 0}}), t.Embedding(x[0], [][]int{{1, 4}}))
		})
	add("AddBroadcast", []T{batch(17, 2, 3), plain(2, 3)}, func(t P, x []T) T { return t.AddBroadcast(x[0], x[1]) })
	add("AddBroadcast to images and vectors", []T{batch(3, 2, 2, 3), plain(2, 2, 3), plain(12)},
		func(t P, x []T) T { return t.AddBroadcast(t.Flatten(t.AddBroadcast(x[0], x[1])), x[2]) })
	add("LogSoftmax", []T{batch(3, 4)}, func(t P, x []T) T { return t.LogSoftmax(x[0]) })
	add("CrossEntropy", []T{batch(5, 4)}, func(t P, x []T) T { return t.CrossEntropy(x[0], []int{3, 0, 0, 1, 2}) })
	add("CrossEntropy of sequences", []T{batch(17, 2, 3)}, func(t P, x []T) T {
		targets := make([]int, 34)
		for i := range targets {
			targets[i] = i % 3
		}
		return t.CrossEntropy(x[0], targets)
	})
	add("HalfSquaredError", []T{plain(1)}, func(t P, x []T) T { return t.HalfSquaredError(x[0], 0.7) })
	add("MSELoss", []T{batch(17, 3)}, func(t P, x []T) T { return t.MSELoss(x[0], batch(17, 3)) })
	add("MSELoss of images", []T{batch(2, 2, 3, 2)}, func(t P, x []T) T { return t.MSELoss(x[0], batch(2, 2, 3, 2)) })
	for _, name := range ActivationNames() {
		f, _ := ParseActivation(name)
		add("Activation "+name, []T{plain(7)}, func(t P, x []T) T { return t.Activation(f, x[0]) })
		add("Activation of images "+name, []T{batch(2, 2, 3, 2)}, func(t P, x []T) T { return t.Activation(f, x[0]) })
		add("Add, "+name, []T{batch(3, 5), batch(3, 5)}, func(t P, x []T) T { return t.Add(x[0], x[1], f) })
		add("Linear, "+name, []T{batch(3, 5), plain(2, 5), plain(2)},
			func(t P, x []T) T { return t.Linear(x[0], x[1], x[2], f) })
		add("Conv2d, "+name, []T{batch(2, 2, 4, 3), plain(3, 2, 3, 3), plain(3)},
			func(t P, x []T) T { return t.Conv2d(x[0], x[1], x[2], ConvParams{Padding: 1}, f) })
		add("GroupNorm, "+name, []T{batch(2, 4, 2, 3), plain(4), plain(4)},
			func(t P, x []T) T { return t.GroupNorm(x[0], x[1], x[2], 2, 1e-5, f) })
		add("BatchNorm, "+name, []T{batch(3, 2, 2, 3), plain(2), plain(2)}, func(t P, x []T) T {
			return t.BatchNorm(x[0], x[1], x[2], BatchNormParams[F]{Training: true, Eps: 1e-5, RunningMean: plain(2), RunningVar: plain(2)}, f)
		})
		add("Conv2d in a residual layer, "+name, []T{batch(18, 2, 4, 3), plain(2, 2, 3, 3), plain(2)}, func(t P, x []T) T {
			h := t.Add(t.Conv2d(x[0], x[1], x[2], ConvParams{Padding: 1}, f), x[0])
			return t.Add(t.Conv2d(h, x[1], x[2], ConvParams{Padding: 1}, f), h)
		})
	}
	return rows
}
