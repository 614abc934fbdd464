package experiment

import (
	"fmt"
	"maps"
	"net/url"

	"gradlab/mlcore/nn"
)

// A Barcode follows one gradient along a line of pictures: the experiment of Balduzzi et al. 2017, "The Shattered Gradients
// Problem" (arXiv 1702.08591), figures 1 and 3, with pictures for inputs.
//
// The line leads from one garment to another, x(t) = a + t·(b - a), in Points equal steps. y is the score (logit) that a net which
// has learnt nothing yet gives the class of a. A stripe is its slope along the line, dy/dt = ∂y/∂x · (b - a). That is the
// paper's number: its input is a single number on a grid of 256 points from -2 to 2, its nets are fully connected, and it
// averages over 20 draws of the weights; here a draw is a seed.
//
// The net's batch norms have the statistics of one batch, the first [BarcodeBatch] training images, and keep them: so a stripe
// depends on its own picture alone, and is a derivative that central differences find. In the paper the grid itself is the batch;
// that stretches the line to the same spread in every layer, and the stripes shatter at less depth.
//
// All is float64. At depth 50 the plain net's stripes are so shattered that float32's roundings, which switch a unit here and
// there, are enough to make others of them.
type Barcode struct {
	Net        string // "mlp" or "deep"
	Depth      int    // mlp: hidden layers
	N          int    // deep: blocks a stage; 6n + 2 weighted layers
	Skip       string // "none" or "identity"; of deep, option A
	Norm       string // mlp: none, batch, layer; deep: none, batch, group
	Activation string
	Width      int // mlp: of the hidden layers
	Channels   int // deep: of the first stage
	From, To   int // which of Fashion-MNIST's training images, from 0
	Points     int
	Seed       uint32
}

// BarcodeBatch is how many images give a barcode's batch norms their statistics, and BarcodeLags how far, in stripes, its
// autocorrelation is computed.
const (
	BarcodeBatch = 64
	BarcodeLags  = 30
)

const (
	// maxBarcodeCost is what one net's barcode may take of a core, in multiply-adds, since it is computed while its reader waits: half
	// a second.
	maxBarcodeCost = 1.5e9
	// doubleCost is how much longer a multiply-add takes in float64, which has no vector kernels, than in float32.
	doubleCost = 6
)

func fullyConnected(c Barcode) bool { return c.Net == "mlp" }
func convolutional(c Barcode) bool  { return c.Net == "deep" }

// barcodeTable is the one description of a barcode's parameters.
var barcodeTable = Table[Barcode]{
	{Field: Field{Name: "net", Label: "Network", Help: "Fully connected, as in the paper, or the plain and residual CNN of He et al. 2015.",
		Kind: Choice, Default: "mlp", Choices: []Option{{"mlp", "fully connected"}, {"deep", "deep CNN"}}},
		ref: func(c *Barcode) any { return &c.Net }},
	{Field: Field{Name: "depth", Label: "Hidden layers", Help: "Layers between the first and the last.",
		Kind: Integer, Default: "24", Min: 1, Max: 100, SliderMin: 1, SliderMax: 50, Step: 1},
		ref: func(c *Barcode) any { return &c.Depth }, applies: fullyConnected},
	{Field: Field{Name: "n", Label: "Blocks per stage", Help: "Three stages of n blocks each make 6n + 2 weighted layers.",
		Kind: Integer, Default: "3", Min: 1, Max: 9, Step: 1},
		ref: func(c *Barcode) any { return &c.N }, applies: convolutional},
	{Field: Field{Name: "skip", Label: "Skip connection", Help: "Adds each layer’s input to its output, or each block’s.",
		Kind: Choice, Default: "identity", Choices: []Option{{"none", "off"}, {"identity", "on"}}},
		ref: func(c *Barcode) any { return &c.Skip }},
	{Field: Field{Name: "seed", Label: "Seed", Help: "Names the random draw of the weights, and of the noise, as torch.manual_seed does.",
		Kind: Integer, Default: "0", Min: 0, Max: 1<<32 - 1, SliderMin: 0, SliderMax: 20, Step: 1},
		ref: func(c *Barcode) any { return &c.Seed }},
	{Field: Field{Name: "from", Label: "First picture", Help: "Where the line begins: a training image of Fashion-MNIST.",
		Kind: Integer, Default: "0", Min: 0, Max: 4999, SliderMin: 0, SliderMax: 100, Step: 1, Rare: true},
		ref: func(c *Barcode) any { return &c.From }},
	{Field: Field{Name: "to", Label: "Last picture", Help: "Where the line ends: another training image.",
		Kind: Integer, Default: "1", Min: 0, Max: 4999, SliderMin: 0, SliderMax: 100, Step: 1, Rare: true},
		ref: func(c *Barcode) any { return &c.To }},
	{Field: Field{Name: "points", Label: "Pictures on the line", Help: "More of them are smaller steps.",
		Kind: Integer, Default: "256", Min: 64, Max: 256, Step: 1, Rare: true},
		ref: func(c *Barcode) any { return &c.Points }},
	{Field: Field{Name: "norm", Label: "Normalisation", Help: "Keeps the scale of each layer’s output. Batch norms keep the statistics of 64 garments.",
		Kind: Choice, Default: "batch", Choices: choicesOf(nn.MLPNorms()), Rare: true},
		ref: func(c *Barcode) any { return &c.Norm }, applies: fullyConnected},
	{Field: Field{Name: "norm", Label: "Normalisation", Help: "Keeps the scale of each layer’s output. Batch norms keep the statistics of 64 garments.",
		Kind: Choice, Default: "batch", Choices: choicesOf(nn.DeepNorms()), Rare: true},
		ref: func(c *Barcode) any { return &c.Norm }, applies: convolutional},
	{Field: Field{Name: "activation", Label: "Activation", Help: "The function that each layer applies.",
		Kind: Choice, Default: "relu", Choices: activations(), Rare: true},
		ref: func(c *Barcode) any { return &c.Activation }},
	{Field: Field{Name: "width", Label: "Width", Help: "Units of each hidden layer.",
		Kind: Integer, Default: "32", Min: 1, Max: 128, Step: 1, Rare: true},
		ref: func(c *Barcode) any { return &c.Width }, applies: fullyConnected},
	{Field: Field{Name: "channels", Label: "Channels", Help: "Channels of the first stage; the second has twice, the third four times as many.",
		Kind: Integer, Default: "4", Min: 1, Max: 8, Step: 1, Rare: true},
		ref: func(c *Barcode) any { return &c.Channels }, applies: convolutional},
}

