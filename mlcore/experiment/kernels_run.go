package experiment

import (
	"math"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
)

// A Map is a square of numbers.
type Map struct {
	Side   int
	Values []float64 // Side rows of Side
}

// At is the number at a row and a column.
func (m Map) At(row, column int) float64 { return m.Values[row*m.Side+column] }

// KernelsResult is what a stack made of its image.
type KernelsResult struct {
	Config Kernels
	Image  Map
	Stages []StageResult // of the stages that are there
	Pixel  PixelResult
}

// A StageResult is one stage's maps.
type StageResult struct {
	Number  int // of the stage, from 1
	Config  KernelStage
	Kernel  Kernel
	Sum     Map // image ⋆ kernel + bias
	Active  Map // f(sum)
	Output  Map // f(sum), pooled
	Field   int // side of the square of image pixels that one value of the output sees: its receptive field
	Measure MapMeasure
}

// A MapMeasure describes a stage's sum by a few numbers.
type MapMeasure struct {
	Low, High      float64 // of the sum
	Row, Column    int     // where the sum is largest in size, the first of equals; −1, −1 where it is nowhere finite
	Mean           float64 // of the sum
	Quiet          float64 // share, 0 to 1, of sums within a tenth of the largest size
	InContrast     float64 // mean size of the difference between neighbours, in the stage's image …
	Contrast       float64 // … and in its sum; NaN on a map of one pixel
	Positive, Gone float64 // share, 0 to 1, of sums above 0, and of values that f made exactly 0
}

// A PixelResult is one sum in full: patch × kernel = products, and what follows.
type PixelResult struct {
	Stage, Row, Column int
	Patch, Products    []float64 // K rows of K
	Padded             []bool    // which of the patch lie in the padding
	Top, Left          int       // where the patch begins in the stage's image; negative in the padding
	Sum, Active        float64   // the map's own values
	Window             []float64 // the 2 × 2 that the pixel is pooled with; nil without pooling, or where the edge is dropped
	Pooled             float64
}

// Run computes every stage. Learnt are the kernels of the run that the config names, by channel; nil where the config
// has no learnt stage, or where they are not known yet: the result then ends before the first learnt stage.
func (c Kernels) Run(learnt []Kernel) KernelsResult {
	r := KernelsResult{Config: c, Image: c.scaled()}
	tape := autograd.NewTape[float32]()
	x := autograd.NewBatch[float32](1, 1, data.Height, data.Width)
	x.SetValues(singles(r.Image.Values))
	image, field, jump := r.Image, 1, 1
	for i, s := range c.Stages {
		if !s.On() {
			continue
		}
		k, known := s.resolve(learnt)
		if !known {
			break
		}
		w := autograd.NewTensor[float32](1, 1, k.Size, k.Size)
		w.SetValues(singles(k.Weights))
		b := autograd.NewTensor[float32](1)
		b.SetValues([]float32{float32(k.Bias)})
		sum := tape.Conv2d(x, w, b, autograd.ConvParams{Stride: s.Stride, Padding: s.Padding})
		active := tape.Activation(mustActivation(s.Activation), sum)
		x = active
		switch s.Pool {
		case "max":
			x = tape.MaxPool2d(active, 2, 2)
		case "mean":
			x = tape.AvgPool2d(active, 2, 2)
		}
		field += (k.Size - 1) * jump
		jump *= s.Stride
		if s.Pool != "none" {
			field += jump
			jump *= 2
		}
		stage := StageResult{Number: i + 1, Config: s, Kernel: k, Sum: mapOf(sum), Active: mapOf(active), Output: mapOf(x), Field: field}
		stage.Measure = measure(image, stage)
		r.Stages = append(r.Stages, stage)
		if stage.Number == c.Stage {
			r.Pixel = stage.pixel(image, c.Row, c.Column)
		}
		image = stage.Output
	}
	return r
}

// In is the image that stage i of the result reads, counted from 0.
func (r KernelsResult) In(i int) Map {
	if i == 0 {
		return r.Image
	}
	return r.Stages[i-1].Output
}

