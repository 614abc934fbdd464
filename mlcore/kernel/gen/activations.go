package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

var constants = map[string]Mem{}

// constant is a float32 in the data section.
func constant(x float32) Mem {
	name := fmt.Sprintf("f32_%08x", math.Float32bits(x))
	if m, known := constants[name]; known {
		return m
	}
	m := ConstData(name, F32(x))
	constants[name] = m
	return m
}

// Predicates of VCMPPS, whose first operand is the second source. A NaN compares as not greater or equal, so that it
// passes where it is compared with zero, as in plain Go.
const (
	less            = 1
	notGreaterEqual = 9
)

// hoisted holds constants that a loop keeps in registers: AVX-512 has enough of them.
var hoisted = map[float32]reg.VecVirtual{}

// hoist loads constants before the loop.
func (s isa) hoist(values ...float32) {
	clear(hoisted)
	if s.w != 16 {
		return
	}
	for _, x := range values {
		v := s.vec()
		VBROADCASTSS(constant(x), v)
		hoisted[x] = v
	}
}

// use is a register with x in every lane, to read only.
func (s isa) use(x float32) reg.VecVirtual {
	if v, known := hoisted[x]; known {
		return v
	}
	v := s.vec()
	VBROADCASTSS(constant(x), v)
	return v
}

// all is a fresh register with x in every lane.
func (s isa) all(x float32) reg.VecVirtual {
	v := s.vec()
	if kept, known := hoisted[x]; known {
		VMOVAPS(kept, v)
	} else {
		VBROADCASTSS(constant(x), v)
	}
	return v
}

// polynomial evaluates c[0] x^n + … + c[n] by Horner's rule.
func (s isa) polynomial(x reg.VecVirtual, c ...float32) reg.VecVirtual {
	y := s.all(c[0])
	for _, k := range c[1:] {
		VFMADD213PS(s.use(k), x, y)
	}
	return y
}

// expConstants are those of exp, and 1.
var expConstants = []float32{math.Log2E, 0.693359375, -2.12194440e-4, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
	4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1}

var minusZero = float32(math.Copysign(0, -1))

