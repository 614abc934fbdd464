package nn

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// Float is the element type of a network.
type Float = autograd.Float

// Initialisations lists the names that an MLP's Init takes. "default" leaves PyTorch's own.
var initialisations = []string{"default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "small_normal", "large_normal"}

// Initialisations returns the names that MLPConfig.Init takes.
func Initialisations() []string { return slices.Clone(initialisations) }

// fan returns the number of inputs and outputs that one element of a weight connects: (O, I) or (O, I, KH, KW).
func fan(shape []int) (in, out int) {
	field := 1
	for _, k := range shape[2:] {
		field *= k
	}
	return shape[1] * field, shape[0] * field
}

// kaimingBound is torch.nn.init.kaiming_uniform_'s bound for a gain (He et al. 2015, "Delving deep", section 2.2).
func kaimingBound(fanIn int, gain float64) float64 {
	return math.Sqrt(3) * gain / math.Sqrt(float64(fanIn))
}

// draw fills a parameter from float32 draws; a float64 network widens them.
func draw[T Float](p *autograd.Tensor[T], fill func(dst []float32)) {
	buffer := make([]float32, len(p.Data))
	fill(buffer)
	for i, v := range buffer {
		p.Data[i] = T(v)
	}
}

// resetDefault draws the weight and the bias as Linear and Conv2d do when they are constructed:
// kaiming_uniform_(a=√5), that is uniform within ±1/√fanIn, for both.
func resetDefault[T Float](g *torchrand.Generator, weight, bias *autograd.Tensor[T]) {
	in, _ := fan(weight.Shape)
	bound := kaimingBound(in, math.Sqrt(2.0/(1+5)))
	draw(weight, func(d []float32) { g.Uniform(d, -bound, bound) })
	if bias != nil {
		bound := 1 / math.Sqrt(float64(in))
		draw(bias, func(d []float32) { g.Uniform(d, -bound, bound) })
	}
}

// Init draws weight anew by the name of torch.nn.init's function ("small_normal" and "large_normal" are normal_ with
// standard deviations 0.01 and 1; "default" draws nothing). The error names an unknown kind.
func Init[T Float](g *torchrand.Generator, weight *autograd.Tensor[T], kind string) error {
	in, out := fan(weight.Shape)
	uniform := func(bound float64) { draw(weight, func(d []float32) { g.Uniform(d, -bound, bound) }) }
	normal := func(std float64) { draw(weight, func(d []float32) { g.Normal(d, 0, std) }) }
	gain := math.Sqrt2 // for ReLU
	xavier := math.Sqrt(2.0 / float64(in+out))
	switch kind {
	case "default":
	case "xavier_uniform": // Glorot and Bengio 2010, equation 16
		uniform(math.Sqrt(3) * xavier)
	case "xavier_normal":
		normal(xavier)
	case "kaiming_uniform":
		uniform(kaimingBound(in, gain))
	case "kaiming_normal":
		normal(gain / math.Sqrt(float64(in)))
	case "small_normal":
		normal(0.01)
	case "large_normal":
		normal(1)
	default:
		return fmt.Errorf("unknown initialisation %q, want one of %s", kind, strings.Join(initialisations, ", "))
	}
	return nil
}
