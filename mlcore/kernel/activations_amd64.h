// The activations and their derivatives, from x in V0 to V0; V15 and V14 serve the constants and comparisons. The numbers
// are those of kernel.constants. An includer has defined, c being the offset of a constant,
//
//	CONSTANT(c, y)                y = c in all lanes
//	MUL_C, ADD_C, SUB_C(c, x, y)  y = x·c, x + c, x - c
//	FMADD_C(c, x, y)              y = x·y + c
//	FNMADD_C(c, x, y)             y = y - x·c
//	ROUND(x)                      to an integer
//	LDEXP(n, y)                   y = y·2ⁿ, a normal number
//	LDEXP_BY(l, m, n, y)          y = y·2ⁿ; 2ⁿ l is a normal number, and m = 1/l
//	CHOOSE(limit, x, yes, no, y)  y = yes where limit < x, else no
//	WHERE_NOT_BELOW(gate, limit, dy, y)  y = 0 where limit >= gate, else dy: also where one is NaN

// Horner's rule: c0 xⁿ + … + cn, of n+1 neighbouring constants.
#define POLY5(c, x, y) CONSTANT(c, y); FMADD_C(c+4, x, y); FMADD_C(c+8, x, y); FMADD_C(c+12, x, y); FMADD_C(c+16, x, y)
#define POLY6(c, x, y) POLY5(c, x, y); FMADD_C(c+20, x, y)
#define POLY7(c, x, y) POLY6(c, x, y); FMADD_C(c+24, x, y)
#define POLY8(c, x, y) POLY7(c, x, y); FMADD_C(c+28, x, y)
#define POLY9(c, x, y) POLY8(c, x, y); FMADD_C(c+32, x, y)

// MAXPS, as MINPS, returns its second source where one is NaN: x.
#define AT_LEAST(c, x) CONSTANT(c, V15); VMAXPS x, V15, x
#define AT_MOST(c, x) CONSTANT(c, V15); VMINPS x, V15, x

// POWER makes y = eˣ with the polynomial of Cephes' expf (Moshier 1989), at most 1 ulp or two; x, n and t are lost. SCALE is
// a kind of LDEXP.
#define POWER(SCALE, x, y, n, t) \
	MUL_C(constants_log2e, x, n) \
	ROUND(n) \
	FNMADD_C(constants_ln2High, n, x) \
	FNMADD_C(constants_ln2Low, n, x) \
	POLY6(constants_exp, x, y) \
	VMULPS x, x, t \
	VFMADD213PS x, t, y \
	ADD_C(constants_one, y, y) \
	SCALE(n, y)

// EXP makes y = eˣ of an x of at most 20: below -104 that is 0. ONE_PLUS_EXP makes y = 1 + eˣ: above 88.72 that is
// infinite, and below -80 it is 1.
#define SCALE_DOWN(n, y) LDEXP_BY(constants_two24, constants_half24, n, y)
#define SCALE_UP(n, y) LDEXP_BY(constants_quarter, constants_four, n, y)
#define EXP(x, y, n, t) AT_LEAST(constants_expZero, x); POWER(SCALE_DOWN, x, y, n, t)
#define ONE_PLUS_EXP(x, y, n, t) \
	AT_MOST(constants_expInfinite, x) \
	AT_LEAST(constants_expSmall, x) \
	POWER(SCALE_UP, x, y, n, t) \
	ADD_C(constants_one, y, y)

// 1 / (1 + e⁻ˣ)
#define SIGMOID \
	ZERO(V1) \
	VSUBPS V0, V1, V0 \
	ONE_PLUS_EXP(V0, V1, V2, V3) \
	CONSTANT(constants_one, V0) \
	VDIVPS V1, V0, V0

// 1 - 2/(e^2|x| + 1) with the sign of x, 1 beyond the limit, and below 0.625 the odd polynomial of Cephes' tanhf.
#define TANH \
	CONSTANT(constants_sign, V3) \
	VANDNPS V0, V3, V1 \
	VANDPS V0, V3, V2 \
	VADDPS V1, V1, V3 \
	AT_MOST(constants_tanhLarge, V3) \
	POWER(LDEXP, V3, V4, V5, V6) \
	ADD_C(constants_one, V4, V4) \
	CONSTANT(constants_two, V5) \
	VDIVPS V4, V5, V5 \
	CONSTANT(constants_one, V4) \
	VSUBPS V5, V4, V5 \
	CONSTANT(constants_tanhLimit, V6) \
	CHOOSE(V6, V1, V4, V5, V4) \
	VORPS V2, V4, V4 \
	VMULPS V0, V0, V2 \
	POLY5(constants_tanh, V2, V3) \
	VMULPS V2, V3, V3 \
	VFMADD213PS V0, V0, V3 \
	CONSTANT(constants_tanhSmall, V5) \
	CHOOSE(V1, V5, V3, V4, V0)

