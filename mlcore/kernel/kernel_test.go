package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// guard is the number of NaNs around every output: a kernel that writes outside leaves a hole, one that reads outside
// spreads them.
const guard = 64

// guarded returns a slice of n zeros between guard bands, and a check that the bands are whole.
func guarded(n int) (inner []float32, whole func() bool) {
	all := make([]float32, n+2*guard)
	for i := range all {
		all[i] = float32(math.NaN())
	}
	inner = all[guard : guard+n : guard+n]
	clear(inner)
	return inner, func() bool {
		for i, v := range all {
			if (i < guard || i >= guard+n) && v == v {
				return false
			}
		}
		return true
	}
}

func randomFloats(r *rand.Rand, dst []float32) {
	for i := range dst {
		dst[i] = float32(r.NormFloat64())
	}
}

// shape is a random problem for Correlate: a convolution in a frame, or columns with their own stride as in Linear.
type shape struct {
	in, out, rows, cols, kh, kw, stride, blocks int
}

func (s shape) String() string {
	return fmt.Sprintf("%d to %d channels, %dx%d pixels, kernel %dx%d, stride %d, %d blocks", s.in, s.out, s.rows, s.cols, s.kh, s.kw, s.stride, s.blocks)
}

func randomShape(r *rand.Rand) shape {
	one := func(n int) int { return 1 + r.IntN(n) }
	return shape{in: one(6), out: one(23), rows: one(6), cols: one(13), kh: one(3), kw: one(3), stride: one(2), blocks: one(3)}
}

// problem builds the correlation with random data and guard bands.
func (s shape) problem(r *rand.Rand, bias, accumulate, relu bool) (c *Correlation[float32], whole func() bool) {
	h, w := (s.rows-1)*s.stride+s.kh, (s.cols-1)*s.stride+s.kw
	c = &Correlation[float32]{
		Outputs: s.out, Blocks: s.blocks, Rows: s.rows, Cols: s.cols,
		XBlock: s.in * h * w * Lanes, XRow: s.stride * w * Lanes, XCol: s.stride * Lanes,
		YOut: s.rows * s.cols * Lanes, YBlock: s.out * s.rows * s.cols * Lanes, YRow: s.cols * Lanes, YCol: Lanes,
		WOut: s.in * s.kh * s.kw, Accumulate: accumulate, ReLU: relu,
	}
	for ch := range s.in {
		for i := range s.kh {
			for j := range s.kw {
				c.Taps = append(c.Taps, Tap{X: int32((ch*h*w + i*w + j) * Lanes), W: int32(len(c.Taps))})
			}
		}
	}
	xs := make([]func() bool, 3)
	c.X, xs[0] = guarded(s.blocks * c.XBlock)
	c.Y, xs[1] = guarded(s.blocks * c.YBlock)
	c.W, xs[2] = guarded(s.out * c.WOut)
	randomFloats(r, c.X)
	randomFloats(r, c.Y)
	randomFloats(r, c.W)
	if bias {
		c.Bias = make([]float32, s.out)
		randomFloats(r, c.Bias)
	}
	return c, func() bool { return xs[0]() && xs[1]() && xs[2]() }
}

// naive computes Correlate in float64, and the bound of rounding k·ε·Σ|terms| of each element.
func naive(c *Correlation[float32]) (y, bound []float64) {
	y, bound = make([]float64, len(c.Y)), make([]float64, len(c.Y))
	for o := range c.Outputs {
		for b := range c.Blocks {
			for r := range c.Rows {
				for col := range c.Cols {
					for l := range Lanes {
						at := o*c.YOut + b*c.YBlock + r*c.YRow + col*c.YCol + l
						s, size := 0.0, 0.0
						add := func(v float64) { s += v; size += math.Abs(v) }
						if c.Bias != nil {
							add(float64(c.Bias[o]))
						}
						for _, t := range c.Taps {
							add(float64(c.W[o*c.WOut+int(t.W)]) * float64(c.X[b*c.XBlock+r*c.XRow+col*c.XCol+int(t.X)+l]))
						}
						if c.Accumulate {
							source := c.Y
							if c.Source != nil {
								source = c.Source
							}
							add(float64(source[at]))
						}
						if c.ReLU {
							s = max(s, 0)
						}
						y[at], bound[at] = s, float64(len(c.Taps)+2)*0x1p-23*size
					}
				}
			}
		}
	}
	return y, bound
}

func checkCorrelate(t *testing.T, set *Set[float32], r *rand.Rand, s shape) {
	t.Helper()
	c, whole := s.problem(r, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0)
	if c.Accumulate && r.IntN(2) == 0 {
		c.Source = make([]float32, len(c.Y))
		randomFloats(r, c.Source)
	}
	c.Live = r.IntN(Lanes + 1)
	for i := range c.Y {
		if c.Live > 0 && i%Lanes >= c.Live {
			c.Y[i] = 0
		}
	}
	want, bound := naive(c)
	set.Correlate(c)
	for i, got := range c.Y {
		if c.Live > 0 && i%Lanes >= c.Live {
			if got != 0 {
				t.Fatalf("%s: Correlate, %v, %d lanes: y[%d], which is idle: got %v, want 0", set.Name, s, c.Live, i, got)
			}
			continue
		}
		if !(math.Abs(float64(got)-want[i]) <= bound[i]) {
			t.Fatalf("%s: Correlate, %v: y[%d]: got %v, want %v", set.Name, s, i, got, want[i])
		}
	}
	if !whole() {
		t.Fatalf("%s: Correlate, %v: wrote outside of its slices", set.Name, s)
	}
}

