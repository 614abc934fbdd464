package nn

import (
	"math"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// Float is the element type of a network.
type Float = autograd.Float

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
	if len(p.Data) == 0 {
		return // see meta
	}
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

// redraw draws a weight anew. InitDefault draws nothing.
func redraw[T Float](g *torchrand.Generator, weight *autograd.Tensor[T], kind Initialisation) {
	in, out := fan(weight.Shape)
	uniform := func(bound float64) { draw(weight, func(d []float32) { g.Uniform(d, -bound, bound) }) }
	normal := func(std float64) { draw(weight, func(d []float32) { g.Normal(d, 0, std) }) }
	gain := math.Sqrt2 // for ReLU
	xavier := math.Sqrt(2.0 / float64(in+out))
	switch kind {
	case InitXavierUniform:
		uniform(math.Sqrt(3) * xavier)
	case InitXavierNormal:
		normal(xavier)
	case InitKaimingUniform:
		uniform(kaimingBound(in, gain))
	case InitKaimingNormal:
		normal(gain / math.Sqrt(float64(in)))
	case InitSmallNormal:
		normal(0.01)
	case InitLargeNormal:
		normal(1)
	}
}
