package export

import (
	"math"
	"strconv"
)

// Number writes a float of 32 or 64 bits as short as it can be read back by JSON, Python, R and Julia: 0.1, 1e-07, 2. To
// them "-0" is a whole number without a sign, so that it is -0.0. What is not finite is nan, inf or -inf.
func Number(v float64, bits int) string {
	switch {
	case v == 0 && math.Signbit(v):
		return "-0.0"
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return strconv.FormatFloat(v, 'g', -1, bits)
}