func checkCorrelateGrad(t *testing.T, set *Set[float32], r *rand.Rand, s shape) {
	t.Helper()
	c, whole := s.problem(r, false, false, false)
	c.Live = r.IntN(Lanes + 1)
	for i := range c.Y {
		if c.Live > 0 && i%Lanes >= c.Live {
			c.Y[i] = 0
		}
	}
	want, size := make([]float64, len(c.W)), make([]float64, len(c.W))
	for o := range c.Outputs {
		for _, k := range c.Taps {
			at := o*c.WOut + int(k.W)
			want[at] = float64(c.W[at])
			size[at] = math.Abs(want[at])
			for b := range c.Blocks {
				for row := range c.Rows {
					for col := range c.Cols {
						for l := range Lanes {
							v := float64(c.Y[o*c.YOut+b*c.YBlock+row*c.YRow+col*c.YCol+l]) *
								float64(c.X[b*c.XBlock+row*c.XRow+col*c.XCol+int(k.X)+l])
							want[at] += v
							size[at] += math.Abs(v)
						}
					}
				}
			}
		}
	}
	set.CorrelateGrad(c)
	terms := float64(s.blocks*s.rows*s.cols*Lanes + 2)
	for i, got := range c.W {
		if !(math.Abs(float64(got)-want[i]) <= terms*0x1p-23*size[i]) {
			t.Fatalf("%s: CorrelateGrad, %v: w[%d]: got %v, want %v", set.Name, s, i, got, want[i])
		}
	}
	if !whole() {
		t.Fatalf("%s: CorrelateGrad, %v: wrote outside of its slices", set.Name, s)
	}
}

// FuzzCorrelate compares every set with a naive loop in float64 on random shapes.
func FuzzCorrelate(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, set := range Available() {
			r := rand.New(rand.NewPCG(seed, 1))
			checkCorrelate(t, set, r, randomShape(r))
			checkCorrelateGrad(t, set, r, randomShape(r))
		}
	})
}

// Every size of a tile has a function of its own in the assembly.
func TestCorrelateByEveryTile(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, set := range Available() {
		for outputs := range 6 {
			for columns := range 6 {
				for range 8 {
					checkCorrelate(t, set, r, shape{in: 2, out: 1 + outputs, rows: 1 + r.IntN(2), cols: 1 + columns, kh: 1, kw: 1, stride: 1, blocks: 1})
					checkCorrelateGrad(t, set, r, shape{in: 1, out: 1 + outputs, rows: 2, cols: 3, kh: 1, kw: 1 + columns, stride: 1, blocks: 2})
				}
			}
		}
	}
}

// Linear's layout: blocks of samples are columns with a stride of their own, outputs lie side by side.
func TestCorrelateOfColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, set := range Available() {
		for range 30 {
			in, out, blocks := 1+r.IntN(20), 1+r.IntN(40), 1+r.IntN(9)
			c := &Correlation[float32]{
				Outputs: out, Blocks: 1, Rows: 1, Cols: blocks, WOut: in,
				XCol: in * Lanes, YOut: Lanes, YCol: out * Lanes,
			}
			for d := range in {
				c.Taps = append(c.Taps, Tap{X: int32(d * Lanes), W: int32(d)})
			}
			var wholeY, wholeW func() bool
			c.X = make([]float32, blocks*in*Lanes)
			c.Y, wholeY = guarded(blocks * out * Lanes)
			c.W, wholeW = guarded(out * in)
			c.Bias = make([]float32, out)
			randomFloats(r, c.X)
			randomFloats(r, c.W)
			randomFloats(r, c.Bias)
			want, bound := naive(c)
			set.Correlate(c)
			for i, got := range c.Y {
				if !(math.Abs(float64(got)-want[i]) <= bound[i]) {
					t.Fatalf("%s: %d features to %d, %d blocks: y[%d]: got %v, want %v", set.Name, in, out, blocks, i, got, want[i])
				}
			}
			if !wholeY() || !wholeW() {
				t.Fatalf("%s: %d features to %d, %d blocks: wrote outside of its slices", set.Name, in, out, blocks)
			}
		}
	}
}

func TestEnvironmentForcesASet(t *testing.T) {
	t.Setenv(Variable, "go")
	if s, err := Chosen(); err != nil || s.Name != "go" {
		t.Errorf("forced go: got %v, %v", s.Name, err)
	}
	t.Setenv(Variable, "sse9")
	if s, err := Chosen(); err == nil || s == nil {
		t.Errorf("forced sse9: got set %v and error %v, want the fastest set and an error", s, err)
	}
}
