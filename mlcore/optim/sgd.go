package optim

import "math"

// SGD is w -= lr·g; with momentum μ: v = μ v + g, w -= lr·v (Sutskever et al. 2013, in torch's form); Nesterov's
// variant steps along g + μ v.
type SGD[T Float] struct {
	group[T]
	momentum float64
	nesterov bool
	velocity [][]T
}

// Step updates every parameter that has had a gradient.
func (s *SGD[T]) Step() {
	if s.momentum != 0 && s.velocity == nil {
		s.velocity = s.state()
	}
	lr, mu := T(s.lr), T(s.momentum)
	for i, p := range s.params {
		switch {
		case s.count(i) == 0:
		case s.momentum == 0:
			s.kernels.Scale(p.Data, p.Grad, -lr, true)
		case s.nesterov:
			v := s.velocity[i]
			for j, g := range p.Grad {
				v[j] = mu*v[j] + g
				p.Data[j] -= lr * (g + mu*v[j])
			}
		default:
			s.kernels.Momentum(p.Data, p.Grad, s.velocity[i], lr, mu)
		}
	}
}

// RMSprop is v = α v + (1-α) g², w -= lr·g / (√v + ε) (Hinton's lecture 6e, in torch's form).
type RMSprop[T Float] struct {
	group[T]
	square [][]T
}

// Step updates every parameter that has had a gradient.
func (r *RMSprop[T]) Step() {
	if r.square == nil {
		r.square = r.state()
	}
	lr := T(r.lr)
	for i, p := range r.params {
		if r.count(i) == 0 {
			continue
		}
		v := r.square[i]
		for j, g := range p.Grad {
			v[j] = rmspropAlpha*v[j] + (1-rmspropAlpha)*g*g
			p.Data[j] -= lr * g / (T(math.Sqrt(float64(v[j]))) + epsilon)
		}
	}
}
