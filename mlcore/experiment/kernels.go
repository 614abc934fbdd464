package experiment

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
)

// KernelStages is the most stages that a stack of kernels has.
const KernelStages = 3

// Kernels is an image and up to three stages of convolution that it goes through, one kernel each:
//
//	sum = image ⋆ kernel + bias;  output = pool(f(sum));  the output is the next stage's image
//
// and a pixel of one stage's sum to look at closely. It is computed in float32, as PyTorch computes it.
type Kernels struct {
	Image   string // "garment" or "own": drawn or uploaded
	Garment int    // of Fashion-MNIST's test images
	Pixels  string // an own picture, as [Picture.Encode] writes it
	Scale   string // "unit": black 0, white 1; "net": (p/255 - 0.2860)/0.3530, as the nets are trained
	Stages  [KernelStages]KernelStage
	Trained string // the run that learnt the kernels, as its canonical query

	Stage, Row, Column int // the pixel; stages count from 1, rows and columns from 0
}

// A KernelStage is one convolution with what follows it.
type KernelStage struct {
	Kernel          string // a name, "custom", "learnt", or "none" where the stage is left out
	Weights         string // of custom: 9 or 25 numbers, rows first, as [KernelText] writes them
	Unit            int    // of learnt: which channel of the run's first layer
	Stride, Padding int
	Activation      string
	Pool            string // "none", "max" or "mean", over 2 × 2
}

// On says whether the stage is there.
func (s KernelStage) On() bool { return s.Kernel != kernelOff }

// Learnt says whether any stage has a learnt kernel.
func (c Kernels) Learnt() bool {
	for _, s := range c.Stages {
		if s.Kernel == kernelLearnt {
			return true
		}
	}
	return false
}

// LearntBy is the run whose first layer the learnt kernels are from.
func (c Kernels) LearntBy() Train {
	query, _ := url.ParseQuery(c.Trained)
	run, _ := ParseTrain(query)
	return run
}

// kernelsTable is the one description of a stack's parameters.
var kernelsTable = kernelsFields()

func kernelsFields() Table[Kernels] {
	own := func(c Kernels) bool { return c.Image == "own" }
	table := Table[Kernels]{
		{Field: Field{Name: "image", Label: "Image", Help: "A garment of Fashion-MNIST’s test set, or a picture of your own, drawn or uploaded.",
			Kind: Choice, Default: "garment", Choices: []Option{{"garment", "a garment"}, {"own", "my own"}}},
			ref: func(c *Kernels) any { return &c.Image }},
		{Field: Field{Name: "garment", Label: "Garment", Help: "Which test image, counted from 0.",
			Kind: Integer, Default: "0", Min: 0, Max: garments - 1, Step: 1},
			ref: func(c *Kernels) any { return &c.Garment }, applies: func(c Kernels) bool { return !own(c) }},
		{Field: Field{Name: "pixels", Label: "Picture", Help: "28 rows of 28 grey pixels, a byte each, 0 black to 255 white: PackBits, then base64url without padding. Missing ones are black.",
			Kind: Text, Form: "28 × 28 grey bytes in PackBits and base64url", Most: mostPixels},
			ref: func(c *Kernels) any { return &c.Pixels }, applies: own, canonical: canonicalPicture},
		{Field: Field{Name: "scale", Label: "Pixel values", Help: "0 for black and 1 for white, or centred and stretched as the nets see them.",
			Kind: Choice, Default: "unit", Choices: []Option{{"unit", "0 to 1"}, {"net", "as a net’s"}}, Rare: true},
			ref: func(c *Kernels) any { return &c.Scale }},
	}
	for i := range KernelStages {
		table = append(table, stageFields(i)...)
	}
	return append(table,
		Entry[Kernels]{Field: Field{Name: "run", Label: "Learnt by", Help: "The query of a training run of a convolutional net; empty: the course notebook’s run.",
			Kind: Text, Form: "the query or the link of a training run whose net is convolutional", Most: 600},
			ref: func(c *Kernels) any { return &c.Trained }, applies: Kernels.Learnt, canonical: canonicalRun},
		Entry[Kernels]{Field: Field{Name: "stage", Label: "Stage", Help: "Which stage’s pixel is looked at; beyond the last one, the last.",
			Kind: Integer, Default: "1", Min: 1, Max: KernelStages, Step: 1},
			ref: func(c *Kernels) any { return &c.Stage }},
		Entry[Kernels]{Field: Field{Name: "row", Label: "Row", Help: "Of the pixel looked at, counted from 0; beyond the map’s edge, its last row.",
			Kind: Integer, Default: "12", Min: 0, Max: largestMap - 1, SliderMin: 0, SliderMax: data.Height - 1, Step: 1},
			ref: func(c *Kernels) any { return &c.Row }},
		Entry[Kernels]{Field: Field{Name: "column", Label: "Column", Help: "Of the pixel looked at, counted from 0; beyond the map’s edge, its last column.",
			Kind: Integer, Default: "12", Min: 0, Max: largestMap - 1, SliderMin: 0, SliderMax: data.Width - 1, Step: 1},
			ref: func(c *Kernels) any { return &c.Column }},
	)
}

