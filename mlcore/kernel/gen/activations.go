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

// exp replaces x, at most 20, by e^x: below -104 that is 0.
func (s isa) exp(x reg.VecVirtual) reg.VecVirtual {
	// MAXPS, as MINPS, returns its second source where one is NaN: x.
	VMAXPS(x, s.use(-104), x)
	return s.power(x, 24)
}

// onePlusExp replaces x by 1 + e^x: above 88.72 that is infinite.
func (s isa) onePlusExp(x reg.VecVirtual) reg.VecVirtual {
	VMINPS(x, s.use(89), x)
	VMAXPS(x, s.use(-80), x) // the sum is 1 there
	y := s.power(x, -2)
	VADDPS(s.use(1), y, y)
	return y
}

// power replaces x by e^x, with the polynomial of Cephes' expf (Moshier 1989); at most 1 ulp or two. AVX2 makes 2^n of its
// bits, a normal number: n + lift must be one's exponent, and a product with 2^-lift leads out of those.
func (s isa) power(x reg.VecVirtual, lift int) reg.VecVirtual {
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
	if lift == 0 {
		VPADDD(n, y, y)
		return y
	}
	VPADDD(s.use(float32(math.Ldexp(1, lift))), n, n)
	VMULPS(n, y, y)
	VMULPS(s.use(float32(math.Ldexp(1, -lift))), y, y)
	return y
}

// sigmoid returns 1 / (1 + e^-x).
func (s isa) sigmoid(x reg.VecVirtual) reg.VecVirtual {
	sign := s.vec()
	s.zero(sign)
	VSUBPS(x, sign, x)
	y := s.onePlusExp(x)
	one := s.all(1)
	VDIVPS(y, one, one)
	return one
}

// tanhLimit is where tanh is 1, as in plain Go.
const tanhLimit = 8.664339742

// tanh returns tanh x: 1 - 2/(e^2|x| + 1) with the sign of x, 1 beyond the limit, and below 0.625 the odd polynomial of
// Cephes' tanhf.
func (s isa) tanh(x reg.VecVirtual) reg.VecVirtual {
	signs := s.use(minusZero)
	size := s.vec()
	s.andNot(signs, x, size)
	sign := s.vec()
	s.and(signs, x, sign)
	large := s.vec()
	VADDPS(size, size, large)
	VMINPS(large, s.use(40), large)
	e := s.power(large, 0)
	VADDPS(s.use(1), e, e)
	two := s.all(2)
	VDIVPS(e, two, two)
	one := s.all(1)
	VSUBPS(two, one, one)
	one = s.choose(s.use(tanhLimit), size, s.use(1), one)
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
	near := s.copyOf(x)
	VMAXPS(x, s.use(-87), x)
	far := s.power(x, 0)
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
		negative = s.exp(negative)
		if scale != 1 {
			VMULPS(s.use(alpha*scale), negative, negative)
		}
		return s.choose(zero, x, s.use(scale), negative)
	}
}

// silu returns x / (1 + e^-x).
func (s isa) silu(x reg.VecVirtual) reg.VecVirtual {
	y := s.vec()
	s.zero(y)
	VSUBPS(x, y, y)
	y = s.onePlusExp(y)
	VDIVPS(y, x, y)
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

// softplusGrad returns z / (z + 1) with z = e^x; beyond 20, where PyTorch returns 1, that is 1.
func (s isa) softplusGrad(x reg.VecVirtual) reg.VecVirtual {
	z := s.copyOf(x)
	VMINPS(z, s.use(20), z)
	z = s.exp(z)
	below := s.all(1)
	VADDPS(z, below, below)
	VDIVPS(below, z, z)
	return z
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

// erf returns erf(x) to an ulp: for |x| up to 475/512 by an odd polynomial, beyond by 1 - e^p(|x|). The coefficients are
// Juffa's (minimax, of his erff).
func (s isa) erf(x reg.VecVirtual) reg.VecVirtual {
	signs := s.use(minusZero)
	size, sign := s.vec(), s.vec()
	s.andNot(signs, x, size)
	s.and(signs, x, sign)
	limited := s.copyOf(size)
	VMINPS(limited, s.use(5), limited) // erf is 1 from 4 on
	exponent := s.polynomial(limited, -1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1,
		-6.34846687e-1, -1.28717512e-1)
	minus := s.copyOf(limited)
	s.or(signs, minus, minus)
	VFMADD213PS(minus, limited, exponent)
	e := s.power(exponent, 0)
	large := s.all(1)
	VSUBPS(e, large, large)
	s.or(sign, large, large)

	square := s.vec()
	VMULPS(x, x, square)
	small := s.polynomial(square, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1)
	VFMADD213PS(x, x, small)
	return s.choose(s.use(475.0/512), size, large, small)
}

// normalCDF returns Φ(x) = (1 + erf(x/√2)) / 2.
func (s isa) normalCDF(x reg.VecVirtual) reg.VecVirtual {
	y := s.copyOf(x)
	VMULPS(s.use(1/math.Sqrt2), y, y)
	y = s.erf(y)
	VADDPS(s.use(1), y, y)
	VMULPS(s.use(0.5), y, y)
	return y
}

// gelu returns x·Φ(x).
func (s isa) gelu(x reg.VecVirtual) reg.VecVirtual {
	y := s.normalCDF(x)
	VMULPS(x, y, y)
	return y
}

// geluGrad returns Φ(x) + x·φ(x).
func (s isa) geluGrad(x reg.VecVirtual) reg.VecVirtual {
	y := s.normalCDF(x)
	bell := s.copyOf(x)
	VMULPS(bell, bell, bell)
	VMULPS(s.use(-0.5), bell, bell)
	bell = s.exp(bell)
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
		{"sigmoid", append([]float32{89, -80}, expConstants...), s.sigmoid},
		{"elu", nil, s.elu(1, 1)},
		{"selu", nil, s.elu(seluAlpha, seluScale)},
		{"silu", nil, s.silu},
		{"leakyReLU", nil, s.leakyReLU},
		{"gelu", nil, s.gelu},
		{"softplus", nil, s.softplus},
		{"tanh", append([]float32{minusZero, 40, 2, tanhLimit, 0.625, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
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
			{"softplusGrad", s.softplusGrad},
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
