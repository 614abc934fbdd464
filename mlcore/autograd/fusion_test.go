package autograd

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gradlab/mlcore/kernel"
)

// An op with an activation gives the numbers of the op and the activation one after the other, bit for bit, whether results
// keep their gradients or not, and where the result's gradient is shared with a skip.
func TestFusedActivationChangesNoBit(t *testing.T) {
	type T = *Tensor[float32]
	plain, batch := NewTensor[float32], NewBatch[float32]
	dense := plain(3, 60)
	for i := range dense.Data {
		dense.Data[i] = float32(i%11) / 20
	}
	stats := func(training bool) BatchNormParams[float32] {
		p := BatchNormParams[float32]{Training: training, Eps: 1e-5, RunningMean: plain(3), RunningVar: plain(3)}
		p.RunningVar.SetValues([]float32{1, 2, 3})
		return p
	}
	ops := map[string]func(t *Tape[float32], x, w, v T, f ...Activation) T{
		"Add": func(t *Tape[float32], x, _, _ T, f ...Activation) T { return t.Add(x, x, f...) },
		"Conv2d": func(t *Tape[float32], x, w, v T, f ...Activation) T {
			return t.Conv2d(x, w, v, ConvParams{Padding: 1}, f...)
		},
		"BatchNorm": func(t *Tape[float32], x, _, v T, f ...Activation) T { return t.BatchNorm(x, v, v, stats(true), f...) },
		"in use":    func(t *Tape[float32], x, _, v T, f ...Activation) T { return t.BatchNorm(x, v, v, stats(false), f...) },
		"GroupNorm": func(t *Tape[float32], x, _, v T, f ...Activation) T { return t.GroupNorm(x, v, v, 3, 1e-5, f...) },
		"Linear": func(t *Tape[float32], x, w, v T, f ...Activation) T {
			y := t.Linear(t.Flatten(x), dense, v, f...)
			return t.Add(y, t.LayerNorm(y, v, v, 1e-5, f...))
		},
	}
	for _, set := range kernel.Available() {
		for name, op := range ops {
			for f := range kernel.Activations {
				var want [][]float32
				for i, run := range []func(t *Tape[float32], x, w, v T) T{
					func(t *Tape[float32], x, w, v T) T {
						if name == "Linear" {
							y := t.Activation(f, t.Linear(t.Flatten(x), dense, v))
							return t.Add(y, t.Activation(f, t.LayerNorm(y, v, v, 1e-5)))
						}
						return t.Activation(f, op(t, x, w, v))
					},
					func(t *Tape[float32], x, w, v T) T { return op(t, x, w, v, f) },
					func(t *Tape[float32], x, w, v T) T { t.SetRetainGrad(false); return op(t, x, w, v, f) },
				} {
					row := gradRow[float32]{leaves: []T{batch(19, 3, 4, 5), plain(3, 3, 3, 3), plain(3)}}
					row.fill(rand.New(rand.NewPCG(5, 5)))
					tape := NewTapeWith(set)
					y := run(tape, row.leaves[0], row.leaves[1], row.leaves[2])
					if len(y.Shape) == 4 { // a skip over the next op shares the gradient
						y = tape.Add(tape.Conv2d(y, row.leaves[1], nil, ConvParams{Padding: 1}), y)
					}
					dy := make([]float32, y.Len())
					for i := range dy {
						dy[i] = float32(i%7) - 3
					}
					got := [][]float32{y.Values(nil)}
					tape.BackwardFrom(y, dy)
					for _, x := range row.leaves {
						got = append(got, x.Gradients(nil))
					}
					if i == 0 {
						want = got
					}
					if !slices.EqualFunc(got, want, slices.Equal) {
						t.Errorf("%s: %s with %s, way %d: numbers differ", set.Name, name, f, i)
					}
				}
			}
		}
	}
}
