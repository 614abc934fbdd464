package board

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

// drawnChain is any chain that the lab accepts, those that lessons speak of more often than others.
func drawnChain(t *rapid.T) experiment.Chain {
	number := func(name string, often []float64, least, most float64) float64 {
		return rapid.OneOf(rapid.SampledFrom(often), rapid.Float64Range(least, most)).Draw(t, name)
	}
	var activations []string
	for _, f := range experiment.ChainTable() {
		if f.Name == "activation" {
			for _, o := range f.Choices {
				activations = append(activations, o.Value)
			}
		}
	}
	return experiment.Chain{
		Depth:      rapid.OneOf(rapid.IntRange(1, 4), rapid.IntRange(1, 100)).Draw(t, "depth"),
		Activation: rapid.SampledFrom(activations).Draw(t, "activation"),
		X:          number("x", []float64{0, 0.5, -0.5, 1, 10, 1e-5, -1000}, -10, 10),
		W:          number("w", []float64{0, 0.1, 0.5, 1, -1, 2, 1e-4, 100}, -3, 3),
		Spread:     number("spread", []float64{0, 0, 0, 1}, 0, 2),
		Target:     number("target", []float64{1, 0, 0.5, 10}, -5, 5),
		DType:      rapid.SampledFrom([]string{"float32", "float64"}).Draw(t, "dtype"),
	}
}

// wellWritten says what no sentence of ours has: spaces astray, a plural of one, a number that is none.
var wellWritten = []*regexp.Regexp{
	regexp.MustCompile(`  | [.,:;]|\.\.`), regexp.MustCompile(`NaN|Inf|%!|undefined`), regexp.MustCompile(`(^|[^\d.])1 [a-z]*(layer|step|image|garment|net|pixel|power|block|stage)s\b`),
	regexp.MustCompile(`\d\.0+ (layer|step|image|pixel)s?\b`), regexp.MustCompile(`(^|\. )[a-z]`),
}

func faultsOf(sentence string) []string {
	var faults []string
	for _, bad := range wellWritten {
		if found := bad.FindString(sentence); found != "" {
			faults = append(faults, found)
		}
	}
	if !strings.HasSuffix(sentence, ".") {
		faults = append(faults, "no end")
	}
	return faults
}

// Whatever the chain, the verdict is a sentence, and what it says of either twin is so.
func TestChainVerdictsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawnChain(t)
		q := quantityOf(rapid.SampledFrom([]string{experiment.QuantityGradW, experiment.QuantityGradA, experiment.QuantityGradZ, experiment.QuantityFactor, experiment.QuantityZ}).Draw(t, "show"))
		plain, residual := c, c
		plain.Skip, residual.Skip = "none", "identity"
		shown := chainTwins{plain: plain.Run(), residual: residual.Run()}
		exact := chainTwins{plain: plain.In("float64").Run(), residual: residual.In("float64").Run()}
		both := rapid.Bool().Draw(t, "both")
		whole := chainVerdict(q, shown, exact, both)
		verdict, why := whole.Says, whole.Aside
		wantSentence(t, verdict.String())
		if len(why) > 0 {
			wantSentence(t, why.String())
		}
		if strings.Contains(verdict.String(), "skip") != both || strings.Contains(why.String(), "skips") && !both {
			t.Fatalf("a chain with skips: %v, but %q %q", both, verdict, why)
		}
		if q.name == experiment.QuantityFactor || q.name == experiment.QuantityZ {
			return
		}
		for _, one := range []struct{ r, exact experiment.ChainResult }{{shown.plain, exact.plain}, {shown.residual, exact.residual}} {
			told := gradientStory(q, one.r, one.exact, rapid.Bool().Draw(t, "after"))
			said := told.head.String() + ". " + told.why.String() + "."
			if untrue := untrueOf(said, q, one.r, one.exact); untrue != "" {
				t.Fatalf("%s of %v: %q, but %v", q.name, one.r.Config, said, untrue)
			}
		}
	})
}

