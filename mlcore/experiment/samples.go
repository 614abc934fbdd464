package experiment

import (
	"math"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
)

// SampleCount is how many images of each set a finished run keeps its answers to; a set may be smaller.
const SampleCount = 8

// A Sample is one image and what the trained net makes of it.
type Sample struct {
	Test          bool      // of the test images; else of those it trained on
	Index         int       // in its set, from 0
	Image         []float32 // the pixels, as the net reads them: 28 rows of 28
	Label         int       // the class that it should give
	Probabilities []float64 // softmax of the logits, by class; NaN where the run diverged

	// Maps are what the first convolution puts out for the image, after normalisation and activation: one map of
	// MapSide rows of MapSide for each channel. There are none where the first layer is no convolution.
	Maps    [][]float32
	MapSide int
}

// Guess is the class that the net gives the image: the first of those with the largest logit, as torch.argmax has it.
func (s Sample) Guess() int { return argmax(s.Probabilities) }

// Right says whether the net gives the image its class. A net whose numbers are no numbers is right on none.
func (s Sample) Right() bool {
	return s.Guess() == s.Label && !math.IsNaN(s.Probabilities[s.Label])
}

// ClassName is a class in words where the images show something, else its number.
func (c Train) ClassName(class int) string {
	if c.Data == "noise" {
		return "class " + string(rune('0'+class))
	}
	return data.FashionClass(class)
}

// samplesOf are the first images of both sets, not yet looked at.
func samplesOf(train, test data.Set) []Sample {
	var samples []Sample
	for _, set := range []struct {
		data.Set
		test bool
	}{{train, false}, {test, true}} {
		for i := range min(SampleCount, set.Len()) {
			image := append([]float32(nil), set.Image(i)...) // the set itself is not to be kept
			samples = append(samples, Sample{Test: set.test, Index: i, Image: image, Label: set.Labels[i]})
		}
	}
	return samples
}

// Samples are the images that a run keeps, with what the net makes of them as it is now.
func (s *session[T]) Samples() []Sample {
	set := data.Set{}
	for _, sample := range s.samples {
		set.Images = append(set.Images, sample.Image...)
		set.Labels = append(set.Labels, sample.Label)
	}
	s.net.SetTraining(false)
	defer s.net.SetTraining(true)
	tape := autograd.NewTape[T]()
	x, _ := data.NewBatches[T](set, set.Len()).At(0)
	logits := s.net.Forward(tape, x).Values(nil)

	samples := append([]Sample(nil), s.samples...)
	for i := range samples {
		samples[i].Probabilities = softmax(logits[i*data.Classes : (i+1)*data.Classes])
	}
	if first := tape.Output(s.config.firstMap()); first != nil {
		values, channels, side := first.Values(nil), first.Shape[1], first.Shape[2]
		for i := range samples {
			samples[i].MapSide = side
			for c := range channels {
				from := (i*channels + c) * side * side
				samples[i].Maps = append(samples[i].Maps, singlesOf(values[from:from+side*side]))
			}
		}
	}
	return samples
}

// firstMap is the scope whose output is the first convolution's, after normalisation and activation; "" for none.
func (c Train) firstMap() string {
	switch {
	case mlp(c):
		return ""
	case notebook(c):
		return "conv1"
	case c.Norm == "none":
		return "stem"
	}
	return "stem_norm"
}

// softmax returns exp(x_i) / Σ exp(x_j).
func softmax[T autograd.Float](logits []T) []float64 {
	largest, sum := math.Inf(-1), 0.0
	for _, v := range logits {
		largest = max(largest, float64(v))
	}
	p := make([]float64, len(logits))
	for i, v := range logits {
		p[i] = math.Exp(float64(v) - largest) // at most 1: no overflow
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

func singlesOf[T autograd.Float](values []T) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}
