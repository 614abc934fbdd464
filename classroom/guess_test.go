package classroom

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseGuess(t *testing.T) {
	power, number, choice := Stop{Form: Power}, Stop{Form: Number}, Stop{Form: Choice, Choices: []string{"a", "b"}}
	for _, test := range []struct {
		stop Stop
		text string
		want float64
		ok   bool
	}{
		{power, "−6", -6, true}, {power, " -6.5 ", -6.5, true}, {power, "-401", 0, false}, {power, "", 0, false},
		{number, "0,05", 0.05, true}, {number, "1e-6", 1e-6, true}, {number, "10^-6", 1e-6, true}, {number, "10^−2", 0.01, true},
		{power, "10^-12", -12, true}, {power, "1e-12", -12, true}, {power, "10⁻¹²", -12, true},
		{number, "nan", 0, false}, {number, "inf", 0, false}, {number, "1e999", 0, false}, {number, "10^999", 0, false}, {number, "six", 0, false},
		{choice, "1", 1, true}, {choice, "2", 0, false}, {choice, "-1", 0, false}, {choice, "0.5", 0, false},
	} {
		got, err := test.stop.ParseGuess(test.text)
		if (err == nil) != test.ok || test.ok && !(math.Abs(got-test.want) <= 1e-15) {
			t.Errorf("%s %q: got %v, %v; want %v, %v", test.stop.Form, test.text, got, err, test.want, test.ok)
		}
	}
}

// voted are guesses, in the one round and the other by turns.
func voted(values ...float64) (guesses []Guess) {
	for i, v := range values {
		guesses = append(guesses, Guess{Round: i%Rounds + 1, Value: v})
	}
	return guesses
}

// Every guess is in exactly one bar, bars do not overlap, and the truth is in one of them.
func TestHistogramProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Stop{Form: rapid.SampledFrom([]Form{Number, Power}).Draw(t, "form"), Again: true}
		size := rapid.SampledFrom([]float64{1e-12, 1, 20, 1e9, 1e300}).Draw(t, "size")
		guesses := voted(rapid.SliceOfN(rapid.Float64Range(-size, size), 0, 60).Draw(t, "guesses")...)
		truth, known := rapid.Float64Range(-size, size).Draw(t, "truth"), rapid.Bool().Draw(t, "known")
		bins := s.Histogram(guesses, truth, known)
		total, trues := 0, 0
		for i, b := range bins {
			total += b.Counts[0] + b.Counts[1]
			if b.True {
				trues++
			}
			if i > 0 && b.From != bins[i-1].To {
				t.Fatalf("bar %d starts at %v, the one before ends at %v", i, b.From, bins[i-1].To)
			}
			var inside [Rounds]int
			for _, g := range guesses {
				if g.Value >= b.From && g.Value < b.To {
					inside[g.Round-1]++
				}
			}
			if inside != b.Counts {
				t.Fatalf("bar %+v: %v guesses lie in it", b, inside)
			}
		}
		if total != len(guesses) || known && trues != 1 || len(bins) > mostBins+3 {
			t.Fatalf("%d guesses in bars, want %d; the truth in %d; %d bars", total, len(guesses), trues, len(bins))
		}
	})
}

func TestHistogramOfChoicesAndWildGuesses(t *testing.T) {
	c := Stop{Form: Choice, Choices: []string{"plain", "residual"}, Again: true}
	if got := c.Histogram(voted(0, 1, 1), 1, true); got[0].Counts != [Rounds]int{1, 0} || got[1].Counts != [Rounds]int{1, 1} || got[0].True || !got[1].True {
		t.Errorf("choices: %+v", got)
	}
	c.Again = false // the teacher went back to the first vote
	if got := c.Histogram(voted(0, 1, 1), 1, true); got[0].Counts != [Rounds]int{1, 0} || got[1].Counts != [Rounds]int{1, 0} {
		t.Errorf("choices, without the second vote: %+v", got)
	}
	if got := (Stop{Form: Power}).Histogram(voted(-3, 300), 0, false); len(got) != 1 {
		t.Errorf("a second vote that was taken back spreads the first over %+v", got)
	}
	guesses := make([]float64, 40)
	for i := range guesses {
		guesses[i] = -float64(i % 8)
	}
	bins := Stop{Form: Power, Again: true}.Histogram(voted(append(guesses, 300)...), -13, true)
	if last := bins[len(bins)-1]; last.Counts != [Rounds]int{1, 0} || !math.IsInf(last.To, 1) {
		t.Errorf("the wild guess is not in an open bar: %+v", bins)
	}
	if len(bins) < 8 {
		t.Errorf("the wild guess squeezed the others into %d bars", len(bins))
	}
}

func TestScale(t *testing.T) {
	if got, ok := (Stop{Form: Power}).Scale(-1e-13); !ok || !(math.Abs(got+13) <= 1e-12) {
		t.Errorf("power of −10⁻¹³: %v, %v", got, ok)
	}
	if _, ok := (Stop{Form: Power}).Scale(0); ok {
		t.Error("0 has a place among powers of ten")
	}
	if _, ok := (Stop{Form: Number}).Scale(math.NaN()); ok {
		t.Error("NaN has a place among numbers")
	}
}

func TestPointsAndBank(t *testing.T) {
	for text, want := range map[string]int64{"": -1, "2": 200, "1.5": 150, "0,25": 25, "0": 0} {
		got, err := ParsePoints(text)
		if err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
		if back, _ := ParsePoints((Mark{Hundredths: got}).Points()); back != got {
			t.Errorf("%q: written and read again it is %d", text, back)
		}
	}
	for _, text := range []string{"-1", "nan", "1e9", "two"} {
		if _, err := ParsePoints(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
	bank := Bank([]Mark{{Comment: "b"}, {Comment: "a"}, {}, {Comment: "b"}, {Comment: "c"}}, 2)
	if len(bank) != 2 || bank[0] != "b" || bank[1] != "a" {
		t.Errorf("bank: %q", bank)
	}
}

func TestLimiter(t *testing.T) {
	now := monday
	l := &Limiter{Rate: 1, Burst: 3, Now: func() time.Time { return now }}
	for i, want := range []bool{true, true, true, false} {
		if got := l.Allow("anna"); got != want {
			t.Errorf("press %d: %v, want %v", i, got, want)
		}
	}
	if !l.Allow("ben") {
		t.Error("one visitor spends another's allowance")
	}
	now = now.Add(-time.Hour) // the clock jumps
	if l.Allow("anna") {
		t.Error("a clock that jumps back gives a new allowance")
	}
	now = now.Add(time.Second)
	if !l.Allow("anna") || l.Allow("anna") {
		t.Error("after a second: want one more")
	}
	for i := range 3 * mostKeys {
		l.Allow(string(rune(i)) + "x")
	}
	if len(l.buckets) > mostKeys {
		t.Errorf("%d keys are kept, want at most %d", len(l.buckets), mostKeys)
	}
}