// BarcodeTable describes the parameters of a [Barcode].
func BarcodeTable() Table[Barcode] { return barcodeTable }

// A BarcodeView is what the lab shows of a [Barcode] and no part of the experiment: the picture whose gradient is drawn.
type BarcodeView struct{ Point int } // on the line, from 1

var barcodeViewTable = Table[BarcodeView]{
	{Field: Field{Name: "point", Label: "Selected picture", Help: "Whose gradient is drawn below the stripes, with that of the next picture.",
		Kind: Integer, Default: "128", Min: 1, Max: 255, Step: 1},
		ref: func(v *BarcodeView) any { return &v.Point }},
}

// BarcodeViewTable describes the parameters of a [BarcodeView].
func BarcodeViewTable() Table[BarcodeView] { return barcodeViewTable }

// ParseBarcode reads a barcode from a query; see [Table.Parse]. Fields that do not go together are named, too, and so is a net
// that takes too long; the config can then be shown, but not run.
func ParseBarcode(query url.Values) (Barcode, FieldErrors) {
	c, errs := barcodeTable.Parse(query)
	return c, errs.and(c.check())
}

// ParseBarcodeLab reads a barcode and how it is shown from the query of the lab's page.
func ParseBarcodeLab(query url.Values) (Barcode, BarcodeView, FieldErrors) {
	return parseLab(query, ParseBarcode, barcodeViewTable)
}

// Query writes the barcode, defaults left out.
func (c Barcode) Query() url.Values { return barcodeTable.Query(c) }

// Query writes a barcode and how it is shown, defaults left out.
func (v BarcodeView) Query(c Barcode) url.Values {
	query := c.Query()
	maps.Copy(query, barcodeViewTable.Query(v))
	return query
}

// check names the fields that are fit alone and not together.
func (c Barcode) check() FieldErrors {
	if c.From == c.To {
		return FieldErrors{"to": "must be another one than the first: between a picture and itself there is no line"}
	}
	if errs := c.Untrained().check(); errs != nil {
		return errs
	}
	if cost := c.Cost(); cost > maxBarcodeCost {
		name, width := "depth", "width"
		if convolutional(c) {
			name, width = "n", "channels"
		}
		return FieldErrors{name: fmt.Sprintf("makes this %.1f times the work that is done while a reader waits; lower it, the %s or the pictures on the line", cost/maxBarcodeCost, width)}
	}
	return nil
}

// Untrained is the training run whose net this is, before its first step: the training lab can be asked what becomes of it.
func (c Barcode) Untrained() Train {
	t := Train{
		Net: c.Net, Depth: c.Depth, N: c.N, Channels: c.Channels, Width: c.Width, Activation: c.Activation, Skip: c.Skip, Norm: c.Norm,
		Order: "post", Init: "default", Data: "fashion", Count: BarcodeBatch, Batch: BarcodeBatch, Steps: 1, Optimizer: "momentum", LR: 0.05,
		Seed: c.Seed, DType: "float64",
	}
	if c.Residual() && convolutional(c) {
		t.Skip = "A"
	}
	return t
}

// Cost is what one net's barcode takes of a core, in multiply-adds: a forward pass of the batch for the statistics, and a
// forward and a backward pass for each picture.
func (c Barcode) Cost() float64 {
	return float64(c.Untrained().Ledger().MultiplyAdds()) * float64(nn.Filled(BarcodeBatch)+3*nn.Filled(c.Points))
}

// Work is what the barcode and its twin take of a core, in the multiply-adds of float32 by which runs are scheduled.
func (c Barcode) Work() float64 { return 2 * doubleCost * c.Cost() }

// Residual says whether the net has skip connections.
func (c Barcode) Residual() bool { return c.Skip == "identity" }

// Twin is the same barcode with the skip the other way: the same weights, since a skip draws none.
func (c Barcode) Twin() Barcode {
	if c.Residual() {
		c.Skip = "none"
	} else {
		c.Skip = "identity"
	}
	return c
}
