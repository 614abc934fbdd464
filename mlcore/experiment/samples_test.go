package experiment

import (
	"math"
	"testing"
)

// The notebook's first convolution, by its definition: what a run keeps of an image is what its kernels make of it.
func TestSampleMapsAreTheKernelsAnswers(t *testing.T) {
	o := outcomeOf(t, TrainTable().Default())
	for _, s := range []Sample{o.Samples[0], o.Samples[SampleCount]} {
		if s.MapSide != 26 || len(s.Maps) != 5 {
			t.Fatalf("%d maps of side %d, want 5 of 26", len(s.Maps), s.MapSide)
		}
		for c, k := range o.FirstKernels {
			for _, at := range [][2]int{{0, 0}, {3, 17}, {25, 25}} {
				want := k.Bias
				for dy := range 3 {
					for dx := range 3 {
						want += k.Weights[dy*3+dx] * float64(s.Image[(at[0]+dy)*28+at[1]+dx])
					}
				}
				want = math.Max(want, 0) // ReLU
				if got := float64(s.Maps[c][at[0]*26+at[1]]); !(math.Abs(got-want) <= 1e-5) {
					t.Errorf("channel %d at %v: %v, want %v", c, at, got, want)
				}
			}
		}
	}
}

// The notebook's net knows every image that it trained on; of the test images it knows what guessing knows.
func TestSamplesAgreeWithTheAccuracy(t *testing.T) {
	o := outcomeOf(t, TrainTable().Default())
	if len(o.Samples) != 2*SampleCount {
		t.Fatalf("%d samples, want %d", len(o.Samples), 2*SampleCount)
	}
	for i, s := range o.Samples {
		if s.Test != (i >= SampleCount) || s.Index != i%SampleCount {
			t.Errorf("sample %d is image %d, of the test set: %v", i, s.Index, s.Test)
		}
		sum := 0.0
		for _, p := range s.Probabilities {
			sum += p
		}
		if !(math.Abs(sum-1) <= 1e-12) {
			t.Errorf("sample %d: the probabilities sum to %v", i, sum)
		}
		if !s.Test && !s.Right() {
			t.Errorf("image %d that it trained on: guess %d, label %d", s.Index, s.Guess(), s.Label)
		}
	}
}

// Every net answers, whatever its first layer and normalisation are; looking does not change the run.
func TestSamplesOfEveryNet(t *testing.T) {
	for _, c := range []struct {
		query    string
		channels int
		side     int
	}{
		{"count=5&batch=5&steps=2", 5, 26},
		{"net=deep&n=1&steps=2", 4, 14},
		{"net=deep&n=1&steps=2&norm=none&dtype=float64", 4, 14},
		{"net=deep&n=1&steps=2&norm=group&order=pre", 4, 14},
		{"net=mlp&depth=2&steps=2", 0, 0},
	} {
		o := outcomeOf(t, parseTrain(t, c.query))
		for _, s := range o.Samples {
			if len(s.Maps) != c.channels || s.MapSide != c.side || len(s.Probabilities) != 10 {
				t.Errorf("%s: %d maps of side %d, %d probabilities", c.query, len(s.Maps), s.MapSide, len(s.Probabilities))
			}
		}
	}
	if o := outcomeOf(t, parseTrain(t, "count=5&batch=5&steps=2")); len(o.Samples) != 10 {
		t.Errorf("%d samples of two sets of 5", len(o.Samples))
	}
}

// A run that diverged has no answers: it is right on nothing, and says NaN.
func TestSamplesOfADivergedRun(t *testing.T) {
	o := outcomeOf(t, parseTrain(t, "optimizer=sgd&lr=10&depth=12&activation=identity&skip=identity&steps=50"))
	for _, s := range o.Samples {
		if s.Right() || !math.IsNaN(s.Probabilities[0]) {
			t.Errorf("image %d: guess %d with %v", s.Index, s.Guess(), s.Probabilities)
		}
	}
}
