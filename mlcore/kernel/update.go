package kernel

import "math"

// AdamStep holds the numbers of one Adam update: Kingma and Ba 2015, in the form of torch.optim.adam, which adds
// ε to the square root after the bias correction.
type AdamStep struct {
	Beta1, Beta2 float64
	StepSize     float64 // lr / (1 - β1^t)
	Correction   float64 // sqrt(1 - β2^t)
	Epsilon      float64
}

// goAdam updates the weights w and the moments m, v by the gradient g:
// m = β1 m + (1-β1) g; v = β2 v + (1-β2) g²; w -= StepSize · m / (√v / Correction + ε).
func goAdam[T Float](w, g, m, v []T, s *AdamStep) {
	b1, c1, b2, c2 := T(s.Beta1), T(1-s.Beta1), T(s.Beta2), T(1-s.Beta2)
	step, correction, eps := T(s.StepSize), T(s.Correction), T(s.Epsilon)
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	for i := range w {
		m[i] = b1*m[i] + c1*g[i]
		v[i] = b2*v[i] + c2*g[i]*g[i]
		w[i] -= step * m[i] / (T(math.Sqrt(float64(v[i])))/correction + eps)
	}
}

// goMomentum updates by w -= lr·buf with buf = μ buf + g (torch.optim.SGD with momentum).
func goMomentum[T Float](w, g, buf []T, lr, mu T) {
	g, buf = g[:len(w)], buf[:len(w)]
	for i := range w {
		buf[i] = mu*buf[i] + g[i]
		w[i] -= lr * buf[i]
	}
}
