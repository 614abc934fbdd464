package kernel

// Set is a table of kernels for one element type; the functions of one set give the same results up to rounding
// as those of another. A Set is read-only and shared by all runs.
type Set[T Float] struct {
	Name string // "go", "avx2", "avx512", "neon"

	Correlate     func(c *Correlation[T])
	CorrelateGrad func(c *Correlation[T])

	Activate     func(kind Activation, y, x []T)
	ActivateGrad func(kind Activation, dx, dy, ref []T, accumulate bool)

	Add   func(y, a, b []T, relu bool)
	Mul   func(y, a, b []T, accumulate bool)
	Scale func(y, x []T, s T, accumulate bool)
	Dot   func(a, b []T) T

	LaneSum      func(acc, x []T, p *Planes)
	LaneSquares  func(acc, x, mean []T, p *Planes)
	LaneAffine   func(y, x, scale, shift []T, p *Planes, relu bool)
	LaneDots     func(sum, dot, dy, x, mean []T, p *Planes)
	LaneNormGrad func(dx, dy, x, a, b, c, mean []T, p *Planes, accumulate bool)

	Adam     func(w, g, m, v []T, s *AdamStep)
	Momentum func(w, g, buf []T, lr, mu T)
}

// Go returns the plain Go kernels.
func Go[T Float]() *Set[T] {
	return &Set[T]{
		Name:          "go",
		Correlate:     goCorrelate[T],
		CorrelateGrad: goCorrelateGrad[T],
		Activate:      goActivate[T],
		ActivateGrad:  goActivateGrad[T],
		Add:           goAdd[T],
		Mul:           goMul[T],
		Scale:         goScale[T],
		Dot:           goDot[T],
		LaneSum:       goLaneSum[T],
		LaneSquares:   goLaneSquares[T],
		LaneAffine:    goLaneAffine[T],
		LaneDots:      goLaneDots[T],
		LaneNormGrad:  goLaneNormGrad[T],
		Adam:          goAdam[T],
		Momentum:      goMomentum[T],
	}
}

// For returns the fastest set for T on this machine.
func For[T Float]() *Set[T] { return Go[T]() }
