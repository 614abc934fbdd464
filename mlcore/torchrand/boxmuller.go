package torchrand

import "math"

// PyTorch's float32 normals come from normal_fill_AVX2, which takes logarithm, sine and cosine from avx_mathfun.h
// (Garberoglio's port of Pommier's sse_mathfun, after the Cephes library by Moshier). The compiler fuses its
// multiply-adds. The functions below follow it operation by operation, so that the draws are equal bit for bit:
// a float64 network that starts from another float32 is another network after nine digits.

// fma32 is a·b + c rounded once. The product is exact in float64, and the sum is rounded there before it is rounded
// here: in about one case in 2^29 that differs from a fused float32 operation by one ulp.
func fma32(a, b, c float32) float32 {
	return float32(float64(a)*float64(b) + float64(c))
}

// normals16 turns 16 uniforms into 16 normals; element j pairs with j + 8.
func normals16(d []float32, mean, std float32) {
	for j := range 8 {
		u1, u2 := 1-d[j], d[j+8]
		radius := float32(math.Sqrt(float64(-2 * log32(u1))))
		sin, cos := sincos32(float32(2*math.Pi) * u2)
		d[j] = fma32(radius*cos, std, mean)
		d[j+8] = fma32(radius*sin, std, mean)
	}
}

// log32 is log256_ps for 0 < x <= 1.
func log32(x float32) float32 {
	bits := math.Float32bits(x)
	e := float32(int32(bits>>23)-0x7f) + 1
	x = math.Float32frombits(bits&^0x7f800000 | math.Float32bits(0.5))
	if x < math.Sqrt2/2 {
		e--
		x = (x - 1) + x
	} else {
		x--
	}
	z := x * x
	y := float32(7.0376836292e-2)
	for _, p := range [...]float32{-1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1} {
		y = fma32(y, x, p)
	}
	y *= x
	y = fma32(y, z, e*-2.12194440e-4)
	y = fma32(z, -0.5, y)
	x += y
	return fma32(e, 0.693359375, x)
}

// sincos32 is sincos256_ps for x >= 0.
func sincos32(x float32) (sin, cos float32) {
	octant := (int32(x*1.27323954473516) + 1) &^ 1
	y := float32(octant)
	x = fma32(y, -0.78515625, x)
	x = fma32(y, -2.4187564849853515625e-4, x)
	x = fma32(y, -3.77489497744594108e-8, x)
	z := x * x
	c := float32(2.443315711809948e-5)
	c = fma32(c, z, -1.388731625493765e-3)
	c = fma32(c, z, 4.166664568298827e-2)
	c *= z
	c = fma32(c, z, -(z * 0.5))
	c++
	s := float32(-1.9515295891e-4)
	s = fma32(s, z, 8.3321608736e-3)
	s = fma32(s, z, -1.6666654611e-1)
	s *= z
	s = fma32(s, x, x)
	if octant&2 != 0 {
		s, c = c, s
	}
	if octant&4 != 0 {
		s = -s
	}
	if (octant-2)&4 == 0 {
		c = -c
	}
	return s, c
}
