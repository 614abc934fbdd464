package guess

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestNumbersAreRead(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		typed         string
		number, power float64 // NaN: refused
	}{
		{"10^-12", 1e-12, -12}, {"1e-12", 1e-12, -12}, {"1E-12", 1e-12, -12}, {"10⁻¹²", 1e-12, -12}, {"10^−12", 1e-12, -12},
		{"10^(-12)", 1e-12, -12}, {"10^{-12}", 1e-12, -12}, {"10**-12", 1e-12, -12}, {" 10 ^ -12 ", 1e-12, -12}, {"1 · 10⁻¹²", 1e-12, -12},
		{"-12", -12, -12}, {"−12", -12, -12}, {"–12", -12, -12}, {"+12", 12, 12}, {"-12,5", -12.5, -12.5}, {"-12.", -12, -12}, {"0", 0, 0},
		{"100*10^-3", 0.1, -1}, {"100×10^-3", 0.1, -1}, {"100x10^-3", 0.1, -1}, {"10e-13", 1e-12, -12}, {"10^-0.5", math.Pow(10, -0.5), -0.5},
		{"10^6", 1e6, 6}, {"10²", 100, 2}, {"1e+2", 100, 2}, {"10^-400", 0, -400}, {"1e-400", 0, -400},
		{"-10^-12", -1e-12, none}, {"-1e-12", -1e-12, none}, {"0e5", 0, none}, // no power of ten is negative, or 0
		{"0,05", 0.05, none}, {"0.001", 0.001, none}, {".5", 0.5, 0.5}, {"1e300", 1e300, 300}, // 0.001: the number, or its power?
		{"401", 401, none}, {"10^401", none, none}, {"1e999", none, none}, {"10^1e3", none, none}, {"1e301", none, 301},
		{"", none, none}, {" ", none, none}, {"six", none, none}, {"nan", none, none}, {"inf", none, none}, {"0x10", none, none}, {"1_000", none, none},
		{"10-12", none, none}, {"10^", none, none}, {"^-12", none, none}, {"10^--12", none, none}, {"10^(-12", none, none}, {"1e1.5", none, none},
		{"1;2", none, none}, {"1.2.3", none, none}, {strings.Repeat("1", 41), none, none}, {"<script>", none, none}, {"\x00", none, none},
	} {
		for _, read := range []struct {
			how  string
			from func(string) (float64, error)
			want float64
		}{{"number", Number, c.number}, {"power", Power, c.power}} {
			got, err := read.from(c.typed)
			if refused := math.IsNaN(read.want); (err != nil) != refused || !refused && got != read.want {
				t.Errorf("%q as a %s: got %v, %v; want %v", c.typed, read.how, got, err, read.want)
			}
		}
	}
}

// What is refused is told in the words of what was asked for.
func TestReasons(t *testing.T) {
	if _, err := Number(""); !errors.Is(err, ErrNone) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := Number("six"); !errors.Is(err, ErrNumber) {
		t.Errorf("no number: %v", err)
	}
	if _, err := Power("six"); !errors.Is(err, ErrPower) {
		t.Errorf("no power: %v", err)
	}
}

func FuzzGuesses(f *testing.F) {
	for _, s := range []string{"10^-12", "1e-12", "−12", "3·10⁻¹²", "⁻", "10^(1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := Number(text); err == nil && !(math.Abs(v) <= most) {
			t.Errorf("%q is %v", text, v)
		}
		if v, err := Power(text); err == nil && !(math.Abs(v) <= mostPower) {
			t.Errorf("%q to the power %v", text, v)
		}
	})
}
