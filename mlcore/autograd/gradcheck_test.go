package autograd

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"gradlab/mlcore/kernel"
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

// gradTable has at least one row for every operation; TestEveryOpHasARow sees to it. Shapes are odd on purpose:
// batches that leave lanes empty, images that are not square, strides that do not fit.
func gradTable[F Float]() []gradRow[F] {
	type T = *Tensor[F]
	type P = *Tape[F]
	plain, batch := NewTensor[F], NewBatch[F]
	var rows []gradRow[F]
	add := func(name string, leaves []T, run func(t P, x []T) T) {
		rows = append(rows, gradRow[F]{name, leaves, run})
	}

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
	add("HalfSquaredError", []T{plain(1)}, func(t P, x []T) T { return t.HalfSquaredError(x[0], 0.7) })
	add("MSELoss", []T{batch(17, 3)}, func(t P, x []T) T { return t.MSELoss(x[0], batch(17, 3)) })
	add("MSELoss of images", []T{batch(2, 2, 3, 2)}, func(t P, x []T) T { return t.MSELoss(x[0], batch(2, 2, 3, 2)) })
	return rows
}

// TestGradients compares the gradient of Σ c·y, c random, to every leaf with central differences.
func TestGradients(t *testing.T) {
	for i, row := range gradTable[float64]() {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		row.fill(random)
		tape := NewTape[float64]()
		y := row.run(tape, row.leaves)
		c := make([]float64, y.Len())
		for j := range c {
			c[j] = random.NormFloat64()
		}
		tape.BackwardFrom(y, c)
		for k, x := range row.leaves {
			got, at := x.Gradients(nil), x.Values(nil)
			want := fd.Gradient(nil, func(v []float64) float64 {
				x.SetValues(v)
				tape.Reset()
				s := 0.0
				for j, v := range row.run(tape, row.leaves).Values(nil) {
					s += c[j] * v
				}
				return s
			}, at, &fd.Settings{Formula: fd.Central})
			x.SetValues(at)
			for j := range want {
				if !(math.Abs(got[j]-want[j]) <= 1e-7*math.Max(1, math.Abs(want[j]))) {
					t.Errorf("%s: gradient of input %d at %d: got %v, want %v", row.name, k, j, got[j], want[j])
					break
				}
			}
		}
	}
}

// TestEveryOpHasARow fails when an operation, a Tape method that makes a tensor of tensors, is missing from gradTable.
func TestEveryOpHasARow(t *testing.T) {
	tape, tensor := reflect.TypeFor[*Tape[float64]](), reflect.TypeFor[*Tensor[float64]]()
	for i := range tape.NumMethod() {
		m := tape.Method(i)
		takes := false
		for k := range m.Type.NumIn() {
			takes = takes || m.Type.In(k) == tensor
		}
		if !takes || m.Type.NumOut() != 1 || m.Type.Out(0) != tensor {
			continue
		}
		found := false
		for _, row := range gradTable[float64]() {
			found = found || row.name == m.Name || strings.HasPrefix(row.name, m.Name+" ") || strings.HasPrefix(row.name, m.Name+",")
		}
		if !found {
			t.Errorf("operation %s has no row in gradTable", m.Name)
		}
	}
}

// What the idle lanes of an input hold is never heard of, in any set of kernels: results and gradients are the same, bit for
// bit, and finite. In every result and every gradient idle lanes and the frame are zero.
func TestIdleLanesDoNotCount(t *testing.T) {
	for _, set := range kernel.Available() {
		t.Run(set.Name, func(t *testing.T) { idleLanesDoNotCount(t, set) })
	}
	t.Run("float64", func(t *testing.T) { idleLanesDoNotCount(t, kernel.Go[float64]()) })
}

