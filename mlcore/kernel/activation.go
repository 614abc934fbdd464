package kernel

import "math"

// Activation names one of the element-wise nonlinearities, as torch.nn.functional defines them.
type Activation uint8

const (
	Identity  Activation = iota
	Tanh                 // tanh x
	Sigmoid              // 1 / (1 + e^-x)
	ReLU                 // max(x, 0)
	LeakyReLU            // x where x > 0, else 0.01 x
	ELU                  // x where x > 0, else e^x - 1
	SELU                 // λ x where x > 0, else λ α (e^x - 1) (Klambauer et al. 2017)
	GELU                 // x Φ(x), exact (Hendrycks and Gimpel 2016)
	SiLU                 // x sigmoid(x)
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
	case LeakyReLU:
		for i, v := range x {
			if v <= 0 {
				v *= leakySlope
			}
			y[i] = v
		}
	case Tanh:
		limit := tanhLimit[T]()
		for i, v := range x {
			y[i] = tanh(v, limit)
		}
	case Sigmoid:
		for i, v := range x {
			// The denominator is rounded to T, as in ATen: it decides how a saturated unit's gradient looks.
			y[i] = 1 / (1 + T(math.Exp(float64(-v))))
		}
	default:
		f := transcendental[kind].value
		for i, v := range x {
			y[i] = T(f(float64(v)))
		}
	}
}

// relu keeps NaN: max(NaN, 0) would, and so does PyTorch's clamp_min.
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

// reluGrad stores dy where ref is positive, else 0. The signs of activations are random, so that a branch would be
// mispredicted half of the time: float32 selects by bits.
func reluGrad[T Float](dx, dy, ref []T) {
	if dx, ok := any(dx).([]float32); ok {
		dy, ref := any(dy).([]float32)[:len(dx)], any(ref).([]float32)[:len(dx)]
		for i := range dx {
			b := int32(math.Float32bits(ref[i]))
			positive := uint32((-b & ^b) >> 31) // all ones where b > 0
			dx[i] = math.Float32frombits(math.Float32bits(dy[i]) & positive)
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

// activationGrad is dy·f', in the order of operations of ATen's CPU kernels: where a float32 saturates, the
// rounding decides whether a gradient is small or zero.
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
		if ref <= 0 {
			return g * leakySlope
		}
		return g
	}
	return g * T(transcendental[kind].derivative(float64(ref)))
}

// tanhLimit is where SLEEF, ATen's library of vector functions, calls tanh saturated: 1 - tanh x is one ulp there,
// and the gradient of a saturated unit is zero beyond.
func tanhLimit[T Float]() T {
	limit, single := 18.714973875, 8.664339742
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

// transcendental are the activations that need transcendental functions, and those derivatives that need x.
var transcendental = [Activations]struct{ value, derivative func(x float64) float64 }{
	Tanh: {value: math.Tanh},
	ELU: {
		func(x float64) float64 { return elu(x, 1, 1) },
		func(x float64) float64 { return eluGrad(x, 1, 1) },
	},
	SELU: {
		func(x float64) float64 { return elu(x, seluAlpha, seluScale) },
		func(x float64) float64 { return eluGrad(x, seluAlpha, seluScale) },
	},
	GELU: {
		func(x float64) float64 { return 0.5 * x * (1 + math.Erf(x/math.Sqrt2)) },
		func(x float64) float64 {
			density := math.Exp(-0.5*x*x) / math.Sqrt(2*math.Pi)
			return 0.5*(1+math.Erf(x/math.Sqrt2)) + x*density
		},
	},
	SiLU: {
		func(x float64) float64 { return x * sigmoid(x) },
		func(x float64) float64 {
			s := sigmoid(x)
			return s * (1 + x*(1-s))
		},
	},
	Softplus: {
		func(x float64) float64 {
			if x > softplusThreshold {
				return x
			}
			return math.Log1p(math.Exp(x))
		},
		func(x float64) float64 {
			if x > softplusThreshold {
				return 1
			}
			return sigmoid(x)
		},
	},
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func elu(x, alpha, scale float64) float64 {
	if x > 0 {
		return scale * x
	}
	return scale * alpha * math.Expm1(x)
}

func eluGrad(x, alpha, scale float64) float64 {
	if x > 0 {
		return scale
	}
	return scale * alpha * math.Exp(x)
}
