package experiment

import (
	"fmt"
	"net/url"

	"gradlab/mlcore/nn"
)

// Train is one training run of a reference network. Two equal configs give the same numbers, on any machine to float32
// rounding, and those of PyTorch.
type Train struct {
	Net        string // "notebook", "deep" or "mlp"
	Depth      int    // notebook: convolutions after the first; mlp: hidden layers
	N          int    // deep: blocks a stage; 6n + 2 weighted layers
	Channels   int    // deep: of the first stage
	Width      int    // mlp: of the hidden layers
	Activation string
	Skip       string // notebook: none, identity; deep: none, A, B, C; mlp: none, identity, rezero, highway
	Norm       string // deep: none, batch, group; mlp: none, batch, layer
	Order      string // deep: post, notebook, pre
	Init       string // mlp
	Data       string // "noise" or "fashion"
	Count      int    // training images
	Batch      int    // images a step; divides Count
	Steps      int
	Optimizer  string
	LR         float64
	Clip       float64 // the most that the gradient's norm may be; 0: no clipping
	Seed       uint32
	DType      string // "float32" or "float64"

	// Lesions is how often each number of blocks is taken out of the trained net, a deep one in float32; 0: it is left alone. It
	// changes nothing of the training, and no query names it: it is set by [Blocks].
	Lesions int
}

// Key names the run and what is found out about its net: equal keys, equal outcomes.
func (c Train) Key() string {
	if c.Lesions == 0 {
		return c.Query().Encode()
	}
	return fmt.Sprintf("%s #lesions=%d", c.Query().Encode(), c.Lesions)
}

func notebook(c Train) bool { return c.Net == "notebook" }
func deep(c Train) bool     { return c.Net == "deep" }
func mlp(c Train) bool      { return c.Net == "mlp" }

