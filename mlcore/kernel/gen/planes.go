package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of kernel.Planes, in bytes.
const (
	planesBlocks = 8 * iota
	planesRows
	planesCols
	planesBlock
	planesRow
)

// overPlanes writes the loop over the vectors of some planes; the pointers move together. body handles the vectors
// of one pixel, and is written twice, for even and odd pixels, so that two chains of sums run side by side.
func (s isa) overPlanes(pointers []string, body func(pixel, vector int, at func(pointer string) Mem)) {
	p := Load(Param("p"), GP64())
	base := map[string]reg.Register{}
	for _, name := range pointers {
		base[name] = Load(Param(name), GP64())
	}
	blocks := load(p, planesBlocks)
	blockAt, rowAt, at := GP64(), GP64(), GP64()
	XORQ(blockAt, blockAt)
	Label("block")
	rows := load(p, planesRows)
	MOVQ(blockAt, rowAt)
	Label("row")
	cols := load(p, planesCols)
	MOVQ(rowAt, at)
	pixel := func(i int) {
		for v := range s.vectors() {
			body(i, v, func(name string) Mem {
				return Mem{Base: base[name], Index: at, Scale: 1, Disp: 4*lanes*i + v*s.bytes()}
			})
		}
	}
	SUBQ(Imm(2), cols)
	JL(LabelRef("odd"))
	Label("pair")
	pixel(0)
	pixel(1)
	ADDQ(U32(2*4*lanes), at)
	SUBQ(Imm(2), cols)
	JGE(LabelRef("pair"))
	Label("odd")
	CMPQ(cols, I8(-2))
	JE(LabelRef("rowEnd"))
	pixel(0)
	Label("rowEnd")
	step := load(p, planesRow)
	LEAQ(Mem{Base: rowAt, Index: step, Scale: 4}, rowAt)
	DECQ(rows)
	JNZ(LabelRef("row"))
	MOVQ(field(p, planesBlock), step)
	LEAQ(Mem{Base: blockAt, Index: step, Scale: 4}, blockAt)
	DECQ(blocks)
	JNZ(LabelRef("block"))
}

// lanesOf loads the 16 values at a pointer parameter.
func (s isa) lanesOf(param string) []reg.VecVirtual {
	p := Load(Param(param), GP64())
	v := s.vecs(s.vectors())
	for i := range v {
		VMOVUPS(Mem{Base: p, Disp: i * s.bytes()}, v[i])
	}
	return v
}

// sums are accumulators for even and odd pixels.
func (s isa) sums() [2][]reg.VecVirtual {
	a := [2][]reg.VecVirtual{s.vecs(s.vectors()), s.vecs(s.vectors())}
	for _, half := range a {
		for _, v := range half {
			s.zero(v)
		}
	}
	return a
}

// addSumsTo adds the accumulators to the 16 values at a pointer parameter.
func (s isa) addSumsTo(param string, a [2][]reg.VecVirtual) {
	p := Load(Param(param), GP64())
	for i, v := range a[0] {
		VADDPS(a[1][i], v, v)
		VADDPS(Mem{Base: p, Disp: i * s.bytes()}, v, v)
		VMOVUPS(v, Mem{Base: p, Disp: i * s.bytes()})
	}
	VZEROUPPER()
	RET()
}

