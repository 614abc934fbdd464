package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The fields of kernel.tile, in bytes.
const (
	tileX = 8 * iota
	tileW
	tileY
	tileBias
	tileTaps
	tileTapCount
	tileRepeat
	tileXStep
	tileWStep
	tileYStep
	tileBiasStep
	tileXCol
	tileYCol
	tileWOut
	tileYOut
	tileAccumulate
	tileReLU
	tileSource
	tileMask
)

// correlate writes kernel.tile's computation for some outputs × pixels: the accumulators stay in registers over all
// taps. For AVX2 a pixel is half of its lanes, and the caller runs both halves.
func correlate(s isa, outputs, pixels int) {
	a := s.function(fmt.Sprintf("correlate%dx%d", outputs, pixels), "tile")
	x, w, y := load(a, tileX), load(a, tileW), load(a, tileY)
	bias := load(a, tileBias)
	xCol, wOut := load(a, tileXCol), load(a, tileWOut)
	acc := make([][]Op, outputs)
	for o := range acc {
		for range pixels {
			acc[o] = append(acc[o], s.vec())
		}
	}

	out, upper := GP64(), GP64()
	// each walks over the accumulators and where they go in y.
	each := func(f func(v Op, m Mem)) {
		yCol, yOut := load(a, tileYCol), load(a, tileYOut)
		for o := range acc {
			if pixels > 3 {
				LEAQ(Mem{Base: out, Index: yCol, Scale: 2}, upper)
				ADDQ(yCol, upper)
			}
			for p, v := range acc[o] {
				f(v, scaled(out, upper, yCol, p, 0))
			}
			if o < outputs-1 {
				ADDQ(yOut, out)
			}
		}
	}

	Label("repeat")
	// The result's memory is asked for while the taps are summed: a store to a line that is in no cache would hold up
	// what comes behind it.
	MOVQ(y, out)
	each(func(_ Op, m Mem) { PREFETCHT0(m) })
	for o := range acc {
		for p, v := range acc[o] {
			if p == 0 {
				VBROADCASTSS(Mem{Base: bias, Disp: 4 * o}, v)
			} else {
				VMOVAPS(acc[o][0], v)
			}
		}
	}
	tap, count := load(a, tileTaps), load(a, tileTapCount)
	TESTQ(count, count)
	JZ(LabelRef("store"))

	Label("tap")
	xTap, xUpper, wTap, wUpper := GP64(), GP64(), GP64(), GP64()
	MOVLQSX(Mem{Base: tap}, xTap)
	LEAQ(Mem{Base: x, Index: xTap, Scale: 4}, xTap)
	if pixels > 3 {
		LEAQ(Mem{Base: xTap, Index: xCol, Scale: 2}, xUpper)
		ADDQ(xCol, xUpper)
	}
	MOVLQSX(Mem{Base: tap, Disp: 4}, wTap)
	LEAQ(Mem{Base: w, Index: wTap, Scale: 4}, wTap)
	if outputs > 3 {
		LEAQ(Mem{Base: wTap, Index: wOut, Scale: 2}, wUpper)
		ADDQ(wOut, wUpper)
	}
	in := s.vecs(pixels)
	for p, v := range in {
		VMOVUPS(scaled(xTap, xUpper, xCol, p, 0), v)
	}
	weight := s.vec()
	for o := range acc {
		VBROADCASTSS(scaled(wTap, wUpper, wOut, o, 0), weight)
		for p, v := range in {
			VFMADD231PS(v, weight, acc[o][p])
		}
	}
	ADDQ(Imm(8), tap)
	DECQ(count)
	JNZ(LabelRef("tap"))

	Label("store")
	CMPQ(field(a, tileAccumulate), Imm(0))
	JE(LabelRef("relu"))
	MOVQ(y, out)
	ADDQ(field(a, tileSource), out)
	each(func(v Op, m Mem) { VADDPS(m, v, v) })
	Label("relu")
	CMPQ(field(a, tileReLU), Imm(0))
	JE(LabelRef("idle"))
	zero := s.vec()
	s.zero(zero)
	// MAXPS returns its second source where one is NaN: the accumulator.
	for o := range acc {
		for _, v := range acc[o] {
			VMAXPS(v, zero, v)
		}
	}
	Label("idle")
	mask := load(a, tileMask)
	TESTQ(mask, mask)
	JZ(LabelRef("put"))
	live := s.vec()
	VMOVUPS(Mem{Base: mask}, live)
	for o := range acc {
		for _, v := range acc[o] {
			s.and(live, v, v)
		}
	}
	Label("put")
	MOVQ(y, out)
	each(func(v Op, m Mem) { VMOVUPS(v, m) })
	ADDQ(field(a, tileXStep), x)
	ADDQ(field(a, tileWStep), w)
	ADDQ(field(a, tileYStep), y)
	ADDQ(field(a, tileBiasStep), bias)
	DECQ(field(a, tileRepeat))
	JNZ(LabelRef("repeat"))
	VZEROUPPER()
	RET()
}
