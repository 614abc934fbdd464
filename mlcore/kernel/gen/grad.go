package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of kernel.gradTile, in bytes.
const (
	gradX = 8 * iota
	gradY
	gradW
	gradTaps
	gradRepeat
	gradBlocks
	gradRows
	gradCols
	gradXCol
	gradYCol
	gradXRowSkip
	gradYRowSkip
	gradXBlockSkip
	gradYBlockSkip
	gradYOut
	gradWOut
	gradRowsLeft
	gradBlocksLeft
	gradTap
)

var (
	zmm = []reg.VecPhysical{reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11,
		reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24,
		reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}
	ymm = []reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11,
		reg.Y12, reg.Y13, reg.Y14, reg.Y15, reg.Y16, reg.Y17, reg.Y18, reg.Y19, reg.Y20, reg.Y21, reg.Y22, reg.Y23, reg.Y24,
		reg.Y25, reg.Y26, reg.Y27, reg.Y28, reg.Y29, reg.Y30, reg.Y31}
	xmm = []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7}
)

// correlateGrad writes kernel.gradTile's computation for some outputs × taps: one vector accumulator each over all
// pixels, whose lanes are added at the end. Registers are named, because VHADDPS takes only the lower sixteen: the
// inputs use 0 to 4, then the accumulators follow, and at the end 0 to 4 serve the sums.
func correlateGrad(s isa, outputs, taps int) {
	a := s.function(fmt.Sprintf("correlateGrad%dx%d", outputs, taps), "gradTile")
	vec := ymm
	if s.w == 16 {
		vec = zmm
	}
	in, dy := vec[:taps], vec[taps]
	acc := make([][]reg.VecPhysical, outputs)
	for o := range acc {
		from := 4 + o*taps
		if s != avx2 {
			from = 5 + o*taps
		}
		acc[o] = vec[from : from+taps]
	}

	// The place among the taps is kept as a number: a pointer behind the last would confuse the garbage collector.
	tap := load(a, gradTaps)
	MOVQ(tap, field(a, gradTap))
	Label("repeat")
	MOVQ(field(a, gradTap), tap)
	offset := make([]reg.GPVirtual, taps)
	for k := range offset {
		offset[k] = GP64()
		MOVLQSX(Mem{Base: tap, Disp: 8 * k}, offset[k])
		SHLQ(Imm(2), offset[k])
	}
	for o := range acc {
		for _, v := range acc[o] {
			s.zero(v)
		}
	}
	x, y := load(a, gradX), load(a, gradY)
	xCol, yCol, yOut := load(a, gradXCol), load(a, gradYCol), load(a, gradYOut)
	left := load(a, gradBlocks)
	MOVQ(left, field(a, gradBlocksLeft))

	Label("block")
	MOVQ(field(a, gradRows), left)
	MOVQ(left, field(a, gradRowsLeft))
	Label("row")
	cols := load(a, gradCols)
	Label("col")
	upper := GP64()
	if outputs > 3 {
		LEAQ(Mem{Base: y, Index: yOut, Scale: 2}, upper)
		ADDQ(yOut, upper)
	}
	for half := range s.vectors() {
		for k, v := range in {
			VMOVUPS(Mem{Base: x, Index: offset[k], Scale: 1, Disp: half * s.bytes()}, v)
		}
		for o := range acc {
			VMOVUPS(scaled(y, upper, yOut, o, half*s.bytes()), dy)
			for k, v := range in {
				VFMADD231PS(v, dy, acc[o][k])
			}
		}
	}
	ADDQ(xCol, x)
	ADDQ(yCol, y)
	DECQ(cols)
	JNZ(LabelRef("col"))
	ADDQ(field(a, gradXRowSkip), x)
	ADDQ(field(a, gradYRowSkip), y)
	DECQ(field(a, gradRowsLeft))
	JNZ(LabelRef("row"))
	ADDQ(field(a, gradXBlockSkip), x)
	ADDQ(field(a, gradYBlockSkip), y)
	DECQ(field(a, gradBlocksLeft))
	JNZ(LabelRef("block"))

	// The weights of neighbouring taps are neighbours.
	w, wOut := load(a, gradW), load(a, gradWOut)
	first := GP64()
	MOVLQSX(Mem{Base: tap, Disp: 4}, first)
	LEAQ(Mem{Base: w, Index: first, Scale: 4}, w)
	for o := range acc {
		s.sumLanes(acc[o])
		addSums(w, taps)
		if o < outputs-1 {
			ADDQ(wOut, w)
		}
	}
	ADDQ(Imm(uint64(8*taps)), tap)
	MOVQ(tap, field(a, gradTap))
	DECQ(field(a, gradRepeat))
	JNZ(LabelRef("repeat"))
	VZEROUPPER()
	RET()
}

// sumLanes leaves the sum of each accumulator's lanes in the elements of register 0.
func (s isa) sumLanes(acc []reg.VecPhysical) {
	eight := make([]reg.VecPhysical, len(acc))
	for k, v := range acc {
		eight[k] = v
		switch s {
		case avx512:
			eight[k] = ymm[k]
			VEXTRACTF64X4(Imm(1), v, eight[k])
			VADDPS(v.AsY(), eight[k], eight[k])
		case half:
			eight[k] = ymm[k]
			VMOVAPS(v, eight[k])
		}
	}
	last := eight[len(eight)-1]
	second := last
	if len(eight) > 1 {
		second = eight[1]
	}
	VHADDPS(second, eight[0], reg.Y0)
	if len(eight) > 2 {
		VHADDPS(last, eight[2], reg.Y2)
	} else {
		VMOVAPS(reg.Y0, reg.Y2)
	}
	VHADDPS(reg.Y2, reg.Y0, reg.Y0)
	VEXTRACTF128(Imm(1), reg.Y0, xmm[1])
	VADDPS(xmm[1], reg.X0, reg.X0)
}

// addSums adds the first elements of register 0 to the floats at w.
func addSums(w reg.Register, count int) {
	at := func(i int) Mem { return Mem{Base: w, Disp: 4 * i} }
	switch count {
	case 4:
		VADDPS(at(0), reg.X0, reg.X0)
		VMOVUPS(reg.X0, at(0))
	case 3:
		VMOVHLPS(reg.X0, reg.X0, reg.X1)
		VADDSS(at(2), reg.X1, reg.X1)
		VMOVSS(reg.X1, at(2))
		fallthrough
	case 2:
		VMOVSHDUP(reg.X0, reg.X1)
		VADDSS(at(1), reg.X1, reg.X1)
		VMOVSS(reg.X1, at(1))
		fallthrough
	case 1:
		VADDSS(at(0), reg.X0, reg.X0)
		VMOVSS(reg.X0, at(0))
	}
}
