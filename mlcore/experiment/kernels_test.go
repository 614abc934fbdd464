package experiment

import (
	"context"
	"encoding/base64"
	"math"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func parseKernels(t testing.TB, query string) Kernels {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := ParseKernels(values)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return c
}

// naive is the sum of one stage by the definition, in float64.
func naive(image Map, k Kernel, stride, padding int) Map {
	side := (image.Side+2*padding-k.Size)/stride + 1
	m := Map{Side: side}
	for y := range side {
		for x := range side {
			sum := k.Bias
			for i, w := range k.Weights {
				if r, c := y*stride-padding+i/k.Size, x*stride-padding+i%k.Size; r >= 0 && c >= 0 && r < image.Side && c < image.Side {
					sum += w * image.At(r, c)
				}
			}
			m.Values = append(m.Values, sum)
		}
	}
	return m
}

// drawnKernels is a random stack that fits its image.
func drawnKernels(t *rapid.T) Kernels {
	c := kernelsTable.Default()
	c.Garment = rapid.IntRange(0, garments-1).Draw(t, "garment")
	if rapid.Bool().Draw(t, "own") {
		c.Image, c.Garment, c.Pixels = "own", 0, drawnPicture(t).Encode()
	}
	for i := range c.Stages {
		s := KernelStage{Kernel: rapid.SampledFrom(kernelChoices(i)).Draw(t, "kernel").Value}
		if s.On() {
			s.Stride, s.Padding = rapid.IntRange(1, mostStride).Draw(t, "stride"), rapid.IntRange(0, mostPadding).Draw(t, "padding")
			s.Activation = rapid.SampledFrom([]string{"identity", "relu", "tanh", "gelu"}).Draw(t, "activation")
			s.Pool = rapid.SampledFrom([]string{"none", "max", "mean"}).Draw(t, "pool")
		}
		if s.Kernel == kernelCustom {
			n := rapid.SampledFrom([]int{9, 25}).Draw(t, "count")
			weights := rapid.SliceOfN(rapid.Float32Range(-100, 100), n, n).Draw(t, "weights")
			values := make([]float64, n)
			for i, w := range weights {
				values[i] = float64(w)
			}
			s.Weights, _ = canonicalWeights(KernelText(values))
		}
		if s.Kernel == kernelLearnt {
			s.Unit = rapid.IntRange(0, 4).Draw(t, "unit")
		}
		c.Stages[i] = s
	}
	c.Stage = rapid.IntRange(1, 3).Draw(t, "stage")
	c.Row, c.Column = rapid.IntRange(0, 33).Draw(t, "row"), rapid.IntRange(0, 33).Draw(t, "column")
	c.settle()
	return c
}

// drawnPicture has runs and noise, so that both forms of PackBits occur.
func drawnPicture(t *rapid.T) Picture {
	var p Picture
	at := 0
	for at < len(p) {
		n := min(rapid.IntRange(1, 300).Draw(t, "run"), len(p)-at)
		grey := rapid.Byte().Draw(t, "grey")
		noisy := rapid.Bool().Draw(t, "noisy")
		for i := range n {
			p[at] = grey
			if noisy {
				p[at] += byte(i*i*7 + i)
			}
			at++
		}
	}
	return p
}

func TestKernelsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawnKernels(t)
		again, errs := ParseKernels(c.Query())
		if errs != nil || again != c {
			t.Fatalf("%+v\nwas written as %q, which reads as\n%+v, %v", c, c.Query().Encode(), again, errs)
		}
	})
}

func TestPictureRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawnPicture(t)
		text := p.Encode()
		if len(text) > mostPixels {
			t.Fatalf("%d characters, more than the %d that the field takes", len(text), mostPixels)
		}
		if again, ok := decodePicture(text); !ok || again != p {
			t.Fatalf("%q reads as another picture (%v)", text, ok)
		}
	})
	if got := (Picture{}).Encode(); got != "" {
		t.Errorf("the empty picture: got %q, want nothing", got)
	}
}

func TestBadPictures(t *testing.T) {
	raw := base64.RawURLEncoding.EncodeToString
	for name, text := range map[string]string{
		"no base64":         "a b",
		"padding":           "AAA=",
		"a count alone":     raw([]byte{3}),
		"too few pixels":    raw([]byte{3, 1, 2}),
		"a repeat of none":  raw([]byte{200}),
		"128":               raw([]byte{128, 0}),
		"785 pixels":        raw(append([]byte{129, 1, 129, 1, 129, 1, 129, 1, 129, 1, 129, 1}, 240, 1)),
		"a bomb of repeats": raw([]byte(strings.Repeat("\x81\xff", 390))),
	} {
		if _, errs := ParseKernels(url.Values{"image": {"own"}, "pixels": {text}}); errs["pixels"] == "" {
			t.Errorf("%s: got no error", name)
		}
	}
}

