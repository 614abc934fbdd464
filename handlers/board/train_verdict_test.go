package board

import (
	"math"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// What the sentence claims must be true of the numbers that it stands on.
func TestTrainVerdicts(t *testing.T) {
	ran := func(query string, loss, accuracy, testAccuracy float64) *experiment.Outcome {
		step := experiment.Step{Loss: loss, Accuracy: accuracy, GradNorms: []float64{0.5}, Diverged: math.IsNaN(loss)}
		return &experiment.Outcome{Config: parseTrain(t, query), Steps: []experiment.Step{step}, Test: experiment.Evaluation{Accuracy: testAccuracy}}
	}
	alone := func(query string, accuracy, testAccuracy float64) TrainTwins {
		o := ran(query, 0.25, accuracy, testAccuracy)
		return TrainTwins{Plain: o, Residual: o}
	}
	for _, c := range []struct {
		name, query string
		twins       TrainTwins
		want, lacks string
	}{
		{"memorised", "steps=1", alone("steps=1", 1, 0.08), "The loss is 0.250 before the one step. The net has memorised noise: it is right on 100 % of the images it trained on and on 8 % of new images, no better than guessing.", "1 steps"},
		{"one label for all", "steps=1&count=1&batch=1", alone("steps=1&count=1&batch=1", 1, 1), "The net is right on 100 % of the images it trained on and on 100 % of new images.", "guessing"},
		{"nothing learnt", "steps=1", alone("steps=1", 0.1, 0.12), "The net has learnt next to nothing", "memorised"},
		{"an unlucky batch", "steps=1&batch=4", alone("steps=1&batch=4", 0, 0.6), "The net is right on 0 % of its last batch and on 60 % of new images.", "nothing"},
		{"twins before their step", "depth=1&steps=1", TrainTwins{ran("depth=1&steps=1", 2, 0.1, 0.1), ran("depth=1&steps=1&skip=identity", 0.1, 1, 0.1)}, "Before the one step the plain net’s loss is 2.0, the residual net’s 0.10.", "After"},
		{"which twin", "depth=1&steps=1", TrainTwins{ran("depth=1&steps=1", 2, 0.1, 0.1), ran("depth=1&steps=1&skip=identity", 0.1, 1, 0.1)}, "The residual net has memorised noise", "The net"},
		{"one diverged", "depth=1&steps=1", TrainTwins{ran("depth=1&steps=1", math.NaN(), 0.1, 0.1), ran("depth=1&steps=1&skip=identity", 1, 0.5, 0.3)}, "The residual net is right on 50 %", "The plain net is"},
	} {
		got := trainVerdict(parseTrain(t, c.query), c.twins).String()
		got = strings.ReplaceAll(got, "\u00a0", " ")
		if !strings.Contains(got, c.want) || strings.Contains(got, c.lacks) {
			t.Errorf("%s: got %q, want %q in it and no %q", c.name, got, c.want, c.lacks)
		}
	}
}

func TestLedgerNote(t *testing.T) {
	got := strings.ReplaceAll(trainLedger(parseTrain(t, "net=deep")).Note.String(), "\u202f", " ")
	want := "A skip adds to the plain net’s 17 254: 0 (A: identity, zero-padded), 160 (B: projection where the shape changes), 848 (C: projection everywhere)."
	if !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want %q at its end", got, want)
	}
}
