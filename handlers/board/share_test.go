package board

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A share in words is the share.
func TestSharesInWords(t *testing.T) {
	for v, want := range map[float64]string{
		4.9e-13: "half a trillionth", 3.9e-13: "under half a trillionth", 5.8e-4: "over half a thousandth", 0.14: "14\u00a0%", 1e-3: "a thousandth",
		0.004: "4 thousandths", 2.5e-5: "25 millionths", 0: "nothing", 5e-39: "next to nothing",
	} {
		if got := share(v); got != want {
			t.Errorf("%g: got %q, want %q", v, got, want)
		}
	}
	number := regexp.MustCompile(`^[\d.]+`)
	rapid.Check(t, func(t *rapid.T) {
		v := math.Pow(10, rapid.Float64Range(-25, -0.003).Draw(t, "exponent"))
		said := share(v)
		size := 0.01
		for _, u := range units {
			if strings.Contains(said, u.name) {
				size = u.size
			}
		}
		var so bool
		switch k := v / size; {
		case said == "next to nothing":
			so = v < 1e-18
		case strings.HasPrefix(said, "over half"):
			so = k > 0.5 && k < 1
		case strings.HasPrefix(said, "under half"):
			so = k < 0.5 && k > 0.25
		case strings.HasPrefix(said, "half"):
			so = math.Abs(k-0.5) <= 0.05
		case strings.HasPrefix(said, "a "):
			so = math.Abs(k-1) <= 0.05
		default:
			n, err := strconv.ParseFloat(number.FindString(said), 64)
			so = err == nil && math.Abs(n-k) <= 0.05*k+0.005
		}
		if !so {
			t.Fatalf("%g is %q", v, said)
		}
	})
}