// eˣ - 1 for x ≤ 0, from V1 to V1: near zero x + x²/2 + … + x⁸/8!, so that no digits cancel.
#define EXPM1 \
	VMOVAPS V1, V2 \
	AT_LEAST(constants_expm1Small, V1) \
	POWER(LDEXP, V1, V3, V4, V5) \
	SUB_C(constants_one, V3, V3) \
	POLY8(constants_expm1, V2, V4) \
	VMULPS V2, V4, V4 \
	CONSTANT(constants_minusHalf, V5) \
	CHOOSE(V5, V2, V4, V3, V1)

#define ELU \
	ZERO(V6) \
	VMINPS V0, V6, V1 \
	EXPM1 \
	CHOOSE(V6, V0, V0, V1, V0)

#define SELU \
	ZERO(V6) \
	VMINPS V0, V6, V1 \
	EXPM1 \
	MUL_C(constants_seluNegative, V1, V1) \
	MUL_C(constants_seluScale, V0, V2) \
	CHOOSE(V6, V0, V2, V1, V0)

// x / (1 + e⁻ˣ)
#define SILU \
	ZERO(V1) \
	VSUBPS V0, V1, V1 \
	ONE_PLUS_EXP(V1, V2, V3, V4) \
	VDIVPS V2, V0, V0

// ln(1 + eˣ) = max(x, 0) + ln(1 + u) with u = e^-|x|, and ln(1 + u) = 2 artanh(u/(2 + u)) by its series, whose argument is at
// most a third. Beyond 20, where PyTorch returns x, the second term is below an ulp.
#define SOFTPLUS \
	CONSTANT(constants_sign, V1) \
	VORPS V0, V1, V1 \
	EXP(V1, V2, V3, V4) \
	ADD_C(constants_two, V2, V1) \
	VDIVPS V1, V2, V2 \
	VMULPS V2, V2, V1 \
	POLY9(constants_artanh, V1, V3) \
	VMULPS V2, V3, V3 \
	ZERO(V1) \
	VMAXPS V0, V1, V0 \
	VADDPS V0, V3, V0

#define RELU \
	ZERO(V1) \
	VMAXPS V0, V1, V0

#define LEAKY_RELU \
	ZERO(V2) \
	MUL_C(constants_leakySlope, V0, V1) \
	CHOOSE(V2, V0, V0, V1, V0)

// Φ(x) = (1 + erf(x/√2))/2 of V0 in V1. erf to an ulp: up to 475/512 an odd polynomial, beyond 1 - e^p(|x|); the coefficients
// are Juffa's (minimax, of his erff). It is 1 from 4 on.
#define NORMAL_CDF \
	MUL_C(constants_halfRoot, V0, V1) \
	CONSTANT(constants_sign, V6) \
	VANDNPS V1, V6, V2 \
	VANDPS V1, V6, V3 \
	CONSTANT(constants_erfOne, V4) \
	VMINPS V2, V4, V4 \
	POLY7(constants_erfcLog, V4, V5) \
	VORPS V4, V6, V6 \
	VFMADD213PS V6, V4, V5 \
	POWER(LDEXP, V5, V7, V8, V9) \
	CONSTANT(constants_one, V8) \
	VSUBPS V7, V8, V7 \
	VORPS V3, V7, V7 \
	VMULPS V1, V1, V4 \
	POLY6(constants_erf, V4, V5) \
	VFMADD213PS V1, V1, V5 \
	CONSTANT(constants_erfSmall, V4) \
	CHOOSE(V4, V2, V7, V5, V1) \
	ADD_C(constants_one, V1, V1) \
	MUL_C(constants_half, V1, V1)

#define GELU \
	NORMAL_CDF \
	VMULPS V0, V1, V0

// The derivatives times dy at A; V0 holds x, or y where the kind's derivative follows from that.

#define RELU_GRAD \
	ZERO(V1) \
	WHERE_NOT_BELOW(B, V1, A, V0)

#define TANH_GRAD \
	CONSTANT(constants_one, V1) \
	VFNMADD231PS V0, V0, V1 \
	VMULPS A, V1, V0

#define SIGMOID_GRAD \
	CONSTANT(constants_one, V1) \
	VSUBPS V0, V1, V1 \
	VMULPS A, V1, V1 \
	VMULPS V0, V1, V0

#define LEAKY_RELU_GRAD \
	ZERO(V1) \
	CONSTANT(constants_one, V2) \
	CONSTANT(constants_leakySlope, V3) \
	CHOOSE(V1, V0, V2, V3, V0) \
	VMULPS A, V0, V0

#define ELU_GRAD \
	ZERO(V1) \
	VMINPS V0, V1, V2 \
	EXP(V2, V3, V4, V5) \
	CONSTANT(constants_one, V4) \
	CHOOSE(V1, V0, V4, V3, V0) \
	VMULPS A, V0, V0