func idleLanesDoNotCount[F Float](t *testing.T, set *kernel.Set[F]) {
	huge := F(math.MaxFloat32)
	for i, row := range gradTable[F]() {
		random := rand.New(rand.NewPCG(2, uint64(i)))
		row.fill(random)
		var clean [][]F
		for _, planted := range []F{0, F(math.NaN()), F(math.Inf(1)), F(math.Inf(-1)), huge, -huge} {
			for _, x := range row.leaves {
				x.ZeroGrad()
				plant(x, planted)
			}
			tape := NewTapeWith(set)
			y := row.run(tape, row.leaves)
			c := make([]F, y.Len())
			for j := range c {
				c[j] = 1
			}
			tape.BackwardFrom(y, c)
			got := [][]F{y.Values(nil)}
			for _, x := range row.leaves {
				got = append(got, x.Gradients(nil))
				onlySamples(t, row.name+": gradient of an input", x.layout, x.Grad)
			}
			for _, op := range tape.ops[:tape.n] {
				out := &op.self().out
				onlySamples(t, row.name+": result of "+kindOf(op), out.layout, out.Data)
				if out.HasGrad() {
					onlySamples(t, row.name+": gradient of "+kindOf(op), out.layout, out.Grad)
				}
			}
			if clean == nil {
				clean = got
			}
			for k, values := range got {
				for j, v := range values {
					if v-v != 0 || v != clean[k][j] {
						t.Fatalf("%s: %v in idle lanes: number %d of %d (0: the result, then the inputs’ gradients): got %v, want %v", row.name, planted, j, k, v, clean[k][j])
					}
				}
			}
		}
	}
}

// plant stores v in the idle lanes of x's pixels.
func plant[F Float](x *Tensor[F], v F) {
	l := x.layout
	if !l.lanes {
		return
	}
	for c := range l.c {
		for h := range l.h {
			for w := range l.w {
				at := l.pixel(l.blocks()-1, c, h, w)
				for i := l.live(); i < lanes; i++ {
					x.Data[at+i] = v
				}
			}
		}
	}
}

// onlySamples fails where storage is not zero beyond the samples and pixels.
func onlySamples[F Float](t *testing.T, what string, l layout, storage []F) {
	t.Helper()
	if !l.lanes {
		return
	}
	values := make([]F, l.n*l.c*l.h*l.w)
	gather(l, values, storage)
	only := make([]F, len(storage))
	scatter(l, only, values)
	if !slices.Equal(only, storage) {
		t.Fatalf("%s: a number beyond the samples and pixels", what)
	}
}

// A group of one value is its own mean: the result is the bias, and no rounding is taken for a gradient to x or the weight.
func TestNormOfOneValueHasNoGradient(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for name, run := range map[string]func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32]{
		"LayerNorm": func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32] {
			return t.LayerNorm(x, w, b, 1e-5)
		},
		"GroupNorm": func(t *Tape[float32], x, w, b *Tensor[float32]) *Tensor[float32] {
			return t.GroupNorm(x, w, b, x.Shape[1], 1e-5, Tanh)
		},
	} {
		channels := 1
		if name == "GroupNorm" {
			channels = 3
		}
		row := gradRow[float32]{leaves: []*Tensor[float32]{NewBatch[float32](19, channels), NewTensor[float32](channels), NewTensor[float32](channels)}}
		row.fill(random)
		x, w, b := row.leaves[0], row.leaves[1], row.leaves[2]
		tape := NewTape[float32]()
		y := run(tape, x, w, b)
		dy := make([]float32, y.Len())
		for i := range dy {
			dy[i] = float32(random.NormFloat64())
		}
		tape.BackwardFrom(y, dy)
		for i, v := range y.Values(nil) {
			want := b.Data[i%channels]
			if name == "GroupNorm" {
				want = float32(math.Tanh(float64(want)))
			}
			if math.Abs(float64(v-want)) > 1e-7 {
				t.Errorf("%s: value %d: got %v, want the bias’s, %v", name, i, v, want)
			}
		}
		for _, g := range append(x.Gradients(nil), w.Gradients(nil)...) {
			if g != 0 {
				t.Errorf("%s: got gradient %v, want 0", name, g)
			}
		}
	}
}
