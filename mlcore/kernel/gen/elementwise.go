package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// flat writes a kernel over n blocks of 16 floats at each of the named pointers. prepare runs once before the loop;
// body handles one vector, whose address at a pointer is at(name).
func (s isa) flat(name, signature string, pointers []string, prepare func(), body func(at func(pointer string) Mem), finish func()) {
	declare(name+s.suffix, signature)
	base := map[string]reg.Register{}
	for _, p := range pointers {
		base[p] = Load(Param(p), GP64())
	}
	n := Load(Param("n"), GP64())
	if prepare != nil {
		prepare()
	}
	index := GP64()
	XORQ(index, index)
	Label("loop")
	for v := range s.vectors() {
		body(func(p string) Mem { return Mem{Base: base[p], Index: index, Scale: 1, Disp: v * s.bytes()} })
	}
	ADDQ(U32(4*lanes), index)
	DECQ(n)
	JNZ(LabelRef("loop"))
	if finish != nil {
		finish()
	}
	VZEROUPPER()
	RET()
}

// broadcast copies a float32 parameter to all lanes of a fresh register.
func (s isa) broadcast(param string) reg.VecVirtual {
	x, v := XMM(), s.vec()
	Load(Param(param), x)
	VBROADCASTSS(x, v)
	return v
}

// elementwise writes sums and products of slices.
func elementwise(s isa) {
	three := []string{"y", "a", "b"}
	s.flat("add", "func(y, a, b *float32, n int64)", three, nil, func(at func(string) Mem) {
		v := s.vec()
		VMOVUPS(at("a"), v)
		VADDPS(at("b"), v, v)
		VMOVUPS(v, at("y"))
	}, nil)

	var zero reg.VecVirtual
	s.flat("addReLU", "func(y, a, b *float32, n int64)", three, func() { zero = s.vec(); s.zero(zero) }, func(at func(string) Mem) {
		v := s.vec()
		VMOVUPS(at("a"), v)
		VADDPS(at("b"), v, v)
		VMAXPS(v, zero, v)
		VMOVUPS(v, at("y"))
	}, nil)

	s.flat("mul", "func(y, a, b *float32, n int64)", three, nil, func(at func(string) Mem) {
		v := s.vec()
		VMOVUPS(at("a"), v)
		VMULPS(at("b"), v, v)
		VMOVUPS(v, at("y"))
	}, nil)

	s.flat("mulAdd", "func(y, a, b *float32, n int64)", three, nil, func(at func(string) Mem) {
		u, v := s.vec(), s.vec()
		VMOVUPS(at("a"), u)
		VMOVUPS(at("y"), v)
		VFMADD231PS(at("b"), u, v)
		VMOVUPS(v, at("y"))
	}, nil)

	var factor reg.VecVirtual
	s.flat("scale", "func(y, x *float32, n int64, s float32)", []string{"y", "x"}, func() { factor = s.broadcast("s") }, func(at func(string) Mem) {
		v := s.vec()
		VMULPS(at("x"), factor, v)
		VMOVUPS(v, at("y"))
	}, nil)

	s.flat("scaleAdd", "func(y, x *float32, n int64, s float32)", []string{"y", "x"}, func() { factor = s.broadcast("s") }, func(at func(string) Mem) {
		v := s.vec()
		VMOVUPS(at("y"), v)
		VFMADD231PS(at("x"), factor, v)
		VMOVUPS(v, at("y"))
	}, nil)
}

// updates writes the optimisers' loops.
func updates(s isa) {
	var rate, mu reg.VecVirtual
	s.flat("momentum", "func(w, dw, v *float32, n int64, rate, mu float32)", []string{"w", "dw", "v"}, func() {
		rate, mu = s.broadcast("rate"), s.broadcast("mu")
	}, func(at func(string) Mem) {
		v, w := s.vec(), s.vec()
		VMOVUPS(at("v"), v)
		VFMADD213PS(at("dw"), mu, v)
		VMOVUPS(v, at("v"))
		VMOVUPS(at("w"), w)
		VFNMADD231PS(v, rate, w)
		VMOVUPS(w, at("w"))
	}, nil)

	// m = b1 m + c1 g; v = b2 v + c2 g²; w -= step·m / (√v·inverse + eps)
	names := []string{"b1", "c1", "b2", "c2", "step", "inverse", "eps"}
	k := map[string]reg.VecVirtual{}
	s.flat("adam", "func(w, dw, m, v *float32, n int64, b1, c1, b2, c2, step, inverse, eps float32)", []string{"w", "dw", "m", "v"}, func() {
		for _, name := range names {
			k[name] = s.broadcast(name)
		}
	}, func(at func(string) Mem) {
		g, m, v, d := s.vec(), s.vec(), s.vec(), s.vec()
		VMOVUPS(at("dw"), g)
		VMULPS(at("m"), k["b1"], m)
		VFMADD231PS(g, k["c1"], m)
		VMOVUPS(m, at("m"))
		VMULPS(g, k["c2"], d)
		VMULPS(at("v"), k["b2"], v)
		VFMADD231PS(g, d, v)
		VMOVUPS(v, at("v"))
		VSQRTPS(v, d)
		VFMADD213PS(k["eps"], k["inverse"], d)
		VMULPS(m, k["step"], m)
		VDIVPS(d, m, m)
		VMOVUPS(at("w"), g)
		VSUBPS(m, g, g)
		VMOVUPS(g, at("w"))
	}, nil)
}

// peak writes a loop of independent multiply-adds in registers, twelve vectors of them a round.
func peak(s isa) {
	declare("peak"+s.suffix, "func(rounds int64)")
	n := Load(Param("rounds"), GP64())
	acc := s.vecs(12)
	half := s.all(0.5)
	for _, v := range acc {
		s.zero(v)
	}
	Label("loop")
	for _, v := range acc {
		VFMADD213PS(half, half, v)
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