#define SELU_GRAD \
	ZERO(V1) \
	VMINPS V0, V1, V2 \
	EXP(V2, V3, V4, V5) \
	MUL_C(constants_seluNegative, V3, V3) \
	CONSTANT(constants_seluScale, V4) \
	CHOOSE(V1, V0, V4, V3, V0) \
	VMULPS A, V0, V0

// σ(x)·(1 + x·(1 - σ(x)))
#define SILU_GRAD \
	VMOVAPS V0, V5 \
	SIGMOID \
	CONSTANT(constants_one, V1) \
	VSUBPS V0, V1, V1 \
	FMADD_C(constants_one, V5, V1) \
	VMULPS V1, V0, V0 \
	VMULPS A, V0, V0

// Φ(x) + x·φ(x)
#define GELU_GRAD \
	NORMAL_CDF \
	VMULPS V0, V0, V2 \
	MUL_C(constants_minusHalf, V2, V2) \
	EXP(V2, V3, V4, V5) \
	MUL_C(constants_normalPeak, V3, V3) \
	VFMADD231PS V0, V3, V1 \
	VMULPS A, V1, V0

// z/(z + 1) with z = eˣ; beyond 20, where PyTorch returns 1, that is 1.
#define SOFTPLUS_GRAD \
	AT_MOST(constants_softplusThreshold, V0) \
	EXP(V0, V1, V2, V3) \
	ADD_C(constants_one, V1, V2) \
	VDIVPS V2, V1, V0 \
	VMULPS A, V0, V0

#define VALUE(F) \
	VMOVUPS A, V0 \
	F \
	VMOVUPS V0, Y

#define DERIVATIVE(F) \
	VMOVUPS B, V0 \
	F \
	TESTB BX, BX \
	JEQ store \
	VADDPS Y, V0, V0 \
store: \
	VMOVUPS V0, Y

// Each kind has a function, and its place in a table of them.
#define ACTIVATION(kind, F, name) \
TEXT name(SB), NOSPLIT, $0-0 \
	MAP(loop, VALUE(F)) \
DATA values<>+(8*kind)(SB)/8, $name(SB)

#define ACTIVATION_GRAD(kind, F, name) \
TEXT name(SB), NOSPLIT, $0-0 \
	MAP(loop, DERIVATIVE(F)) \
DATA derivatives<>+(8*kind)(SB)/8, $name(SB)

ACTIVATION(const_Tanh, TANH, tanh<>)
ACTIVATION(const_Sigmoid, SIGMOID, sigmoid<>)
ACTIVATION(const_ReLU, RELU, relu<>)
ACTIVATION(const_LeakyReLU, LEAKY_RELU, leakyReLU<>)
ACTIVATION(const_ELU, ELU, elu<>)
ACTIVATION(const_SELU, SELU, selu<>)
ACTIVATION(const_GELU, GELU, gelu<>)
ACTIVATION(const_SiLU, SILU, silu<>)
ACTIVATION(const_Softplus, SOFTPLUS, softplus<>)
ACTIVATION_GRAD(const_Tanh, TANH_GRAD, tanhGrad<>)
ACTIVATION_GRAD(const_Sigmoid, SIGMOID_GRAD, sigmoidGrad<>)
ACTIVATION_GRAD(const_ReLU, RELU_GRAD, reluGrad<>)
ACTIVATION_GRAD(const_LeakyReLU, LEAKY_RELU_GRAD, leakyReLUGrad<>)
ACTIVATION_GRAD(const_ELU, ELU_GRAD, eluGrad<>)
ACTIVATION_GRAD(const_SELU, SELU_GRAD, seluGrad<>)
ACTIVATION_GRAD(const_GELU, GELU_GRAD, geluGrad<>)
ACTIVATION_GRAD(const_SiLU, SILU_GRAD, siluGrad<>)
ACTIVATION_GRAD(const_Softplus, SOFTPLUS_GRAD, softplusGrad<>)
GLOBL values<>(SB), RODATA, $(8*const_Activations)
GLOBL derivatives<>(SB), RODATA, $(8*const_Activations)

TEXT activateFunc(SB), NOSPLIT, $0-32
	MOVBLZX kind+0(FP), AX
	MOVQ y+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ n+24(FP), CX
	LEAQ values<>(SB), BX
	JMP (BX)(AX*8)

TEXT activateGradFunc(SB), NOSPLIT, $0-41
	MOVBLZX kind+0(FP), AX
	MOVQ dx+8(FP), DI
	MOVQ dy+16(FP), SI
	MOVQ ref+24(FP), DX
	MOVQ n+32(FP), CX
	MOVBLZX accumulate+40(FP), BX
	LEAQ derivatives<>(SB), R8
	JMP (R8)(AX*8)
