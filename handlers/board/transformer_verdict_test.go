package board

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

// reversed is a training out of thin air: one step with these gradients of its layers, or more with the last ones at each, and the
// share of new tokens that is right.
func reversed(accuracy float64, steps int, first, later []float64) *experiment.Outcome {
	o := &experiment.Outcome{Test: experiment.Evaluation{Accuracy: accuracy}, Info: experiment.Info{Layers: make([]string, len(first))}}
	for k := range steps {
		norms := first
		if k > 0 {
			norms = later
		}
		o.Steps = append(o.Steps, experiment.Step{Number: k, GradNorms: norms})
	}
	return o
}

// diverging is a training that diverged at its last step.
func diverging(o *experiment.Outcome) *experiment.Outcome {
	o.Steps[len(o.Steps)-1].Diverged = true
	return o
}

func TestTransformerVerdicts(t *testing.T) {
	even, faint, gone := []float64{2, 2}, []float64{0.01, 2}, []float64{math.NaN(), math.NaN()}
	of := func(accuracy float64) *experiment.Outcome { return reversed(accuracy, 30, even, faint) }
	for _, test := range []struct {
		want       string
		vocabulary int
		warmup     int
		post, pre  *experiment.Outcome
	}{
		{"Without warm-up, post-LN has learnt nothing: 10 % of new tokens right, as by guessing; pre-LN has learnt to reverse: 100 % right. " +
			"At step 0 the first layer’s gradient is 1.0 times the last layer’s in post-LN and 1.0 times in pre-LN; at step 20, 0.0050 times and 1.0 times.",
			10, 0, of(0.1), reversed(1, 30, even, even)},
		{"With a warm-up of 60 steps, post-LN and pre-LN have both learnt to reverse: more than 99 % of new tokens right.", 10, 60, of(0.998), of(0.999)},
		{"With a warm-up of 1 step, post-LN has learnt to reverse: 98 % of new tokens right; pre-LN has learnt to reverse: 96 % right.", 10, 1, of(0.98), of(0.96)},
		{"Without warm-up, post-LN has learnt in part: 60 % of new tokens right; pre-LN has learnt nothing: 12 % right, as by guessing.", 10, 0, of(0.6), of(0.12)},
		{"post-LN and pre-LN have both learnt nothing: 55 % of new tokens right, as by guessing.", 2, 0, of(0.55), of(0.55)},
		{"post-LN and pre-LN have both learnt in part: 80 % of new tokens right.", 2, 0, of(0.8), of(0.8)},
		{"post-LN and pre-LN have both learnt in part: 5 % of new tokens right.", 64, 0, of(0.05), of(0.05)},
		{"post-LN diverged at step 4; pre-LN has learnt to reverse: 100 % of new tokens right. " +
			"At step 0 the first layer’s gradient is 1.0 times the last layer’s in post-LN and 1.0 times in pre-LN; at step 4, no number and 0.0050 times.",
			10, 0, diverging(reversed(0.1, 5, even, gone)), of(1)},
		{"post-LN diverged at step 2; pre-LN diverged at step 4.", 10, 0, diverging(reversed(0.1, 3, even, even)), diverging(reversed(0.1, 5, even, even))},
		{"At step 0 the first layer’s gradient is 1.0 times the last layer’s in post-LN and 0.0050 times in pre-LN.", 10, 0, reversed(0.1, 1, even, nil), reversed(0.1, 1, faint, nil)},
	} {
		c := experiment.TransformerTable().Default()
		c.Vocabulary, c.Warmup = test.vocabulary, test.warmup
		got := strings.ReplaceAll(transformerVerdict(c, TransformerTwins{test.post, test.pre}).String(), "\u00a0", " ")
		if !strings.Contains(got, test.want) {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	one := reversed(1, 1, []float64{1}, nil)
	if got := transformerVerdict(experiment.TransformerTable().Default(), TransformerTwins{one, one}); len(got.Aside) > 0 {
		t.Errorf("of one layer: %s", got.Aside)
	}
}

// Whatever the numbers, the verdict is sentences.
func TestTransformerVerdictsAreWellWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := experiment.TransformerTable().Default()
		c.Warmup, c.Vocabulary = rapid.IntRange(0, 3).Draw(t, "warm-up"), rapid.IntRange(2, 64).Draw(t, "vocabulary")
		layers := rapid.IntRange(1, 4).Draw(t, "layers")
		drawn := func(name string) *experiment.Outcome {
			norms := func(when string) []float64 {
				of := make([]float64, layers)
				for i := range of {
					of[i] = size(t, name+when)
				}
				return of
			}
			first := make([]float64, layers)
			for i := range first {
				first[i] = 1
			}
			o := reversed(rapid.Float64Range(0, 1).Draw(t, name), rapid.IntRange(1, 30).Draw(t, name+" steps"), first, norms(" later"))
			if rapid.Bool().Draw(t, name+" diverges") {
				diverging(o)
			}
			return o
		}
		said := transformerVerdict(c, TransformerTwins{drawn("post"), drawn("pre")})
		wantSentence(t, said.Says.String())
		if len(said.Aside) > 0 {
			wantSentence(t, said.Aside.String())
		}
	})
}