// trainTable is the one description of a run's parameters.
var trainTable = Table[Train]{
	{Field: Field{Name: "net", Label: "Network", Help: "The course notebook’s small CNN, a plain or residual CNN as in He et al. 2015, or a deep fully connected net.",
		Kind: Choice, Default: "notebook", Choices: []Option{{"notebook", "the course notebook’s CNN"}, {"deep", "deep CNN"}, {"mlp", "fully connected"}}},
		ref: func(c *Train) any { return &c.Net }},
	{Field: Field{Name: "depth", Label: "Extra layers", Help: "Convolutions after the first, each from 5 channels to 5.",
		Kind: Integer, Default: "0", Min: 0, Max: 20, Step: 1},
		ref: func(c *Train) any { return &c.Depth }, applies: notebook},
	{Field: Field{Name: "depth", Label: "Hidden layers", Help: "Layers between the first and the last.",
		Kind: Integer, Default: "12", Min: 1, Max: 100, Step: 1},
		ref: func(c *Train) any { return &c.Depth }, applies: mlp},
	{Field: Field{Name: "n", Label: "Blocks per stage", Help: "Three stages of n blocks each make 6n + 2 weighted layers.",
		Kind: Integer, Default: "3", Min: 1, Max: 18, Step: 1},
		ref: func(c *Train) any { return &c.N }, applies: deep},
	{Field: Field{Name: "channels", Label: "Channels", Help: "Channels of the first stage; the second has twice, the third four times as many.",
		Kind: Integer, Default: "4", Min: 1, Max: 32, Step: 1, Rare: true},
		ref: func(c *Train) any { return &c.Channels }, applies: deep},
	{Field: Field{Name: "width", Label: "Width", Help: "Units of each hidden layer.",
		Kind: Integer, Default: "32", Min: 1, Max: 128, Step: 1, Rare: true},
		ref: func(c *Train) any { return &c.Width }, applies: mlp},
	{Field: Field{Name: "activation", Label: "Activation", Help: "The function that each layer applies.",
		Kind: Choice, Default: "relu", Choices: activations()},
		ref: func(c *Train) any { return &c.Activation }, vary: func(c Train, f *Field) {
			if mlp(c) {
				f.Default = "tanh"
			}
		}},
	{Field: Field{Name: "skip", Label: "Skip connection", Help: "Adds each extra layer’s input to its output.",
		Kind: Choice, Default: "none", Choices: []Option{{"none", "off"}, {"identity", "on"}}},
		ref: func(c *Train) any { return &c.Skip }, applies: notebook},
	{Field: Field{Name: "skip", Label: "Skip connection", Help: "Where the shape changes: A pads with zeros, B projects; C projects in every block.",
		Kind: Choice, Default: "A", Choices: []Option{{"none", "none"}, {"A", "A: identity, zero-padded"}, {"B", "B: projection where the shape changes"}, {"C", "C: projection everywhere"}}},
		ref: func(c *Train) any { return &c.Skip }, applies: deep},
	{Field: Field{Name: "skip", Label: "Skip connection", Help: "Identity adds the input; ReZero scales the layer by a learnt α from 0; highway mixes by a learnt gate.",
		Kind: Choice, Default: "none", Choices: []Option{{"none", "none"}, {"identity", "identity"}, {"rezero", "ReZero"}, {"highway", "highway"}}},
		ref: func(c *Train) any { return &c.Skip }, applies: mlp},
	{Field: Field{Name: "norm", Label: "Normalisation", Help: "Keeps the scale of each layer’s output.",
		Kind: Choice, Default: "batch", Choices: choicesOf(nn.DeepNorms()), Rare: true},
		ref: func(c *Train) any { return &c.Norm }, applies: deep},
	{Field: Field{Name: "norm", Label: "Normalisation", Help: "Keeps the scale of each layer’s output.",
		Kind: Choice, Default: "none", Choices: choicesOf(nn.MLPNorms()), Rare: true},
		ref: func(c *Train) any { return &c.Norm }, applies: mlp},
	{Field: Field{Name: "order", Label: "Block order", Help: "post: activation after the addition (2015); notebook: before it; pre: normalisation and activation first (2016).",
		Kind: Choice, Default: "post", Choices: choicesOf(nn.DeepOrders()), Rare: true},
		ref: func(c *Train) any { return &c.Order }, applies: deep},
	{Field: Field{Name: "init", Label: "Initialisation", Help: "How the weights are drawn.",
		Kind: Choice, Default: "default", Choices: choicesOf(nn.Initialisations()), Rare: true},
		ref: func(c *Train) any { return &c.Init }, applies: mlp},
	{Field: Field{Name: "steps", Label: "Steps", Help: "Updates of the weights.",
		Kind: Integer, Default: "100", Min: 1, Max: 5000, SliderMin: 10, SliderMax: 500, Step: 1},
		ref: func(c *Train) any { return &c.Steps }},
	{Field: Field{Name: "lr", Label: "Learning rate", Help: "How far a weight moves for a given gradient.",
		Kind: Real, Default: "0.05", Min: 1e-7, Max: 10, SliderMin: 1e-5, SliderMax: 1, Step: 0.1, Log: true},
		ref: func(c *Train) any { return &c.LR }, vary: notebookDefault("0.001")},
	{Field: Field{Name: "seed", Label: "Seed", Help: "Names the random draw of weights and noise, as torch.manual_seed does.",
		Kind: Integer, Default: "0", Min: 0, Max: 1<<32 - 1, SliderMin: 0, SliderMax: 20, Step: 1},
		ref: func(c *Train) any { return &c.Seed }},
	{Field: Field{Name: "data", Label: "Images", Help: "Random noise with random labels, as in the course notebook, or garments (Fashion-MNIST).",
		Kind: Choice, Default: "fashion", Choices: []Option{{"noise", "noise"}, {"fashion", "garments"}}, Rare: true},
		ref: func(c *Train) any { return &c.Data }, vary: notebookDefault("noise")},
	{Field: Field{Name: "count", Label: "Training images", Help: "How many images there are to learn.",
		Kind: Integer, Default: "64", Min: 1, Max: 5000, SliderMin: 50, SliderMax: 2000, Step: 50, Rare: true},
		ref: func(c *Train) any { return &c.Count }, vary: notebookDefault("100")},
	{Field: Field{Name: "batch", Label: "Batch size", Help: "Images per step; the number of training images is a multiple of it.",
		Kind: Integer, Default: "32", Min: 1, Max: 512, SliderMin: 10, SliderMax: 500, Step: 10, Rare: true},
		ref: func(c *Train) any { return &c.Batch }, vary: notebookDefault("100")},
	{Field: Field{Name: "optimizer", Label: "Optimiser", Help: "How a gradient becomes a change of the weights.",
		Kind: Choice, Default: "momentum", Choices: []Option{{"sgd", "SGD"}, {"momentum", "SGD with momentum 0.9"},
			{"nesterov", "Nesterov momentum 0.9"}, {"rmsprop", "RMSprop"}, {"adam", "Adam"}, {"adamw", "AdamW"}}, Rare: true},
		ref: func(c *Train) any { return &c.Optimizer }, vary: notebookDefault("adam")},
	{Field: Field{Name: "clip", Label: "Clip the gradient at", Help: "The largest norm that the whole gradient may have; 0 does not clip.",
		Kind: Real, Default: "0", Min: 0, Max: 1000, SliderMin: 0, SliderMax: 10, Step: 0.1, Rare: true},
		ref: func(c *Train) any { return &c.Clip }},
	{Field: Field{Name: "dtype", Label: "Precision", Help: "float32 is PyTorch’s default.",
		Kind: Choice, Default: "float32", Choices: options("float32", "float64"), Rare: true},
		ref: func(c *Train) any { return &c.DType }},
}

