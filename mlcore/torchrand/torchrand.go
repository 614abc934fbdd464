// Package torchrand draws PyTorch's CPU random stream: after New(s) every method returns what the torch
// function named in its doc returns after torch.manual_seed(s), in the same order of calls.
//
// All draws are equal bit for bit to those of PyTorch on a processor with AVX2, normals included.
//
// Source: ATen's CPUGeneratorImpl.cpp, TransformationHelper.h, DistributionsHelper.h and
// DistributionTemplates.h, PyTorch 1.13.
//
// A Generator is not safe for concurrent use: each run owns one.
package torchrand

import "math"

// Generator is PyTorch's default CPU generator: a Mersenne twister and the second half of the last
// Box-Muller pair.
type Generator struct {
	mt mersenne
	// PyTorch draws small normals in pairs and keeps the second for the next call.
	cached    float64
	hasCached bool
}

// New returns the generator as torch.manual_seed(seed) leaves it.
func New(seed uint32) *Generator {
	g := &Generator{}
	g.Seed(seed)
	return g
}

// Seed rewinds the generator: torch.manual_seed(seed).
func (g *Generator) Seed(seed uint32) {
	g.mt.seed(seed)
	g.hasCached = false
}

// Uint32 returns the next 32 bits of the stream.
func (g *Generator) Uint32() uint32 { return g.mt.next() }

// Uint64 returns the next 64 bits: two 32-bit outputs, the first in the high half.
func (g *Generator) Uint64() uint64 {
	high := uint64(g.mt.next())
	return high<<32 | uint64(g.mt.next())
}

// unit32 is a float32 uniform on [0, 1) with 24 bits.
func (g *Generator) unit32() float32 { return float32(g.Uint32()&(1<<24-1)) / (1 << 24) }

// unit64 is a float64 uniform on [0, 1) with 53 bits.
func (g *Generator) unit64() float64 { return float64(g.Uint64()&(1<<53-1)) / (1 << 53) }

// Uniform fills dst from [from, to): torch.empty(n).uniform_(from, to). From 0 to 1 it is torch.rand(n).
func (g *Generator) Uniform(dst []float32, from, to float64) {
	// The range is float32, the arithmetic float64: dist_acctype<float> on the CPU is double.
	lo, span := float64(float32(from)), float64(float32(to)-float32(from))
	for i := range dst {
		dst[i] = float32(float64(float64(g.unit32())*span) + lo) // the inner conversion forbids fusing
	}
}

// Random fills dst with integers of [from, to): torch.LongTensor(n).random_(from, to) and
// torch.randint(from, to, (n,)). It panics unless from < to.
func (g *Generator) Random(dst []int64, from, to int64) {
	if from >= to {
		panic("torchrand: Random: from must be less than to")
	}
	span := uint64(to) - uint64(from)
	for i := range dst {
		var bits uint64
		if span >= 1<<32 {
			bits = g.Uint64()
		} else {
			bits = uint64(g.Uint32())
		}
		dst[i] = int64(bits%span) + from
	}
}

// Randn fills dst with standard normals: torch.randn(n).
func (g *Generator) Randn(dst []float32) { g.Normal(dst, 0, 1) }

// Normal fills dst with normals: torch.empty(n).normal_(mean, std). It is normal_fill of DistributionTemplates.h: 16 elements
// and more are uniforms turned into normals in blocks of 16, fewer are drawn one at a time.
func (g *Generator) Normal(dst []float32, mean, std float64) {
	if len(dst) < 16 {
		for i := range dst {
			dst[i] = float32(g.normal()*std + mean)
		}
		return
	}
	for i := range dst {
		dst[i] = g.unit32()
	}
	for i := 0; i+16 <= len(dst); i += 16 {
		normals16(dst[i:i+16], float32(mean), float32(std))
	}
	if len(dst)%16 != 0 {
		// PyTorch recomputes the last 16 values from fresh uniforms.
		tail := dst[len(dst)-16:]
		for i := range tail {
			tail[i] = g.unit32()
		}
		normals16(tail, float32(mean), float32(std))
	}
}

// normal is normal_distribution<double>: one pair of float64 uniforms gives two values.
func (g *Generator) normal() float64 {
	if g.hasCached {
		g.hasCached = false
		return g.cached
	}
	u1, u2 := g.unit64(), g.unit64()
	radius := math.Sqrt(-2 * math.Log1p(-u2))
	sin, cos := math.Sincos(2 * math.Pi * u1)
	g.cached, g.hasCached = radius*sin, true
	return radius * cos
}
