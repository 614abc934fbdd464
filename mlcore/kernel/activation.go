package kernel

import "math"

// Activation names one of the element-wise nonlinearities, as torch.nn.functional defines them.
//
// A value and a derivative are what ATen's formula gives where every operation of it is rounded to the type: how a
// saturated unit looks is a matter of rounding, and is PyTorch's. In float32 the sigmoid is 0 below -88.72, where e^-x
// overflows, tanh is ±1 from 8.6643 on, and GELU 0 below -5.6, where erf is -1; a gradient is 0 there, too. NaN comes out
// as NaN, and its derivative is NaN, but 1 of ReLU and 0.01 of LeakyReLU. All sets agree on this, and to a few units in
// the last place on the rest.
//
// The formulas are those of PyTorch 1.13 and 2, but for three that PyTorch computes in more than one way. ELU and SELU are
// without the cancellation of 1.13's e^x - 1, as in 2. GELU is ATen's, to which oneDNN's approximation, taken by PyTorch
// for float32 tensors of two elements and more, is close to 1e-7·|x|. The derivative of ELU and SELU at NaN is NaN, as of
// ATen's vectors; in what is left over at the end of a tensor ATen has 1.
type Activation uint8

const (
	Identity  Activation = iota
	Tanh                 // tanh x
	Sigmoid              // 1 / (1 + e^-x)
	ReLU                 // x where x is not below 0, else 0
	LeakyReLU            // x where x > 0, else 0.01 x
	ELU                  // x where x > 0, else e^x - 1
	SELU                 // λ x where x > 0, else λ α (e^x - 1) (Klambauer et al. 2017)
	GELU                 // x (1 + erf(x/√2)) / 2, exact (Hendrycks and Gimpel 2016)
	SiLU                 // x / (1 + e^-x)
	Softplus             // ln(1 + e^x); x where x > 20
)

