package autograd

import (
	"fmt"
	"testing"

	"gradlab/mlcore/kernel"
)

// BenchmarkParts times the parts of a step that multiply matrices, each by itself and on data in the cache, with their share of
// the peak: layers of the networks of package bench, which a step runs on data that have left it.
func BenchmarkParts(b *testing.B) {
	set := kernel.For[float32]()
	peak := set.Peak()
	conv := func(net string, n, in, out, side int) {
		name := fmt.Sprintf("%s/conv %d to %d, %dx%d", net, in, out, side, side)
		work := float64(n * in * out * 9 * side * side)
		benchmarkParts(b, name, work, peak, NewBatch[float32](n, in, side, side), NewTensor[float32](out, in, 3, 3), func(t *Tape[float32], x, w *Tensor[float32]) {
			t.Conv2d(x, w, nil, ConvParams{Padding: 1})
		})
	}
	linear := func(net string, n, in, out int) {
		name := fmt.Sprintf("%s/linear %d to %d", net, in, out)
		benchmarkParts(b, name, float64(n*in*out), peak, NewBatch[float32](n, in), NewTensor[float32](out, in), func(t *Tape[float32], x, w *Tensor[float32]) {
			t.Linear(x, w, nil)
		})
	}
	conv("notebook-10", 16, 5, 5, 26)
	linear("notebook", 100, 5*26*26, 10)
	for i, side := range []int{14, 7, 4} {
		conv("deep-20", 64, 4<<i, 4<<i, side)
	}
	for i, side := range []int{14, 7, 4} {
		conv("deep-20-wide", 32, 16<<i, 16<<i, side)
	}
	linear("mlp-30", 64, 64, 64)
}

// benchmarkParts times an op of x and w, forward and to each of the two.
func benchmarkParts(b *testing.B, name string, multiplyAdds, peak float64, x, w *Tensor[float32], record func(t *Tape[float32], x, w *Tensor[float32])) {
	fill := func(data []float32) {
		for i := range data {
			data[i] = float32(i%7)/7 - 0.4
		}
	}
	fill(x.Data)
	fill(w.Data)
	time := func(part string, step func(t *Tape[float32], op operation[float32])) {
		b.Run(name+"/"+part, func(b *testing.B) {
			t := NewTape[float32]()
			record(t, x, w)
			op := t.ops[0]
			if out := &op.self().out; out.requiresGrad {
				out.accumulate()
				fill(out.Grad)
				clearFrame(out.layout, out.Grad)
			}
			for b.Loop() {
				step(t, op)
			}
			speed := 2 * multiplyAdds * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(speed/1e9, "GFLOP/s")
			if peak > 0 {
				b.ReportMetric(100*speed/peak, "%ofpeak")
			}
		})
	}
	backward := func(t *Tape[float32], op operation[float32]) { op.backward(t) }
	time("forward", func(t *Tape[float32], op operation[float32]) { op.forward(t) })
	w.RequireGrad()
	time("to w", backward)
	w.requiresGrad = false
	x.RequireGrad()
	time("to x", backward)
}
