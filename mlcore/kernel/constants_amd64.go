package kernel

import "math"

// constants are the numbers of the assembly's activations, which knows them by their offsets.
type constants struct {
	one, two, half, minusHalf, sign, nan float32

	log2e, ln2High, ln2Low  float32
	exp                     [6]float32
	expZero                 float32 // where eˣ is zero
	expInfinite, expSmall   float32 // where 1 + eˣ is infinite, and 1
	two24, half24           float32 // 2²⁴ and its inverse
	quarter, four           float32
	expm1                   [8]float32
	expm1Small              float32 // where eˣ - 1 is -1
	tanh                    [5]float32
	tanhSmall               float32 // up to which the polynomial serves
	tanhLimit, tanhLarge    float32
	artanh                  [9]float32
	halfRoot                float32 // √½
	erf                     [6]float32
	erfcLog                 [7]float32
	erfSmall, erfOne        float32 // up to which the polynomial serves, and from where erf is 1
	normalPeak              float32 // φ(0)
	leakySlope              float32
	seluScale, seluNegative float32
	softplusThreshold       float32
}

//lint:ignore U1000 the assembly reads them
var floats = constants{
	one: 1, two: 2, half: 0.5, minusHalf: -0.5, sign: float32(math.Copysign(0, -1)), nan: float32(math.NaN()),

	log2e: math.Log2E, ln2High: 0.693359375, ln2Low: -2.12194440e-4,
	exp:     [...]float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1},
	expZero: -104, expInfinite: 89, expSmall: -80,
	two24: 1 << 24, half24: 1.0 / (1 << 24), quarter: 0.25, four: 4,
	expm1:      [...]float32{1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1},
	expm1Small: -87,
	tanh:       [...]float32{-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1},
	tanhSmall:  0.625, tanhLimit: tanhLimit32, tanhLarge: 40,
	artanh:   [...]float32{2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2},
	halfRoot: 1 / math.Sqrt2,
	erf:      [...]float32{-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1},
	erfcLog: [...]float32{-1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1,
		-1.28717512e-1},
	erfSmall: 475.0 / 512, erfOne: 5,
	normalPeak: normalPeak,
	leakySlope: leakySlope, seluScale: seluScale, seluNegative: seluScale * seluAlpha, softplusThreshold: softplusThreshold,
}