var activationNames = [...]string{"identity", "tanh", "sigmoid", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus"}

// Activations is the number of activations: the kinds are 0 to Activations - 1.
const Activations = Activation(len(activationNames))

// String returns the name that PyTorch's torch.nn.functional uses, "leaky_relu".
func (a Activation) String() string { return activationNames[a] }

// FromOutput reports whether the derivative follows from y = f(x) alone, so that x need not be kept.
func (a Activation) FromOutput() bool { return a <= LeakyReLU }

// ZeroAtZero reports whether f(0) = 0.
func (a Activation) ZeroAtZero() bool { return a != Sigmoid && a != Softplus }

// PyTorch's constants: ATen/native/Activation.cpp and cpu/Elu.h.
const (
	leakySlope        = 0.01
	seluAlpha         = 1.6732632423543772848170429916717
	seluScale         = 1.0507009873554804934193349852946
	softplusThreshold = 20
)

const (
	// tanhLimit32 is where SLEEF, ATen's library of vector functions, calls tanh saturated: 1 - tanh x is one ulp there, and
	// the gradient of a saturated unit is zero beyond. tanhLimit64 is that of float64.
	tanhLimit32 = 8.664339742
	tanhLimit64 = 18.714973875

	normalPeak = 0.3989422804014327 // 1/√(2π), the normal density at 0
)

// goActivate stores y = f(x). y and x may be the same slice.
func goActivate[T Float](kind Activation, y, x []T) {
	y = y[:len(x)]
	switch kind {
	case Identity:
		copy(y, x)
	case ReLU:
		for i, v := range x {
			y[i] = relu(v)
		}
	case Tanh:
		limit := tanhLimit[T]()
		for i, v := range x {
			y[i] = tanh(v, limit)
		}
	default:
		for i, v := range x {
			y[i] = activation(kind, v)
		}
	}
}

// activation is f(x) of the kinds that have no loop of their own.
func activation[T Float](kind Activation, x T) T {
	switch kind {
	case Sigmoid:
		return sigmoid(x)
	case LeakyReLU:
		if x > 0 {
			return x
		}
		return x * leakySlope
	case ELU:
		return elu(x, 1, 1)
	case SELU:
		return elu(x, seluAlpha, seluScale)
	case GELU:
		return x * normalCDF(x)
	case SiLU:
		return x / (1 + exp(-x))
	case Softplus:
		if x > softplusThreshold {
			return x
		}
		return T(math.Log1p(float64(exp(x))))
	}
	panic("kernel: no such activation: " + kind.String())
}

// relu keeps NaN and -0, as PyTorch's clamp_min.
func relu[T Float](v T) T {
	if v < 0 {
		return 0
	}
	return v
}

// goActivateGrad stores dx = dy·f'(x), or adds it where accumulate is set. ref is y where kind.FromOutput, else x.
// dx and dy may be the same slice.
func goActivateGrad[T Float](kind Activation, dx, dy, ref []T, accumulate bool) {
	dx, ref = dx[:len(dy)], ref[:len(dy)]
	if accumulate {
		for i, g := range dy {
			dx[i] += activationGrad(kind, g, ref[i])
		}
		return
	}
	switch kind {
	case Identity:
		copy(dx, dy)
	case ReLU:
		reluGrad(dx, dy, ref)
	case Tanh:
		for i, g := range dy {
			dx[i] = g * tanhGrad(ref[i])
		}
	default:
		for i, g := range dy {
			dx[i] = activationGrad(kind, g, ref[i])
		}
	}
}

// reluGrad stores dy where ref is not 0 or below, else 0. The signs of activations are random, so that a branch would be
// mispredicted half of the time: float32 selects by bits.
func reluGrad[T Float](dx, dy, ref []T) {
	if dx, ok := any(dx).([]float32); ok {
		const infinity = 0x7f800000
		dy, ref := any(dy).([]float32)[:len(dx)], any(ref).([]float32)[:len(dx)]
		for i := range dx {
			b := math.Float32bits(ref[i])
			size := int32(b &^ (1 << 31))
			nan := infinity - size                 // negative where ref is NaN
			positive := -size & ^int32(b)          // negative where ref > 0 or a positive NaN
			pass := uint32((nan | positive) >> 31) // all ones, or zero
			dx[i] = math.Float32frombits(math.Float32bits(dy[i]) & pass)
		}
		return
	}
	for i, g := range dy {
		if ref[i] <= 0 {
			g = 0
		}
		dx[i] = g
	}
}

// activationGrad is dy·f', in the order of operations of ATen's CPU kernels.
func activationGrad[T Float](kind Activation, g, ref T) T {
	switch kind {
	case Identity:
		return g
	case Tanh:
		return g * tanhGrad(ref)
	case Sigmoid:
		return g * (1 - ref) * ref
	case ReLU:
		if ref <= 0 {
			return 0
		}
		return g
	case LeakyReLU:
		if ref > 0 {
			return g
		}
		return g * leakySlope
	case ELU:
		return g * eluGrad(ref, 1, 1)
	case SELU:
		return g * eluGrad(ref, seluAlpha, seluScale)
	case GELU:
		density := exp(-0.5*ref*ref) * normalPeak
		return g * (normalCDF(ref) + ref*density)
	case SiLU:
		s := sigmoid(ref)
		return g * s * (1 + ref*(1-s))
	case Softplus:
		if ref > softplusThreshold {
			return g
		}
		z := exp(ref)
		return g * z / (z + 1)
	}
	panic("kernel: no such activation: " + kind.String())
}

// tanhLimit is tanh's limit of saturation in T.
func tanhLimit[T Float]() T {
	limit, single := tanhLimit64, tanhLimit32
	if one := T(1); one+T(0x1p-30) == one {
		limit = single
	}
	return T(limit)
}

func tanh[T Float](x, limit T) T {
	switch {
	case x > limit:
		return 1
	case x < -limit:
		return -1
	}
	return T(math.Tanh(float64(x)))
}

// tanhGrad is 1 - y² rounded once, as ATen's fused kernel computes it: near saturation the rounding of y² would cost
// half of the digits.
func tanhGrad[T Float](y T) T { return T(math.FMA(-float64(y), float64(y), 1)) }

// exp is e^x rounded to T: it overflows and ends where T does.
func exp[T Float](x T) T { return T(math.Exp(float64(x))) }

func sigmoid[T Float](x T) T { return 1 / (1 + exp(-x)) }

// normalCDF is Φ(x) with erf rounded to T: zero where that is -1.
func normalCDF[T Float](x T) T {
	return 0.5 * (1 + T(math.Erf(float64(x*T(1/math.Sqrt2)))))
}

func elu[T Float](x T, alpha, scale float64) T {
	if x > 0 {
		return T(scale) * x
	}
	return T(scale*alpha) * T(math.Expm1(float64(x)))
}

func eluGrad[T Float](x T, alpha, scale float64) T {
	if x > 0 {
		return T(scale)
	}
	return T(scale*alpha) * exp(x)
}
