package oracle

import (
	"fmt"
	"math"
)

// Numbers below tiny and above huge agree in their order of magnitude at best: float32 ends at 1e-38 and 3e38, and on the
// way there the roundings of many factors have added up.
const (
	tiny = 1e-30
	huge = 1e30
)

// Differ says how got misses want, and is nil where it does not: within a relative tolerance, or within a power of ten
// where want is below tiny or above huge. NaN is NaN alone.
func Differ(got float64, want Number, relative float64) error {
	w := float64(want)
	switch size := math.Abs(w); {
	case got == w, math.IsNaN(got) && math.IsNaN(w):
		return nil
	case math.IsInf(w, 0) && math.Abs(got) > 1e36 && math.Signbit(got) == math.Signbit(w):
		return nil // at the edge of float32 the last rounding decides
	case size < tiny || size > huge:
		if math.Abs(math.Log10(math.Abs(got))-math.Log10(size)) < 1 && math.Signbit(got) == math.Signbit(w) {
			return nil
		}
	case math.Abs(got-w) <= relative*size:
		return nil
	}
	return fmt.Errorf("got %g, want %g to %.1g", got, w, relative)
}