// scaled is the picture as numbers; each is what float32 holds.
func (c Kernels) scaled() Map {
	m := Map{Side: data.Width, Values: make([]float64, data.Pixels)}
	for i, p := range c.Picture() {
		v := float32(p) / 255
		if c.Scale == "net" {
			v = (v - 0.2860) / 0.3530 // as data.Fashion
		}
		m.Values[i] = float64(v)
	}
	return m
}

// resolve finds the stage's kernel; false: it is learnt and not known.
func (s KernelStage) resolve(learnt []Kernel) (Kernel, bool) {
	switch s.Kernel {
	case kernelCustom:
		return customKernel(s.Weights), true
	case kernelLearnt:
		if s.Unit >= len(learnt) {
			return Kernel{}, false
		}
		return learnt[s.Unit], true
	}
	return named(s.Kernel)
}

// pixel opens one sum of the stage, whose image is given.
func (s StageResult) pixel(image Map, row, column int) PixelResult {
	k := s.Kernel.Size
	p := PixelResult{
		Stage: s.Number, Row: row, Column: column, Sum: s.Sum.At(row, column), Active: s.Active.At(row, column),
		Top: row*s.Config.Stride - s.Config.Padding, Left: column*s.Config.Stride - s.Config.Padding,
		Patch: make([]float64, k*k), Products: make([]float64, k*k), Padded: make([]bool, k*k),
	}
	for i := range p.Patch {
		y, x := p.Top+i/k, p.Left+i%k
		if p.Padded[i] = y < 0 || x < 0 || y >= image.Side || x >= image.Side; !p.Padded[i] {
			p.Patch[i] = image.At(y, x)
		}
		p.Products[i] = float64(float32(p.Patch[i]) * float32(s.Kernel.Weights[i]))
	}
	if y, x := row/2, column/2; s.Config.Pool != "none" && y < s.Output.Side && x < s.Output.Side {
		p.Pooled = s.Output.At(y, x)
		for i := range 4 {
			p.Window = append(p.Window, s.Active.At(2*y+i/2, 2*x+i%2))
		}
	}
	return p
}

// measure describes a stage's sum beside the image that it read.
func measure(image Map, s StageResult) MapMeasure {
	m := MapMeasure{Low: math.Inf(1), High: math.Inf(-1), Row: -1, Column: -1, InContrast: contrast(image), Contrast: contrast(s.Sum)}
	largest := 0.0
	for i, v := range s.Sum.Values {
		m.Low, m.High = math.Min(m.Low, v), math.Max(m.High, v)
		m.Mean += v / float64(len(s.Sum.Values))
		if a := math.Abs(v); a > largest || m.Row < 0 && a <= math.MaxFloat64 {
			largest, m.Row, m.Column = a, i/s.Sum.Side, i%s.Sum.Side
		}
	}
	each := 1 / float64(len(s.Sum.Values))
	for i, v := range s.Sum.Values {
		if math.Abs(v) <= largest/10 {
			m.Quiet += each
		}
		if v > 0 {
			m.Positive += each
		}
		if v != 0 && s.Active.Values[i] == 0 {
			m.Gone += each
		}
	}
	return m
}

// contrast is the mean size of the difference between a pixel and its right and lower neighbours.
func contrast(m Map) float64 {
	sum, count := 0.0, 0
	for y := range m.Side {
		for x := range m.Side {
			if x+1 < m.Side {
				sum += math.Abs(m.At(y, x+1) - m.At(y, x))
				count++
			}
			if y+1 < m.Side {
				sum += math.Abs(m.At(y+1, x) - m.At(y, x))
				count++
			}
		}
	}
	return sum / float64(count)
}

func mapOf(t *autograd.Tensor[float32]) Map {
	m := Map{Side: t.Shape[2], Values: make([]float64, t.Len())}
	for i, v := range t.Values(nil) {
		m.Values[i] = float64(v)
	}
	return m
}

func singles(values []float64) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}