func FuzzParseKernels(f *testing.F) {
	f.Add("kernel=custom&weights=1,2,3,4,5,6,7,8,9&pool=max")
	f.Add("image=own&pixels=AAAA&kernel2=gaussian5&stride=3&stride2=3&kernel3=log5&pool3=mean&padding3=0")
	f.Add("kernel=learnt&run=net%3Ddeep%26channels%3D2&unit=7&kernel2=learnt")
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query)
		c, _ := ParseKernels(values)
		if again, errs := ParseKernels(c.Query()); errs != nil || again != c {
			t.Fatalf("%+v reads back as %+v, %v", c, again, errs)
		}
		c.Run(nil)
	})
}

// TestStagesEqualTheDefinition compares each stage with a plain loop over its own image, and the pixel with its parts.
func TestStagesEqualTheDefinition(t *testing.T) {
	learnt := make([]Kernel, 5)
	for o := range learnt {
		learnt[o] = Kernel{Size: 3, Weights: []float64{.5, -.25, 1, 0, -1, .125, 2, -.5, .75}, Bias: float64(o) - 2}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := drawnKernels(t)
		r := c.Run(learnt)
		for i, s := range r.Stages {
			want := naive(r.In(i), s.Kernel, s.Config.Stride, s.Config.Padding)
			if s.Sum.Side != want.Side {
				t.Fatalf("stage %d: side %d, want %d", s.Number, s.Sum.Side, want.Side)
			}
			size := math.Abs(s.Kernel.Bias) + 1
			for _, w := range s.Kernel.Weights {
				size += math.Abs(w)
			}
			most := 0.0
			for _, v := range r.In(i).Values {
				most = math.Max(most, math.Abs(v))
			}
			for at, v := range s.Sum.Values {
				if !(math.Abs(v-want.Values[at]) <= 1e-5*size*(most+1)) {
					t.Fatalf("stage %d, value %d: got %v, want %v", s.Number, at, v, want.Values[at])
				}
			}
			poolsTo(t, s)
			if s.Number != r.Pixel.Stage {
				continue
			}
			sum := s.Kernel.Bias
			for _, p := range r.Pixel.Products {
				sum += p
			}
			if !(math.Abs(sum-r.Pixel.Sum) <= 1e-5*size*(most+1)) {
				t.Fatalf("products add up to %v, the map has %v", sum, r.Pixel.Sum)
			}
		}
	})
}

// poolsTo checks a stage's output against its activated map.
func poolsTo(t *rapid.T, s StageResult) {
	if s.Config.Pool == "none" {
		return
	}
	for y := range s.Output.Side {
		for x := range s.Output.Side {
			a, b, c, d := s.Active.At(2*y, 2*x), s.Active.At(2*y, 2*x+1), s.Active.At(2*y+1, 2*x), s.Active.At(2*y+1, 2*x+1)
			want := max(a, b, c, d)
			if s.Config.Pool == "mean" {
				want = (a + b + c + d) / 4
			}
			if got := s.Output.At(y, x); !(math.Abs(got-want) <= 1e-5*(1+math.Abs(a)+math.Abs(b)+math.Abs(c)+math.Abs(d))) {
				t.Fatalf("%s of 2 × 2 at %d, %d: got %v, want %v", s.Config.Pool, y, x, got, want)
			}
		}
	}
}

func TestReceptiveField(t *testing.T) {
	for query, want := range map[string]int{
		"":                                   3,
		"kernel=gaussian5":                   5,
		"kernel2=blur&kernel3=blur":          7,
		"pool=max":                           4,
		"pool=max&kernel2=blur":              8,
		"stride=2&kernel2=blur&kernel3=blur": 11,
		"pool=max&kernel2=blur&pool2=mean&kernel3=blur": 18,
	} {
		r := parseKernels(t, query).Run(nil)
		if got := r.Stages[len(r.Stages)-1].Field; got != want {
			t.Errorf("%q: one value sees %d pixels a side, want %d", query, got, want)
		}
	}
}

