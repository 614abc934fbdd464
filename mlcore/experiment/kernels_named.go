package experiment

import "gradlab/mlcore/autograd"

// A Kernel is a square of weights that slides over an image, and what is added to each sum.
type Kernel struct {
	Size    int       // 3 or 5
	Weights []float64 // Size rows of Size
	Bias    float64   // 0 but for learnt ones
}

// Sum is the sum of the weights: what an evenly grey image of 1 turns into.
func (k Kernel) Sum() float64 {
	sum := 0.0
	for _, w := range k.Weights {
		sum += w
	}
	return sum
}

// The kernels that are not of the list of namedKernels.
const (
	kernelOff    = "none"   // the stage is not there
	kernelCustom = "custom" // edited by hand: the field weights
	kernelLearnt = "learnt" // of the first layer of a finished run: the fields run and unit
)

// A namedKernel is one that image processing has a name for. Convolution in networks is cross-correlation: the weights
// lie on the pixels as they are written here, not mirrored.
type namedKernel struct {
	name, label string
	scale       float64 // that the whole numbers are multiplied by
	weights     []float64
}

// namedKernels are the kernels that a reader can choose by name. Sources: Gonzalez and Woods, Digital Image Processing,
// 4th ed. 2018, sections 3.5, 3.6 and 10.2 (box, Gaussian, Laplacian, sharpening, Prewitt, Sobel); the binomial 5 × 5 is
// Burt and Adelson 1983's with a = 3/8.
var namedKernels = []namedKernel{
	{"identity", "identity", 1, []float64{0, 0, 0, 0, 1, 0, 0, 0, 0}},
	{"edge_vertical", "vertical edges (Prewitt)", 1, []float64{-1, 0, 1, -1, 0, 1, -1, 0, 1}},
	{"edge_horizontal", "horizontal edges (Prewitt)", 1, []float64{-1, -1, -1, 0, 0, 0, 1, 1, 1}},
	{"sobel_x", "vertical edges (Sobel x)", 1, []float64{-1, 0, 1, -2, 0, 2, -1, 0, 1}},
	{"sobel_y", "horizontal edges (Sobel y)", 1, []float64{-1, -2, -1, 0, 0, 0, 1, 2, 1}},
	{"laplacian", "all edges (Laplacian)", 1, []float64{0, 1, 0, 1, -4, 1, 0, 1, 0}},
	{"blur", "blur (mean)", 1. / 9, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"gaussian", "soft blur (Gaussian)", 1. / 16, []float64{1, 2, 1, 2, 4, 2, 1, 2, 1}},
	{"gaussian5", "wide blur (Gaussian 5 × 5)", 1. / 256, []float64{
		1, 4, 6, 4, 1, 4, 16, 24, 16, 4, 6, 24, 36, 24, 6, 4, 16, 24, 16, 4, 1, 4, 6, 4, 1}},
	{"sharpen", "sharpen", 1, []float64{0, -1, 0, -1, 5, -1, 0, -1, 0}},
	{"emboss", "emboss", 1, []float64{-2, -1, 0, -1, 1, 1, 0, 1, 2}},
	{"log5", "blobs (Laplacian of Gaussian 5 × 5)", 1. / 16, []float64{
		0, 0, -1, 0, 0, 0, -1, -2, -1, 0, -1, -2, 16, -2, -1, 0, -1, -2, -1, 0, 0, 0, -1, 0, 0}},
}

// named finds a kernel by its name.
func named(name string) (Kernel, bool) {
	for _, k := range namedKernels {
		if k.name == name {
			kernel := Kernel{Size: side(len(k.weights)), Weights: make([]float64, len(k.weights))}
			for i, w := range k.weights {
				kernel.Weights[i] = float64(float32(w * k.scale)) // as the tape will have it
			}
			return kernel, true
		}
	}
	return Kernel{}, false
}

// side is the side of a square of n weights.
func side(n int) int {
	if n == 25 {
		return 5
	}
	return 3
}

// kernelChoices are what a stage may apply; the first stage is always there.
func kernelChoices(stage int) []Option {
	var choices []Option
	if stage > 0 {
		choices = append(choices, Option{kernelOff, "none"})
	}
	for _, k := range namedKernels {
		choices = append(choices, Option{k.name, k.label})
	}
	return append(choices, Option{kernelCustom, "edited by hand"}, Option{kernelLearnt, "learnt by a net"})
}

// FirstKernels are the kernels of the first layer, one for each of its channels.
func (s *session[T]) FirstKernels() []Kernel { return firstKernels(s.params) }

// firstKernels reads them off the parameters in their order: a weight (O, 1, K, K), and its bias (O) where it has one.
func firstKernels[T autograd.Float](params []*autograd.Tensor[T]) []Kernel {
	w := params[0]
	if len(w.Shape) != 4 {
		return nil
	}
	values := w.Values(nil)
	size := w.Shape[2]
	kernels := make([]Kernel, w.Shape[0])
	for o := range kernels {
		kernels[o] = Kernel{Size: size, Weights: make([]float64, size*size)}
		for i := range kernels[o].Weights {
			kernels[o].Weights[i] = float64(values[o*size*size+i])
		}
	}
	if layer := w.Name[:len(w.Name)-len("weight")]; len(params) > 1 && params[1].Name == layer+"bias" {
		for o, b := range params[1].Values(nil) {
			kernels[o].Bias = float64(b)
		}
	}
	return kernels
}
