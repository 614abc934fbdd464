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

// expm1 returns e^x - 1 for x <= 0, where the activations need it: near zero by the odd and even terms of sinh, so that
// no digits cancel.
func (s isa) expm1(x reg.VecVirtual) reg.VecVirtual {
	near := s.vec()
	VMOVAPS(x, near)
	VMAXPS(x, s.use(-87), x)
	far := s.exp(x)
	VSUBPS(s.use(1), far, far)
	// x + x²/2 + … + x^8/8!, exact to an ulp for |x| < 0.5.
	sum := s.polynomial(near, 1.0/40320, 1.0/5040, 1.0/720, 1.0/120, 1.0/24, 1.0/6, 0.5, 1)
	VMULPS(near, sum, sum)
	return s.choose(s.use(-0.5), near, sum, far)
}

// choose returns yes where limit < x, else no.
func (s isa) choose(limit, x, yes, no reg.VecVirtual) reg.VecVirtual {
	y := s.vec()
	if s.w == 16 {
		k := K()
		VCMPPS(Imm(less), x, limit, k)
		VBLENDMPS(yes, no, k, y)
	} else {
		mask := s.vec()
		VCMPPS(Imm(less), x, limit, mask)
		VBLENDVPS(mask, yes, no, y)
	}
	return y
}

// copyOf is a fresh register with the value of x.
func (s isa) copyOf(x reg.VecVirtual) reg.VecVirtual {
	y := s.vec()
	VMOVAPS(x, y)
	return y
}

// PyTorch's constants of SELU.
const (
	seluAlpha = 1.6732632423543772848170429916717
	seluScale = 1.0507009873554804934193349852946
)

// elu returns an ELU with PyTorch's alpha and scale.
func (s isa) elu(alpha, scale float32) func(x reg.VecVirtual) reg.VecVirtual {
	return func(x reg.VecVirtual) reg.VecVirtual {
		zero := s.vec()
		s.zero(zero)
		positive, negative := s.copyOf(x), s.copyOf(x)
		VMINPS(negative, zero, negative)
		negative = s.expm1(negative)
		if scale != 1 {
			VMULPS(s.use(alpha*scale), negative, negative)
			VMULPS(s.use(scale), positive, positive)
		}
		return s.choose(zero, x, positive, negative)
	}
}

// eluGrad returns the derivative of elu.
func (s isa) eluGrad(alpha, scale float32) func(x reg.VecVirtual) reg.VecVirtual {
	return func(x reg.VecVirtual) reg.VecVirtual {
		zero := s.vec()
		s.zero(zero)
		negative := s.copyOf(x)
		VMINPS(negative, zero, negative)
		VMAXPS(negative, s.use(-87), negative)
		negative = s.exp(negative)
		if scale != 1 {
			VMULPS(s.use(alpha*scale), negative, negative)
		}
		return s.choose(zero, x, s.use(scale), negative)
	}
}

// silu returns x·sigmoid(x).
func (s isa) silu(x reg.VecVirtual) reg.VecVirtual {
	y := s.sigmoid(s.copyOf(x))
	VMULPS(x, y, y)
	return y
}

// siluGrad returns sigmoid(x)·(1 + x·(1 - sigmoid(x))).
func (s isa) siluGrad(x reg.VecVirtual) reg.VecVirtual {
	y := s.sigmoid(s.copyOf(x))
	rest := s.all(1)
	VSUBPS(y, rest, rest)
	VFMADD213PS(s.use(1), x, rest)
	VMULPS(rest, y, y)
	return y
}

// softplus returns ln(1 + e^x) = max(x, 0) + ln(1 + u) with u = e^-|x|, and ln(1 + u) = 2 artanh(u / (2 + u)) by its
// series, whose argument is at most a third. Beyond 20, where PyTorch returns x, the second term is below an ulp.
func (s isa) softplus(x reg.VecVirtual) reg.VecVirtual {
	u := s.vec()
	s.or(s.use(minusZero), x, u)
	VMAXPS(u, s.use(-87), u)
	u = s.exp(u)
	below := s.all(2)
	VADDPS(u, below, below)
	VDIVPS(below, u, u)
	square := s.vec()
	VMULPS(u, u, square)
	y := s.polynomial(square, 2.0/17, 2.0/15, 2.0/13, 2.0/11, 2.0/9, 2.0/7, 2.0/5, 2.0/3, 2)
	VMULPS(u, y, y)
	zero, positive := s.vec(), s.copyOf(x)
	s.zero(zero)
	VMAXPS(positive, zero, positive)
	VADDPS(positive, y, y)
	return y
}