// exp replaces x, between -87 and 88, by e^x, with the polynomial of Cephes' expf (Moshier 1989); at most 1 ulp or two.
func (s isa) exp(x reg.VecVirtual) reg.VecVirtual {
	n := s.vec()
	VMULPS(s.use(math.Log2E), x, n)
	if s.w == 16 {
		VRNDSCALEPS(Imm(0), n, n)
	} else {
		VROUNDPS(Imm(0), n, n)
	}
	VFNMADD231PS(s.use(0.693359375), n, x)
	VFNMADD231PS(s.use(-2.12194440e-4), n, x)
	y := s.polynomial(x, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
	square := s.vec()
	VMULPS(x, x, square)
	VFMADD213PS(x, square, y)
	VADDPS(s.use(1), y, y)
	if s.w == 16 {
		VSCALEFPS(n, y, y)
		return y
	}
	VCVTPS2DQ(n, n)
	VPSLLD(Imm(23), n, n)
	VPADDD(n, y, y)
	return y
}

// sigmoid returns 1 / (1 + e^-x).
func (s isa) sigmoid(x reg.VecVirtual) reg.VecVirtual {
	sign := s.vec()
	s.zero(sign)
	VSUBPS(x, sign, x)
	// MINPS and MAXPS return their second source where one is NaN: x.
	VMINPS(x, s.use(88), x)
	VMAXPS(x, s.use(-87), x)
	y := s.exp(x)
	VADDPS(s.use(1), y, y)
	one := s.all(1)
	VDIVPS(y, one, one)
	return one
}

// tanh returns tanh x: 1 - 2/(e^2|x| + 1) with the sign of x, and below 0.625 the odd polynomial of Cephes' tanhf.
func (s isa) tanh(x reg.VecVirtual) reg.VecVirtual {
	signs := s.use(minusZero)
	size := s.vec()
	s.andNot(signs, x, size)
	sign := s.vec()
	s.and(signs, x, sign)
	large := s.vec()
	VADDPS(size, size, large)
	VMINPS(large, s.use(40), large)
	e := s.exp(large)
	VADDPS(s.use(1), e, e)
	two := s.all(2)
	VDIVPS(e, two, two)
	one := s.all(1)
	VSUBPS(two, one, one)
	s.or(sign, one, one)

	square := s.vec()
	VMULPS(x, x, square)
	small := s.polynomial(square, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	VMULPS(square, small, small)
	VFMADD213PS(x, x, small)
	limit := s.use(0.625)
	y := s.vec()
	if s.w == 16 {
		k := K()
		VCMPPS(Imm(less), limit, size, k) // size < limit
		VBLENDMPS(small, one, k, y)
	} else {
		mask := s.vec()
		VCMPPS(Imm(less), limit, size, mask)
		VBLENDVPS(mask, small, one, y)
	}
	return y
}

func (s isa) and(a, b, y reg.VecVirtual) {
	if s.w == 16 {
		VPANDD(a, b, y)
	} else {
		VANDPS(a, b, y)
	}
}

// andNot is b without the bits of a.
func (s isa) andNot(a, b, y reg.VecVirtual) {
	if s.w == 16 {
		VPANDND(b, a, y)
	} else {
		VANDNPS(b, a, y)
	}
}

func (s isa) or(a, b, y reg.VecVirtual) {
	if s.w == 16 {
		VPORD(a, b, y)
	} else {
		VORPS(a, b, y)
	}
}

// activations writes the activations that the reference networks use most, and their gradients.
func activations(s isa) {
	for _, f := range []struct {
		name      string
		constants []float32
		value     func(x reg.VecVirtual) reg.VecVirtual
	}{
		{"sigmoid", append([]float32{88, -87}, expConstants...), s.sigmoid},
		{"tanh", append([]float32{minusZero, 40, 2, 0.625, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
			1.33314422036e-1, -3.33332819422e-1}, expConstants...), s.tanh},
	} {
		s.flat(f.name, "func(y, x *float32, n int64)", []string{"y", "x"}, func() { s.hoist(f.constants...) }, func(at func(string) Mem) {
			x := s.vec()
			VMOVUPS(at("x"), x)
			VMOVUPS(f.value(x), at("y"))
		}, nil)
	}
	clear(hoisted)

	var zero, one reg.VecVirtual
	pointers, signature := []string{"dx", "dy", "ref"}, "func(dx, dy, ref *float32, n int64)"
	prepare := func() {
		zero = s.vec()
		s.zero(zero)
		one = s.all(1)
	}
	for _, add := range []bool{false, true} {
		suffix := ""
		if add {
			suffix = "Add"
		}
		store := func(v reg.VecVirtual, at func(string) Mem) {
			if add {
				VADDPS(at("dx"), v, v)
			}
			VMOVUPS(v, at("dx"))
		}
		s.flat("reluGrad"+suffix, signature, pointers, prepare, func(at func(string) Mem) {
			v := s.vec()
			if s.w == 16 {
				k := K()
				VCMPPS(Imm(notGreaterEqual), at("ref"), zero, k)
				VMOVUPS_Z(at("dy"), k, v)
			} else {
				VCMPPS(Imm(notGreaterEqual), at("ref"), zero, v)
				VANDPS(at("dy"), v, v)
			}
			store(v, at)
		}, nil)
		s.flat("tanhGrad"+suffix, signature, pointers, prepare, func(at func(string) Mem) {
			y, d := s.vec(), s.vec()
			VMOVUPS(at("ref"), y)
			VMOVAPS(one, d)
			VFNMADD231PS(y, y, d)
			VMULPS(at("dy"), d, d)
			store(d, at)
		}, nil)
		s.flat("sigmoidGrad"+suffix, signature, pointers, prepare, func(at func(string) Mem) {
			y, d := s.vec(), s.vec()
			VMOVUPS(at("ref"), y)
			VSUBPS(y, one, d)
			VMULPS(at("dy"), d, d)
			VMULPS(y, d, d)
			store(d, at)
		}, nil)
	}
}