const (
	mostPadding = 2
	mostStride  = 3
	// largestMap is the side of the largest map: three 3 × 3 kernels with the widest padding.
	largestMap = data.Height + KernelStages*(2*mostPadding-2)
)

// stageFields are the fields of stage i; those of the second and third end in their number.
func stageFields(i int) Table[Kernels] {
	suffix, first := "", "sobel_x"
	if i > 0 {
		suffix, first = strconv.Itoa(i+1), kernelOff
	}
	on := func(c Kernels) bool { return c.Stages[i].On() }
	is := func(kernel string) func(Kernels) bool {
		return func(c Kernels) bool { return c.Stages[i].Kernel == kernel }
	}
	return Table[Kernels]{
		{Field: Field{Name: "kernel" + suffix, Label: "Kernel", Help: "The weights that slide over the image.",
			Kind: Choice, Default: first, Choices: kernelChoices(i)},
			ref: func(c *Kernels) any { return &c.Stages[i].Kernel }},
		{Field: Field{Name: "weights" + suffix, Label: "Weights", Help: "Of a kernel edited by hand: 9 or 25 numbers from −100 to 100, row by row, with commas between; empty: the identity.",
			Kind: Text, Form: "9 or 25 numbers from -100 to 100 with commas between", Most: 400},
			ref: func(c *Kernels) any { return &c.Stages[i].Weights }, applies: is(kernelCustom), canonical: canonicalWeights},
		{Field: Field{Name: "unit" + suffix, Label: "Channel", Help: "Which of the first layer’s kernels, counted from 0.",
			Kind: Integer, Default: "0", Min: 0, Max: 31, Step: 1, SliderMin: 0, SliderMax: 7},
			ref: func(c *Kernels) any { return &c.Stages[i].Unit }, applies: is(kernelLearnt)},
		{Field: Field{Name: "stride" + suffix, Label: "Stride", Help: "How many pixels the kernel moves on at a time.",
			Kind: Integer, Default: "1", Min: 1, Max: mostStride, Step: 1},
			ref: func(c *Kernels) any { return &c.Stages[i].Stride }, applies: on},
		{Field: Field{Name: "padding" + suffix, Label: "Padding", Help: "How many rows and columns of zeros are put around the image.",
			Kind: Integer, Default: "1", Min: 0, Max: mostPadding, Step: 1},
			ref: func(c *Kernels) any { return &c.Stages[i].Padding }, applies: on},
		{Field: Field{Name: "activation" + suffix, Label: "Activation", Help: "The function that each sum goes through.",
			Kind: Choice, Default: "relu", Choices: activations()},
			ref: func(c *Kernels) any { return &c.Stages[i].Activation }, applies: on},
		{Field: Field{Name: "pool" + suffix, Label: "Pooling", Help: "Keeps one value of every 2 × 2: the largest, or their mean.",
			Kind: Choice, Default: "none", Choices: []Option{{"none", "none"}, {"max", "largest of 2 × 2"}, {"mean", "mean of 2 × 2"}}},
			ref: func(c *Kernels) any { return &c.Stages[i].Pool }, applies: on},
	}
}

// KernelsTable describes the parameters of [Kernels].
func KernelsTable() Table[Kernels] { return kernelsTable }

// ParseKernels reads a stack from a query; see [Table.Parse]. A stage that the image has become too small for, and a
// channel that the run does not have, are named, too, and left out of the config. The pixel is moved onto its map.
func ParseKernels(query url.Values) (Kernels, FieldErrors) {
	c, errs := kernelsTable.Parse(query)
	more := c.settle()
	return c, errs.and(more)
}

