package export

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Every finite number reads back to itself, sign of zero included, and minus zero as a float, not as a whole number.
func TestNumberReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -2, math.SmallestNonzeroFloat32, math.MaxFloat64})).Draw(t, "v")
		for bits, want := range map[int]float64{32: float64(float32(v)), 64: v} {
			text := Number(want, bits)
			if math.IsInf(want, 0) {
				continue
			}
			var got float64
			if err := json.Unmarshal([]byte(text), &got); err != nil || float32(got) != float32(want) || bits == 64 && got != want {
				t.Fatalf("%v is written %s, which reads %v: %v", want, text, got, err)
			}
			if math.Signbit(got) != math.Signbit(want) || want == 0 && math.Signbit(want) && !strings.Contains(text, ".") {
				t.Fatalf("%v is written %s, which loses its sign", want, text)
			}
		}
	})
	for v, want := range map[float64]string{math.NaN(): "nan", math.Inf(1): "inf", math.Inf(-1): "-inf"} {
		if got := Number(v, 32); got != want {
			t.Errorf("%v is written %s, want %s", v, got, want)
		}
	}
}