// notebookDefault gives the notebook's net a default of its own.
func notebookDefault(value string) func(Train, *Field) {
	return func(c Train, f *Field) {
		if notebook(c) {
			f.Default = value
		}
	}
}

// TrainTable describes the parameters of a [Train].
func TrainTable() Table[Train] { return trainTable }

// ParseTrain reads a run from a query; see [Table.Parse]. Fields that do not go together are named, too, and so is a run
// that would cost more than [MaxCost]; the config can then be shown, but not run.
func ParseTrain(query url.Values) (Train, FieldErrors) {
	c, errs := trainTable.Parse(query)
	return c, errs.and(c.check())
}

// Query writes the run, defaults left out.
func (c Train) Query() url.Values { return trainTable.Query(c) }

// check names the fields that are fit alone and not together.
func (c Train) check() FieldErrors {
	errs := FieldErrors{}
	switch {
	case c.Batch > c.Count:
		errs["batch"] = fmt.Sprintf("must be at most the number of training images, %d", c.Count)
	case c.Count%c.Batch != 0:
		errs["batch"] = fmt.Sprintf("must divide the number of training images: %d is no multiple of %d", c.Count, c.Batch)
	case mlp(c) && c.Norm == "batch" && c.Batch < 2:
		errs["batch"] = "must be at least 2 with batch normalisation, which needs a spread to divide by"
	}
	if deep(c) && c.Norm == "group" && c.Channels > 2 && c.Channels%4 != 0 {
		errs["channels"] = "must be 1, 2 or a multiple of 4 with group normalisation, which splits them into 4 groups"
	}
	if len(errs) == 0 {
		return c.overCeiling()
	}
	return errs
}

// Length is the number of steps.
func (c Train) Length() int { return c.Steps }

// Residual says whether the net has skip connections.
func (c Train) Residual() bool { return c.Skip != "none" }

// Twin is the same run with the skip the other way: the plain net of a residual one, the identity skip of a plain one.
func (c Train) Twin() Train {
	switch {
	case c.Residual():
		c.Skip = "none"
	case deep(c):
		c.Skip = "A"
	default:
		c.Skip = "identity"
	}
	return c
}

// HasTwin says whether the skip changes anything: the notebook's own net has no layer to skip.
func (c Train) HasTwin() bool { return !notebook(c) || c.Depth > 0 }
