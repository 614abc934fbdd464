package board

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/lessons"
	"gradlab/mlcore/experiment"
)

// size is a number as networks have them: of any order, 0, ∞ and NaN among them.
func size(t *rapid.T, name string) float64 {
	if v := rapid.SampledFrom([]float64{0, math.Inf(1), math.NaN(), 1, 1, 1, 1}).Draw(t, name+" kind"); v != 1 {
		return v
	}
	return math.Pow(10, rapid.Float64Range(-30, 6).Draw(t, name))
}

func wantSentence(t *rapid.T, text string) {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
	if faults := faultsOf(text); len(faults) > 0 {
		t.Fatalf("%q in %q", faults, text)
	}
}

// Whatever the readings, a sweep's verdict is a sentence, and what it says of degradation and of gradients is so.
func TestSweepVerdictsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := experiment.SweepTable().Default()
		c.Show = rapid.SampledFrom([]string{"gradient", "loss", "grid"}).Draw(t, "show")
		c.Net = rapid.SampledFrom([]string{"mlp", "notebook", "deep"}).Draw(t, "net")
		c.Remedies = "selu"
		c.Depth, c.N = rapid.IntRange(1, 20).Draw(t, "depth"), rapid.IntRange(1, 9).Draw(t, "n")
		c.Points, c.Count, c.Steps = rapid.IntRange(1, 4).Draw(t, "points"), rapid.IntRange(1, 3).Draw(t, "count"), rapid.IntRange(1, 3).Draw(t, "steps")
		r := sweepResult{config: c, plan: c.Plan()}
		r.readings = make([]*experiment.Reading, len(r.plan.Points))
		wantSentence(t, sweepVerdict(r).String())
		for i := range r.readings {
			loss := rapid.Float64Range(0.01, 3).Draw(t, "loss")
			if rapid.IntRange(0, 4).Draw(t, "diverges") == 0 {
				loss = math.NaN()
			}
			r.readings[i] = &experiment.Reading{Gradient: size(t, "gradient"), Loss: loss, Diverged: math.IsNaN(loss)}
		}
		r.known = len(r.readings)
		said := sweepVerdict(r).String()
		wantSentence(t, said)
		if c.Show != "loss" || len(r.plan.Depths) == 1 {
			return
		}
		last := len(r.plan.Depths) - 1
		plain, skip := r.at(0, last), r.at(1, last)
		best := math.Inf(1)
		for d := range last {
			if l := r.at(0, d).Loss; l < best {
				best = l
			}
		}
		for words, so := range map[string]bool{
			"degradation. ":           best < math.Inf(1) && !(plain.Loss <= 1.15*best),
			"no degradation":          plain.Loss <= 1.15*best,
			"diverges at every depth": math.IsInf(best, 1) && plain.Diverged,
			"it has exploded":         !(plain.Gradient <= 10*skip.Gradient),
			"it has vanished":         plain.Gradient < skip.Gradient/10,
			"neither vanished":        plain.Gradient <= 10*skip.Gradient && plain.Gradient >= 0.1*skip.Gradient,
		} {
			if strings.Contains(said, words) && !so {
				t.Fatalf("%q, but it is not so that %s", said, words)
			}
		}
	})
}

func TestTrainVerdictsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := experiment.TrainTable().Default()
		c.Depth = rapid.IntRange(0, 2).Draw(t, "depth")
		c.Data = rapid.SampledFrom([]string{"noise", "fashion"}).Draw(t, "data")
		c.Count = 600
		c.Batch = rapid.SampledFrom([]int{1, 300, 600}).Draw(t, "batch")
		c.Steps = rapid.IntRange(1, 20).Draw(t, "steps")
		wantSentence(t, trainInvitation(c).String())
		ran := func(name string) *experiment.Outcome {
			o := &experiment.Outcome{Config: c, Test: experiment.Evaluation{Accuracy: float64(rapid.IntRange(0, 600).Draw(t, name+" test")) / 600}}
			for i := range c.Steps {
				step := experiment.Step{Number: i, Loss: rapid.Float64Range(0.001, 5).Draw(t, name+" loss"), Accuracy: float64(rapid.IntRange(0, 600).Draw(t, name)) / 600, GradNorms: []float64{0.5}}
				if step.Diverged = rapid.IntRange(0, 20).Draw(t, name+" diverges") == 0; step.Diverged {
					step.Loss = math.NaN()
				}
				if o.Steps = append(o.Steps, step); step.Diverged {
					break
				}
			}
			return o
		}
		p := TrainTwins{Plain: ran("plain"), Residual: ran("residual")}
		said := trainVerdict(c, p).String()
		wantSentence(t, said)
		if !c.HasTwin() {
			o := p.Plain
			last := o.Steps[len(o.Steps)-1]
			for words, so := range map[string]bool{
				"memorised":            c.Data == "noise" && last.Accuracy > 0.9 && o.Test.Accuracy < 0.25,
				"next to nothing":      last.Accuracy < 0.2 && o.Test.Accuracy < 0.2,
				"on 100\u00a0% of the": last.Accuracy == 1,
				"on 0\u00a0% of new":   o.Test.Accuracy == 0,
				"diverged":             last.Diverged,
			} {
				if strings.Contains(said, words) && !so {
					t.Fatalf("%q, but it is not so that %s", said, words)
				}
			}
		}
	})
}

func TestKernelVerdictsAreSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := experiment.KernelsTable().Default()
		query := c.Query()
		for _, f := range experiment.KernelsTable().Fields(c) {
			if f.Kind == experiment.Choice && rapid.Bool().Draw(t, f.Name+" set") {
				query.Set(f.Name, rapid.SampledFrom(f.Choices).Draw(t, f.Name).Value)
			}
		}
		for _, stage := range []string{"2", "3"} {
			if rapid.Bool().Draw(t, "stage "+stage) {
				query.Set("kernel"+stage, rapid.SampledFrom([]string{"blur", "sobel_y", "laplacian", "gaussian5"}).Draw(t, "kernel"+stage))
				query.Set("pool"+stage, rapid.SampledFrom([]string{"max", "mean", "none"}).Draw(t, "pool"+stage))
			}
		}
		c, errs := experiment.ParseKernels(query)
		if errs != nil || c.Learnt() {
			return
		}
		wantSentence(t, kernelVerdict(c.Run(nil), Nothing).String())
	})
}

func TestPredictVerdictsAreSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := lessons.Predict{As: rapid.SampledFrom([]string{"value", "size", "exponent"}).Draw(t, "as"), Tolerance: 0.5, Unit: rapid.SampledFrom([]string{"", "pixels"}).Draw(t, "unit")}
		truth := rapid.OneOf(rapid.Float64Range(-40, 40), rapid.Map(rapid.IntRange(-40, 40), func(i int) float64 { return float64(i) })).Draw(t, "truth")
		guess, err := p.Guess(rapid.SampledFrom([]string{"1", "-1", "20", "0.5", "-12", ""}).Draw(t, "guess"))
		if err != nil {
			guess = lessons.Passed
		}
		wantSentence(t, Prediction(p, guess, truth).String())
	})
}
