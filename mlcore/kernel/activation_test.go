package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

// everywhere are floats of every exponent and both signs, the special ones, those around which a formula changes, and
// many in the range where activations bend.
func everywhere() []float32 {
	r := rand.New(rand.NewPCG(8, 8))
	nan := math.Float32bits(float32(math.NaN()))
	bits := []uint32{0, nan, nan ^ 1<<31} // -0 and the infinities are among the exponents
	for exponent := range uint32(256) {
		for _, mantissa := range []uint32{0, 1, 0x2aaaaa, 0x555555, 0x7fffff, r.Uint32() & 0x7fffff, r.Uint32() & 0x7fffff} {
			if exponent < 255 || mantissa == 0 {
				bits = append(bits, exponent<<23|mantissa)
			}
		}
	}
	for _, edge := range []float32{0.5, 0.625, 475. / 512, 475. / 512 * math.Sqrt2, 1, 5.54, 8.664339742, 16.6355, 17.32868, 20, 87.3365, 88.3763, 88.7228, 89, 103.279, 103.972, 104} {
		for d := range uint32(9) {
			bits = append(bits, math.Float32bits(edge)+d-4)
		}
	}
	for range 4000 {
		bits = append(bits, math.Float32bits(float32(r.Float64()*math.Pow(110, r.Float64()*2-1))))
	}
	var x []float32
	for _, b := range bits {
		x = append(x, math.Float32frombits(b), math.Float32frombits(b^1<<31))
	}
	return x
}

// values and derivatives of an activation by one set; derivatives for a gradient of g, at x or, where the set reads
// the value there, at y = x.
func swept[T Float](set *Set[T], kind Activation, x []T, g T) (values, derivatives []T) {
	values, derivatives = make([]T, len(x)), make([]T, len(x))
	dy := make([]T, len(x))
	for i := range dy {
		dy[i] = g
	}
	set.Activate(kind, values, x)
	set.ActivateGrad(kind, derivatives, dy, x, false)
	return values, derivatives
}

// units is how many of float32's units in the last place of want lie between two numbers; those of a subnormal number
// where want is one. NaN is one number.
func units(got, want, slack float64) float64 {
	if got == want || got != got && want != want {
		return 0
	}
	return max(0, math.Abs(got-want)-slack) / math.Max(0x1p-149, math.Abs(want)*0x1p-23)
}

// slack is what a formula's own rounding leaves open besides, before it scales as the value does: of GELU the cancellation
// in 1 + erf, of the derivatives of GELU and SiLU that of two terms.
func slack(kind Activation, derivative bool, x float64) float64 {
	switch {
	case kind == GELU && math.Abs(x) < 5.6:
		return 0x1p-23 * math.Max(1, math.Abs(x))
	case kind == SiLU && derivative && math.Abs(x) < 20:
		return 0x1p-22 * math.Abs(x) / (1 + math.Exp(-x))
	}
	return 0
}

// saturated says where a float32 value is what f tends to, exactly.
func saturated(kind Activation, x float64) bool {
	switch kind {
	case Tanh:
		return math.Abs(x) > 8.66434
	case Sigmoid:
		return x > 17.4 || x < -88.723
	case ELU, SELU:
		return x < -17.4
	case GELU:
		return math.Abs(x) > 5.6
	case SiLU:
		return x > 17.4 || x < -88.723
	case Softplus:
		return x > 20 || x < -104
	}
	return false
}

// TestActivationsAreOneDefinition holds every set to plain Go over the whole range, values and derivatives; the sets
// with assembly agree with one another bit for bit, and a number does not depend on its place in a slice.
func TestActivationsAreOneDefinition(t *testing.T) {
	x := everywhere()
	var first *Set[float32]
	for _, set := range Available() {
		if first == nil && set.Name != "go" {
			first = set
		}
		for kind := range Activations {
			for _, g := range []float32{1, -0.37} {
				wantValues, wantDerivatives := swept(Go[float32](), kind, x, g)
				values, derivatives := swept(set, kind, x, g)
				check := func(what string, derivative bool, got, want []float32) {
					t.Helper()
					for i := range x {
						allowed := slack(kind, derivative, float64(x[i]))
						off := units(float64(got[i]), float64(want[i]), allowed)
						if !(off <= 5) || off > 0 && !derivative && saturated(kind, float64(x[i])) {
							t.Errorf("%s: %v: %s at %v: got %v, want %v", set.Name, kind, what, x[i], got[i], want[i])
							return
						}
					}
				}
				check("value", false, values, wantValues)
				check("derivative", true, derivatives, wantDerivatives)
				if set.Name == "go" {
					continue
				}
				otherValues, otherDerivatives := swept(first, kind, x, g)
				for i := range x {
					alone, aloneD := swept(set, kind, x[i:i+1], g)
					for _, pair := range [][2]float32{{alone[0], values[i]}, {aloneD[0], derivatives[i]}, {otherValues[i], values[i]}, {otherDerivatives[i], derivatives[i]}} {
						if pair[0] != pair[1] && (pair[0] == pair[0] || pair[1] == pair[1]) {
							t.Fatalf("%s: %v at %v: got %v alone or by %s, %v in a row", set.Name, kind, x[i], pair[0], first.Name, pair[1])
						}
					}
				}
			}
		}
	}
}

// TestActivationsArePyTorchs holds plain Go, the definition, to PyTorch 1.13 over the range, in both precisions.
func TestActivationsArePyTorchs(t *testing.T) {
	var swept []struct {
		Name, DType          string
		X, Value, Derivative []oracle.Number
	}
	oracle.Read(t, "activations", &swept)
	for _, s := range swept {
		if s.DType == "float64" {
			arePyTorchs(t, s.Name, Go[float64](), s.X, s.Value, s.Derivative, 0x1p-52, 0x1p-1074)
		} else {
			arePyTorchs(t, s.Name, Go[float32](), s.X, s.Value, s.Derivative, 0x1p-23, 0x1p-149)
		}
	}
}

func arePyTorchs[T Float](t *testing.T, name string, set *Set[T], x, value, derivative []oracle.Number, unit, smallest float64) {
	t.Helper()
	kind := Identity
	for ; kind.String() != name; kind++ {
	}
	check := func(what string, i int, got T, want oracle.Number, slack float64) {
		t.Helper()
		g, w := float64(got), float64(want)
		if g == w || g != g && w != w {
			return
		}
		if !(math.Abs(g-w) <= slack+math.Max(smallest, unit*math.Abs(w))*4) {
			t.Errorf("%s %s: %s at %v: got %v, want %v", set.Name, name, what, float64(x[i]), g, w)
		}
	}
	for i := range x {
		ref := []T{T(float32(x[i]))}
		y := make([]T, 1)
		set.Activate(kind, y, ref)
		check("value", i, y[0], value[i], slack(kind, false, float64(x[i]))*unit*0x1p23)
		if kind.FromOutput() {
			ref[0] = T(value[i])
		}
		set.ActivateGrad(kind, y, []T{1}, ref, false)
		check("derivative", i, y[0], derivative[i], slack(kind, true, float64(x[i]))*unit*0x1p23)
	}
}