// untrueOf says what a sentence about gradients claims that is not so; "" for nothing.
func untrueOf(said string, q quantity, r, exact experiment.ChainResult) string {
	g, e := layers(q, r), layers(q, exact)
	n := len(g)
	size := func(i int) float64 { return math.Abs(g[i]) }
	all := func(of []float64, is func(float64) bool) bool {
		return !slices.ContainsFunc(of, func(v float64) bool { return !is(v) })
	}
	null := func(v float64) bool { return v == 0 }
	ratio := size(0) / size(n-1)
	last := strings.Contains(said, "’s is ") // the zero is the last layer's
	at := 0
	if last {
		at = n - 1
	}
	for words, so := range map[string]bool{
		"vanished":                 ratio < 1e-3 || all(g, func(v float64) bool { return math.Abs(v) < 1e-6 }) && math.Abs(r.GradZ[n]) >= 1e-6,
		"signal with it":           r.GradZ[n] != 0,
		"fading":                   ratio < 0.1 && ratio >= 1e-3,
		"all of":                   ratio >= 0.995 && ratio < 2,
		"as much as":               ratio >= 0.995 && ratio < 1.05,
		"times as much":            ratio >= 1.05,
		"times what":               ratio >= 1.05,
		"only ":                    ratio < 1e-3,
		"\u00a0%":                  ratio < 0.996 && ratio > 0.009,
		"next to nothing":          ratio < 1e-18 && ratio > 0,
		"gets nothing, layer 1":    g[n-1] == 0 && g[0] != 0,
		"no layer gets anything":   all(g, null),
		"arrives at the input":     all(g, null) && r.GradZ[0] != 0,
		"the numbers outgrow":      broken(g),
		"every ":                   all(g, null),
		"in float64 too":           all(g, null) && all(e, null) || g[at] == 0 && e[at] == 0,
		"0 in float64":             r.Config.DType == "float64" || e[at] != 0,
		"its input is 0":           r.Z[at] == 0,
		"each layer’s input is 0":  all(r.Z[:n], null),
		"saturated or dead":        r.Slope[at] == 0,
		"until its unit saturated": r.Slope[at] == 0 && math.Abs(r.Z[at]) > math.Abs(r.Z[0]),
		"a weight of 0":            slices.Contains(r.W[at+1:], 0) && !r.Config.Residual(),
		"a later layer lets":       slices.Contains(r.Factor[at+1:], 0),
		"nothing left to learn":    r.GradZ[n] == 0,
		"rounds to the target":     r.GradZ[n] == 0 && exact.GradZ[n] != 0,
		"all but the target":       math.Abs(r.GradZ[n]) < 1e-6,
		"layer 1’s input is that":  math.Abs(r.GradA[0]) >= 0.1*math.Abs(r.GradA[n-1]) && math.Abs(r.Z[0]) < math.Abs(r.Z[n-1]),
		"the early layers get":     ratio > 10,
		" less than ":              all(g, func(v float64) bool { return math.Abs(v) > 1e6 }),
		"has exploded":             strings.Contains(said, "signal with it") || ratio > 1e3 && size(0) > 1e3,
		"the one layer’s":          n == 1,
		"nothing would be learnt":  all(g, null) && all(e, null) && r.GradZ[n] != 0,
	} {
		if strings.Contains(said, words) && !so {
			return "it is not so that " + words
		}
	}
	return ""
}

// The test above can fail.
func TestUntrueIsFound(t *testing.T) {
	run := chainOf(t, "activation=tanh")
	q := quantityOf(experiment.QuantityGradW)
	for _, false := range []string{"the gradient has vanished.", "it hears all of it.", "every ∂L/∂w is 0", "its input is 0.", "gets as much as layer 20.", "the one layer’s gradient is 3."} {
		if untrueOf(false, q, run.shown().plain, run.double.plain) == "" {
			t.Errorf("%q is taken for true", false)
		}
	}
	for _, bad := range []string{"It took 1 steps.", "After 20.00 layers.", "The loss is NaN.", "Two  spaces.", "no capital.", "No end"} {
		if len(faultsOf(bad)) == 0 {
			t.Errorf("%q is taken for a sentence", bad)
		}
	}
}