// planes writes the sums and maps of the normalisations.
func planes(s isa) {
	declare("laneSum"+s.suffix, "func(acc, x *float32, p *Planes)")
	sum := s.sums()
	s.overPlanes([]string{"x"}, func(i, v int, at func(string) Mem) { VADDPS(at("x"), sum[i][v], sum[i][v]) })
	s.addSumsTo("acc", sum)

	declare("laneSquares"+s.suffix, "func(acc, x, mean *float32, p *Planes)")
	sum = s.sums()
	mean := s.lanesOf("mean")
	s.overPlanes([]string{"x"}, func(i, v int, at func(string) Mem) {
		d := s.vec()
		VMOVUPS(at("x"), d)
		VSUBPS(mean[v], d, d)
		VFMADD231PS(d, d, sum[i][v])
	})
	s.addSumsTo("acc", sum)

	declare("laneAffine"+s.suffix, "func(y, x, scale, shift *float32, p *Planes, floor float32)")
	scale, shift, floor := s.lanesOf("scale"), s.lanesOf("shift"), s.broadcast("floor")
	s.overPlanes([]string{"y", "x"}, func(_, v int, at func(string) Mem) {
		d := s.vec()
		VMOVUPS(at("x"), d)
		VFMADD213PS(shift[v], scale[v], d)
		VMAXPS(d, floor, d)
		VMOVUPS(d, at("y"))
	})
	VZEROUPPER()
	RET()

	for _, gated := range []bool{false, true} {
		name, signature, pointers := "laneDots", "func(sum, dot, dy, x, mean *float32, p *Planes)", []string{"dy", "x"}
		if gated {
			name, signature, pointers = "laneDotsGated", "func(sum, dot, dy, gate, x, mean *float32, p *Planes)", append(pointers, "gate")
		}
		declare(name+s.suffix, signature)
		zero := s.gateZero(gated)
		mean = s.lanesOf("mean")
		total, dot := s.sums(), s.sums()
		s.overPlanes(pointers, func(i, v int, at func(string) Mem) {
			g, d := s.gradient(gated, zero, at), s.vec()
			VMOVUPS(at("x"), d)
			VSUBPS(mean[v], d, d)
			VADDPS(g, total[i][v], total[i][v])
			VFMADD231PS(g, d, dot[i][v])
		})
		p := Load(Param("sum"), GP64())
		for i, v := range total[0] {
			VADDPS(total[1][i], v, v)
			VADDPS(Mem{Base: p, Disp: i * s.bytes()}, v, v)
			VMOVUPS(v, Mem{Base: p, Disp: i * s.bytes()})
		}
		s.addSumsTo("dot", dot)
	}

	for _, name := range []string{"laneNormGrad", "laneNormGradAdd", "laneNormGradGated", "laneNormGradGatedAdd"} {
		signature, pointers := "func(dx, dy, x, a, b, c, mean *float32, p *Planes)", []string{"dx", "dy", "x"}
		gated := strings.Contains(name, "Gated")
		if gated {
			signature, pointers = "func(dx, dy, gate, x, a, b, c, mean *float32, p *Planes)", append(pointers, "gate")
		}
		declare(name+s.suffix, signature)
		zero := s.gateZero(gated)
		a, b, c, mean := s.lanesOf("a"), s.lanesOf("b"), s.lanesOf("c"), s.lanesOf("mean")
		s.overPlanes(pointers, func(_, v int, at func(string) Mem) {
			d := s.vec()
			VMOVUPS(at("x"), d)
			VSUBPS(mean[v], d, d)
			z := s.gradient(gated, zero, at)
			VFMADD213PS(c[v], a[v], z)
			VFMADD231PS(b[v], d, z)
			if strings.HasSuffix(name, "Add") {
				VADDPS(at("dx"), z, z)
			}
			VMOVUPS(z, at("dx"))
		})
		VZEROUPPER()
		RET()
	}
}

// gateZero is a zero to compare a gate with, where there is one.
func (s isa) gateZero(gated bool) reg.VecVirtual {
	if !gated {
		return nil
	}
	zero := s.vec()
	s.zero(zero)
	return zero
}

// gradient loads dy, or zero where the gate is not positive: the gradient of a ReLU whose result is the gate.
func (s isa) gradient(gated bool, zero reg.VecVirtual, at func(string) Mem) reg.VecVirtual {
	g := s.vec()
	switch {
	case !gated:
		VMOVUPS(at("dy"), g)
	case s.w == 16:
		k := K()
		VCMPPS(Imm(notGreaterEqual), at("gate"), zero, k)
		VMOVUPS_Z(at("dy"), k, g)
	default:
		VCMPPS(Imm(notGreaterEqual), at("gate"), zero, g)
		VANDPS(at("dy"), g, g)
	}
	return g
}