// leakyReLU returns x where it is positive, else 0.01 x.
func (s isa) leakyReLU(x reg.VecVirtual) reg.VecVirtual {
	zero := s.vec()
	s.zero(zero)
	slow := s.copyOf(x)
	VMULPS(s.use(0.01), slow, slow)
	return s.choose(zero, x, x, slow)
}

// leakyReLUGrad returns 1 where y is positive, else 0.01.
func (s isa) leakyReLUGrad(y reg.VecVirtual) reg.VecVirtual {
	zero := s.vec()
	s.zero(zero)
	return s.choose(zero, y, s.use(1), s.use(0.01))
}

// normalTail returns Q(|x|) = erfc(|x|/√2)/2 and e^(-x²/2), by Hastings' approximation (Abramowitz and Stegun 1964,
// 26.2.17 in the form of 7.1.26): the absolute error is below 1e-7.
func (s isa) normalTail(x reg.VecVirtual) (tail, bell reg.VecVirtual) {
	size := s.vec()
	s.andNot(s.use(minusZero), x, size)
	VMINPS(size, s.use(13), size)
	power := s.copyOf(size)
	VMULPS(power, power, power)
	VMULPS(s.use(-0.5), power, power)
	bell = s.exp(power)
	u := s.copyOf(size)
	VFMADD213PS(s.use(1), s.use(hastingsP/math.Sqrt2), u)
	t := s.all(1)
	VDIVPS(u, t, t)
	tail = s.polynomial(t, 1.061405429/2, -1.453152027/2, 1.421413741/2, -0.284496736/2, 0.254829592/2)
	VMULPS(t, tail, tail)
	VMULPS(bell, tail, tail)
	return tail, bell
}

const hastingsP = 0.3275911

// normalCDF returns Φ(x) from its tail: Q where x is negative, else 1 - Q.
func (s isa) normalCDF(x, tail reg.VecVirtual) reg.VecVirtual {
	zero := s.vec()
	s.zero(zero)
	upper := s.all(1)
	VSUBPS(tail, upper, upper)
	return s.choose(zero, x, upper, tail)
}

// gelu returns x·Φ(x).
func (s isa) gelu(x reg.VecVirtual) reg.VecVirtual {
	tail, _ := s.normalTail(x)
	y := s.normalCDF(x, tail)
	VMULPS(x, y, y)
	return y
}

// geluGrad returns Φ(x) + x·φ(x).
func (s isa) geluGrad(x reg.VecVirtual) reg.VecVirtual {
	tail, bell := s.normalTail(x)
	y := s.normalCDF(x, tail)
	VMULPS(s.use(0.3989422804014327), bell, bell)
	VFMADD231PS(x, bell, y)
	return y
}

func (s isa) and(a, b, y Op) {
	if s != avx2 {
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
		{"elu", nil, s.elu(1, 1)},
		{"selu", nil, s.elu(seluAlpha, seluScale)},
		{"silu", nil, s.silu},
		{"leakyReLU", nil, s.leakyReLU},
		{"gelu", nil, s.gelu},
		{"softplus", nil, s.softplus},
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
		for _, f := range []struct {
			name       string
			derivative func(ref reg.VecVirtual) reg.VecVirtual
		}{
			{"eluGrad", s.eluGrad(1, 1)},
			{"seluGrad", s.eluGrad(seluAlpha, seluScale)},
			{"siluGrad", s.siluGrad},
			{"leakyReLUGrad", s.leakyReLUGrad},
			{"geluGrad", s.geluGrad},
			{"softplusGrad", s.sigmoid},
		} {
			s.flat(f.name+suffix, signature, pointers, nil, func(at func(string) Mem) {
				ref := s.vec()
				VMOVUPS(at("ref"), ref)
				d := f.derivative(ref)
				VMULPS(at("dy"), d, d)
				store(d, at)
			}, nil)
		}
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
