package experiment

import (
	"math"
	"slices"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// A BarcodeResult is what one net's barcode came to.
type BarcodeResult struct {
	Config    Barcode
	Class     int         // whose score y is
	Pictures  [][]float64 // x(t), 784 pixels each, in the order of the line
	Gradients [][]float64 // ∂y/∂x there
	Stripes
	// Turn is the mean angle between the gradients of neighbours, in degrees, of 784 dimensions each: 90 where they have nothing
	// to do with each other. Neighbours of which one has no gradient are left out; NaN where no others are.
	Turn float64
	Size float64 // root mean square of the gradients' norms: shattered gradients need not be small
}

// Stripes are a barcode's numbers in order, and how alike they are to themselves, moved by 0 to BarcodeLags stripes.
type Stripes struct {
	Values          []float64
	Autocorrelation []float64
}

// stripesOf computes the autocorrelation at lag k as the cosine between the stripes and themselves, moved:
//
//	r_k = Σ v_i·v_{i+k} / √(Σ v_i² · Σ v_{i+k}²), i over all that have a stripe k further on
//
// No mean is subtracted: over the draws of the weights it is 0, as in the paper, and a gradient that stays the same is one that
// still points the same way. NaN where all is 0.
func stripesOf(v []float64) Stripes {
	s := Stripes{Values: v, Autocorrelation: make([]float64, min(BarcodeLags+1, len(v)))}
	for k := range s.Autocorrelation {
		s.Autocorrelation[k] = cosine(v[:len(v)-k], v[k:])
	}
	return s
}

// cosine is that of the angle between two vectors; NaN where one is 0.
func cosine(a, b []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += a[i] * b[i]
		aa += a[i] * a[i]
		bb += b[i] * b[i]
	}
	return ab / (math.Sqrt(aa) * math.Sqrt(bb))
}

// Noise draws what barcodes are held against, as many stripes as the line has: white noise, each stripe on its own
// (torch.randn), and brown noise, the sum of such steps, which is Brownian motion.
func (c Barcode) Noise() (white, brown Stripes) {
	g := torchrand.New(c.Seed)
	w, b := widened(g, c.Points), widened(g, c.Points)
	for i := 1; i < len(b); i++ {
		b[i] += b[i-1]
	}
	return stripesOf(w), stripesOf(b)
}

// lineChunk is how many pictures of the line go through the net together: a barcode's memory is bounded by it and by the batch.
const lineChunk = 64

// Run computes the barcode. The config must have come out of [ParseBarcode] without errors.
func (c Barcode) Run() BarcodeResult {
	images, err := data.Fashion("train", max(BarcodeBatch, c.From+1, c.To+1))
	if err != nil {
		panic("experiment: " + err.Error()) // the table knows how many there are
	}
	r := BarcodeResult{Config: c, Class: images.Labels[c.From], Pictures: make([][]float64, c.Points)}
	a, b := doubles(images.Image(c.From)), doubles(images.Image(c.To))
	for i := range r.Pictures {
		t := float64(i) / float64(c.Points-1)
		r.Pictures[i] = make([]float64, data.Pixels)
		for p := range r.Pictures[i] {
			r.Pictures[i][p] = a[p] + t*(b[p]-a[p])
		}
	}
	batch := doubles(images.Images[:BarcodeBatch*data.Pixels])
	r.Gradients = c.gradients(batch, r.Pictures, r.Class)

	slopes, squares := make([]float64, c.Points), 0.0
	for i, g := range r.Gradients {
		for p, v := range g {
			slopes[i] += v * (b[p] - a[p])
			squares += v * v
		}
	}
	r.Stripes, r.Size = stripesOf(slopes), math.Sqrt(squares/float64(c.Points))
	r.Turn = r.turn()
	return r
}

// drawn is the net before any training, its batch norms settled by a batch.
func (c Barcode) drawn(batch []float64) nn.Module[float64] {
	net := newNet[float64](torchrand.New(c.Seed), c.Untrained())
	for p := range net.Parameters() {
		p.Freeze()
	}
	net.(interface{ SetMomentum(float64) }).SetMomentum(1) // the batch's statistics, as they are
	net.Forward(autograd.NewTape[float64](), pictures(batch))
	net.SetTraining(false)
	return net
}

// gradients plays the line through the net and returns the gradient of the score of a class at each picture.
func (c Barcode) gradients(batch []float64, line [][]float64, class int) [][]float64 {
	net := c.drawn(batch)
	tape := autograd.NewTape[float64]()
	tape.SetRetainGrad(false)
	var all [][]float64
	for first := 0; first < len(line); first += lineChunk {
		x := pictures(slices.Concat(line[first:min(first+lineChunk, len(line))]...)).RequireGrad()
		tape.Reset()
		y := net.Forward(tape, x)
		dy := make([]float64, y.Len())
		for i := class; i < len(dy); i += data.Classes {
			dy[i] = 1
		}
		tape.BackwardFrom(y, dy)
		all = slices.AppendSeq(all, slices.Chunk(x.Gradients(nil), data.Pixels))
	}
	return all
}

// turn is the mean angle between neighbours; see BarcodeResult.
func (r *BarcodeResult) turn() float64 {
	sum, pairs := 0.0, 0
	for i := 1; i < len(r.Gradients); i++ {
		if angle := r.TurnAt(i - 1); !math.IsNaN(angle) {
			sum += angle
			pairs++
		}
	}
	return sum / float64(pairs)
}

// TurnAt is the angle between the gradients of picture i, from 0, and the next, in degrees.
func (r *BarcodeResult) TurnAt(i int) float64 {
	c := cosine(r.Gradients[i], r.Gradients[i+1])
	if math.IsNaN(c) {
		return c
	}
	return math.Acos(max(-1, min(1, c))) * 180 / math.Pi
}

// pictures lays images out for a tape.
func pictures(values []float64) *autograd.Tensor[float64] {
	x := autograd.NewBatch[float64](len(values)/data.Pixels, 1, data.Height, data.Width)
	x.SetValues(values)
	return x
}

func doubles(values []float32) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}