// Query writes the stack, defaults left out.
func (c Kernels) Query() url.Values { return kernelsTable.Query(c) }

// settle makes the stages fit the image that reaches them, and says what did not.
func (c *Kernels) settle() FieldErrors {
	errs := FieldErrors{}
	image, rows := data.Height, 0
	last := 0
	for i := range c.Stages {
		s := &c.Stages[i]
		if !s.On() {
			continue
		}
		suffix := ""
		if i > 0 {
			suffix = strconv.Itoa(i + 1)
		}
		if channels := c.channels(); s.Kernel == kernelLearnt && s.Unit >= channels {
			errs["unit"+suffix] = fmt.Sprintf("must be at most %d: that net’s first layer has %d kernels", channels-1, channels)
			s.Unit = 0
		}
		size := s.size()
		sum := (image+2*s.Padding-size)/s.Stride + 1
		if image+2*s.Padding < size {
			errs["kernel"+suffix] = fmt.Sprintf("is %d × %d, and no more than %d × %d is left of the image here, padding included; lower a stride or the pooling before", size, size, image+2*s.Padding, image+2*s.Padding)
			*s = KernelStage{Kernel: kernelOff}
			continue
		}
		if s.Pool != "none" && sum < 2 {
			errs["pool"+suffix] = "needs a map of at least 2 × 2, and this one is 1 × 1; lower a stride or the pooling before"
			s.Pool = "none"
		}
		if i+1 <= c.Stage || last == 0 {
			last, rows = i+1, sum
		}
		image = sum
		if s.Pool != "none" {
			image = (sum-2)/2 + 1
		}
	}
	c.Stage, c.Row, c.Column = last, min(c.Row, rows-1), min(c.Column, rows-1)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// channels is the number of kernels in the first layer of the run.
func (c Kernels) channels() int {
	if run := c.LearntBy(); deep(run) {
		return run.Channels
	}
	return 5 // the notebook's net
}

// size is the side of the stage's kernel.
func (s KernelStage) size() int {
	if k, found := named(s.Kernel); found {
		return k.Size
	}
	if s.Kernel == kernelCustom {
		return customKernel(s.Weights).Size
	}
	return 3 // every net's first layer
}

// customKernel reads weights that the table accepted; none are the identity.
func customKernel(weights string) Kernel {
	if weights == "" {
		k, _ := named("identity")
		return k
	}
	values, ok := parseWeights(weights)
	if !ok {
		panic("experiment: Kernels: bad weights came through the table")
	}
	return Kernel{Size: side(len(values)), Weights: values}
}

// parseWeights reads 9 or 25 numbers, each as float32 holds it.
func parseWeights(text string) ([]float64, bool) {
	parts := strings.Split(text, ",")
	if len(parts) != 9 && len(parts) != 25 {
		return nil, false
	}
	weights := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 32)
		if err != nil || !(v >= -100 && v <= 100) { // NaN fails both
			return nil, false
		}
		if v == 0 {
			v = 0 // -0 and 0 are one kernel
		}
		weights[i] = v
	}
	return weights, true
}

// KernelText writes weights as the field of a kernel edited by hand has them.
func KernelText(weights []float64) string {
	parts := make([]string, len(weights))
	for i, w := range weights {
		parts[i] = strconv.FormatFloat(w, 'g', -1, 32)
	}
	return strings.Join(parts, ",")
}

func canonicalWeights(text string) (string, bool) {
	if text == "" {
		return "", true
	}
	weights, ok := parseWeights(text)
	if !ok {
		return "", false
	}
	identity, _ := named("identity")
	kept := KernelText(weights)
	if kept == KernelText(identity.Weights) {
		kept = "" // the default
	}
	return kept, true
}

// canonicalRun reads the query of a run, or a link with one, and writes it as the run's identity.
func canonicalRun(text string) (string, bool) {
	if _, query, link := strings.Cut(text, "?"); link {
		text = query
	}
	query, err := url.ParseQuery(text)
	if err != nil {
		return "", false
	}
	query.Del("twin")
	run, errs := ParseTrain(query)
	if errs != nil || mlp(run) {
		return "", false
	}
	return run.Query().Encode(), true
}

// mustActivation is the activation of a name that the table accepted.
func mustActivation(name string) autograd.Activation {
	f, err := autograd.ParseActivation(name)
	if err != nil {
		panic("experiment: " + err.Error())
	}
	return f
}
