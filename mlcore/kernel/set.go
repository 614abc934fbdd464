package kernel

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

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
	LaneDots     func(sum, dot, dy, gate, x, mean []T, p *Planes)
	LaneNormGrad func(dx, dy, gate, x, a, b, c, mean []T, p *Planes, accumulate bool)

	Adam     func(w, g, m, v []T, s *AdamStep)
	Momentum func(w, g, buf []T, lr, mu T)

	peak     func(rounds int64)
	peakFLOP int
}

// Peak measures how many floating-point operations a second one core does in multiply-adds that touch no memory, the
// best of a few short runs: what a kernel's speed is a share of. It is 0 for plain Go.
func (s *Set[T]) Peak() float64 {
	if s.peak == nil {
		return 0
	}
	const rounds, runs = 200_000, 20
	best := 0.0
	for range runs {
		start := time.Now()
		s.peak(rounds)
		best = max(best, rounds*float64(s.peakFLOP)/time.Since(start).Seconds())
	}
	return best
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

// Variable is the environment variable that forces a set by name.
const Variable = "GRADLAB_KERNEL"

// Available returns the float32 sets that this machine runs, the plain one first, the fastest last.
func Available() []*Set[float32] { return slices.Clone(available()) }

var available = sync.OnceValue(func() []*Set[float32] {
	return append([]*Set[float32]{Go[float32]()}, assembly()...)
})

// Chosen returns the float32 set that For picks: the one that the environment forces, or the fastest. The error says
// that the environment names a set that this machine does not run; the set is the fastest then.
func Chosen() (*Set[float32], error) {
	sets := available()
	fastest := sets[len(sets)-1]
	forced := os.Getenv(Variable)
	if forced == "" {
		return fastest, nil
	}
	var names []string
	for _, s := range sets {
		if s.Name == forced {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return fastest, fmt.Errorf("%s: this machine does not run %q, want one of %s", Variable, forced, strings.Join(names, ", "))
}

var chosen = sync.OnceValue(func() *Set[float32] {
	s, _ := Chosen() // a program reports the error at its start, by calling Chosen itself
	return s
})

var plain64 = sync.OnceValue(Go[float64])

// For returns the fastest set for T on this machine, or the one that the environment forces.
func For[T Float]() *Set[T] {
	if s, ok := any(chosen()).(*Set[T]); ok {
		return s
	}
	if s, ok := any(plain64()).(*Set[T]); ok {
		return s
	}
	return Go[T]() // a named float type
}