func TestGarmentsAreBytes(t *testing.T) {
	for i, v := range []string{"Ankle boot", "Pullover", "Trouser"} {
		if got := GarmentClass(i); got != v {
			t.Errorf("test image %d: got %s, want %s", i, got, v)
		}
	}
	for class, i := range FirstGarments() {
		if got, want := garmentsOf().labels[i], class; got != want {
			t.Errorf("first garment of class %d: its label is %d", want, got)
		}
	}
	unit := parseKernels(t, "garment=7").Run(nil).Image
	for i, p := range parseKernels(t, "garment=7").Picture() {
		if got, want := unit.Values[i], float64(float32(p)/255); got != want {
			t.Fatalf("pixel %d: got %v, want %v", i, got, want)
		}
	}
	low, high := 1.0, 0.0
	for _, v := range unit.Values {
		low, high = min(low, v), max(high, v)
	}
	if low != 0 || high < 0.9 || high > 1 {
		t.Errorf("a garment's pixels go from %v to %v, want from 0 to about 1", low, high)
	}
}

func TestKernelErrors(t *testing.T) {
	small := "padding=0&stride=3&pool=max&kernel2=blur&padding2=0&stride2=3"
	for _, c := range []struct{ query, field, says string }{
		{"kernel=none", "kernel", "must be identity"},
		{"kernel=custom&weights=1,2,3", "weights", "9 or 25 numbers"},
		{"kernel=custom&weights=1,2,3,4,5,6,7,8,NaN", "weights", "9 or 25 numbers"},
		{"kernel=custom&weights=1,2,3,4,5,6,7,8,1e9", "weights", "9 or 25 numbers"},
		{"kernel=custom&weights=" + strings.Repeat("1,", 5000), "weights", "at most 400 characters"},
		{"image=own&pixels=" + strings.Repeat("A", 100_000), "pixels", "at most 1055 characters"},
		{"kernel=learnt&run=net=mlp", "run", "convolutional"},
		{"kernel=learnt&run=steps%3D0", "run", "convolutional"},
		{"kernel=learnt&unit=5", "unit", "has 5 kernels"},
		{"kernel=learnt&unit=3&run=net%3Ddeep%26channels%3D2", "unit", "has 2 kernels"},
		{small + "&kernel3=blur&padding3=0", "kernel3", "is 3 × 3, and no more than 1 × 1"},
		{small + "&pool2=max", "pool2", "this one is 1 × 1"},
		{"garment=1000", "garment", "0 to 999"},
		{"row=34", "row", "0 to 33"},
	} {
		values, _ := url.ParseQuery(c.query)
		config, errs := ParseKernels(values)
		if !strings.Contains(errs[c.field], c.says) {
			t.Errorf("%.60s: %s: got %q, want it to say %q", c.query, c.field, errs[c.field], c.says)
		}
		config.Run(nil) // it can be shown all the same
	}
}

func TestLinkNamesTheRun(t *testing.T) {
	c := parseKernels(t, "kernel=learnt&run="+url.QueryEscape("https://example.org/labs/train?steps=50&twin=1&data=noise"))
	if got, want := c.Trained, "steps=50"; got != want {
		t.Errorf("run: got %q, want %q", got, want)
	}
}

// TestLearntKernels trains, and expects kernels that have moved from where they were drawn.
func TestLearntKernels(t *testing.T) {
	run := func(query string) *Outcome {
		values, _ := url.ParseQuery(query)
		c, errs := ParseTrain(values)
		if errs != nil {
			t.Fatal(errs)
		}
		o, err := c.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	short, long := run("steps=1&count=10&batch=10"), run("steps=3&count=10&batch=10")
	if got := len(short.FirstKernels); got != 5 {
		t.Fatalf("the notebook’s net: %d first kernels, want 5", got)
	}
	if a, b := short.FirstKernels[0], long.FirstKernels[0]; a.Weights[4] == b.Weights[4] || a.Bias == b.Bias || a.Bias == 0 {
		t.Errorf("two more steps changed nothing: %v, %v", a, b)
	}
	deep := run("net=deep&n=1&channels=2&steps=1&count=4&batch=4").FirstKernels
	if len(deep) != 2 || deep[0].Size != 3 || deep[0].Bias != 0 {
		t.Errorf("the deep net: got %v, want two 3 × 3 kernels without bias", deep)
	}
	if got := run("net=mlp&depth=1&steps=1&count=4&batch=4").FirstKernels; got != nil {
		t.Errorf("a net without convolutions: got %v, want none", got)
	}
	c := parseKernels(t, "kernel=learnt&unit=1")
	if got := len(c.Run(nil).Stages); got != 0 {
		t.Errorf("before the run is known: %d stages, want 0", got)
	}
	r := c.Run(short.FirstKernels)
	if got, want := r.Stages[0].Kernel.Bias, short.FirstKernels[1].Bias; got != want {
		t.Errorf("bias of channel 1: got %v, want %v", got, want)
	}
}
