package experiment

import (
	"fmt"
	"maps"
	"net/url"

	"gradlab/mlcore/nn"
)

// Transformer trains two transformers that differ in where their layer norms stand (Xiong et al. 2020, "On Layer Normalization in
// the Transformer Architecture"): post-LN, norm(x + f(x)), as in Vaswani et al. 2017, and pre-LN, x + f(norm(x)). Both have the
// same weights, torch's for torch.nn.TransformerEncoderLayer, and read the same sequences, drawn anew for every step. The
// optimiser is Adam.
type Transformer struct {
	Task       string // "reverse" or "copy"
	Layers     int
	Warmup     int // steps over which the learning rate grows to LR; 0: it is LR from the first
	LR         float64
	Steps      int
	Tokens     int // of a sequence
	Vocabulary int // tokens that there are
	Width      int // numbers of a token
	Heads      int // divide Width
	Hidden     int // units of the MLP
	Batch      int // sequences a step
	Seed       uint32
	DType      string // "float32" or "float64"
}

var transformerTable = Table[Transformer]{
	{Field: Field{Name: "warmup", Label: "Warm-up", Help: "Steps over which the learning rate grows evenly to its full size; with 0 it is full from the first step.",
		Kind: Integer, Default: "0", Min: 0, Max: 2000, SliderMin: 0, SliderMax: 200, Step: 10},
		ref: func(c *Transformer) any { return &c.Warmup }},
	{Field: Field{Name: "lr", Label: "Learning rate", Help: "How far Adam moves a weight, after the warm-up.",
		Kind: Real, Default: "0.01", Min: 1e-6, Max: 1, SliderMin: 1e-4, SliderMax: 0.1, Step: 0.1, Log: true},
		ref: func(c *Transformer) any { return &c.LR }},
	{Field: Field{Name: "layers", Label: "Layers", Help: "Each is attention and an MLP, with a skip around each and two norms.",
		Kind: Integer, Default: "8", Min: 1, Max: 24, SliderMin: 1, SliderMax: 12, Step: 1},
		ref: func(c *Transformer) any { return &c.Layers }},
	{Field: Field{Name: "task", Label: "Task", Help: "What is to be put out at each place: the sequence backwards, or as it is.",
		Kind: Choice, Default: "reverse", Choices: []Option{{"reverse", "reverse"}, {"copy", "copy"}}},
		ref: func(c *Transformer) any { return &c.Task }},
	{Field: Field{Name: "steps", Label: "Steps", Help: "Updates of the weights, each from sequences that are drawn anew.",
		Kind: Integer, Default: "200", Min: 1, Max: 2000, SliderMin: 50, SliderMax: 500, Step: 10},
		ref: func(c *Transformer) any { return &c.Steps }},
	{Field: Field{Name: "seed", Label: "Seed", Help: "Names the random draw of weights and sequences, as torch.manual_seed does.",
		Kind: Integer, Default: "0", Min: 0, Max: 1<<32 - 1, SliderMin: 0, SliderMax: 20, Step: 1},
		ref: func(c *Transformer) any { return &c.Seed }},
	{Field: Field{Name: "tokens", Label: "Sequence length", Help: "Tokens of each sequence.",
		Kind: Integer, Default: "8", Min: 1, Max: 32, SliderMin: 2, SliderMax: 16, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Tokens }},
	{Field: Field{Name: "vocabulary", Label: "Vocabulary", Help: "How many different tokens there are.",
		Kind: Integer, Default: "10", Min: 2, Max: 64, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Vocabulary }},
	{Field: Field{Name: "width", Label: "Width", Help: "Numbers of each token’s vector.",
		Kind: Integer, Default: "32", Min: 2, Max: 128, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Width }},
	{Field: Field{Name: "heads", Label: "Heads", Help: "Attention heads work side by side and share the width.",
		Kind: Integer, Default: "4", Min: 1, Max: 16, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Heads }},
	{Field: Field{Name: "hidden", Label: "Hidden units", Help: "Of each layer’s MLP.",
		Kind: Integer, Default: "64", Min: 1, Max: 512, SliderMin: 16, SliderMax: 256, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Hidden }},
	{Field: Field{Name: "batch", Label: "Batch size", Help: "Sequences per step.",
		Kind: Integer, Default: "16", Min: 1, Max: 128, Step: 1, Rare: true},
		ref: func(c *Transformer) any { return &c.Batch }},
	{Field: Field{Name: "dtype", Label: "Precision", Help: "float32 is PyTorch’s default.",
		Kind: Choice, Default: "float32", Choices: options("float32", "float64"), Rare: true},
		ref: func(c *Transformer) any { return &c.DType }},
}

// TransformerTable describes the parameters of a [Transformer].
func TransformerTable() Table[Transformer] { return transformerTable }

// ParseTransformer reads a transformer from a query; see [Table.Parse]. Fields that do not go together are named, too, and so are
// two runs that would cost more than [MaxCost]; the config can then be shown, but not run.
func ParseTransformer(query url.Values) (Transformer, FieldErrors) {
	c, errs := transformerTable.Parse(query)
	return c, errs.and(c.check())
}

// Query writes the transformer, defaults left out.
func (c Transformer) Query() url.Values { return transformerTable.Query(c) }

func (c Transformer) check() FieldErrors {
	if c.Width%c.Heads != 0 {
		return FieldErrors{"heads": fmt.Sprintf("must divide the width: %d is no multiple of %d", c.Width, c.Heads)}
	}
	runs := c.Runs()
	if cost := runs[0].Cost() + runs[1].Cost(); cost > MaxCost {
		return FieldErrors{"steps": fmt.Sprintf("make the two runs %.1f times as long as the server allows; lower them, the layers, the batch or the sequence length", cost/MaxCost)}
	}
	return runs[0].OverMemory(MaxMemory)
}

// Rate is the learning rate of a step, from 0.
func (c Transformer) Rate(step int) float64 {
	if step+1 >= c.Warmup {
		return c.LR
	}
	return c.LR * (float64(step+1) / float64(c.Warmup))
}

// Runs are the two trainings, post-LN first.
func (c Transformer) Runs() []TransformerRun {
	return []TransformerRun{{c, nn.NormPost.String()}, {c, nn.NormPre.String()}}
}

// A TransformerRun is one of a [Transformer]'s two trainings.
type TransformerRun struct {
	Transformer
	Norm string // "post" or "pre"
}

// Key names the run.
func (c TransformerRun) Key() string { return "transformer " + c.Norm + " " + c.Query().Encode() }

// Length is the number of steps.
func (c TransformerRun) Length() int { return c.Steps }

func (c TransformerRun) config() nn.TransformerConfig {
	return nn.TransformerConfig{Vocabulary: c.Vocabulary, Places: c.Tokens, EncoderConfig: nn.EncoderConfig{
		Layers: c.Layers, Width: c.Width, Heads: c.Heads, Hidden: c.Hidden, Skip: true, MLP: true, Norm: chosen(c.Norm, nn.NormPlaces()),
	}}
}

// Ledger lists the net's layers without building it.
func (c TransformerRun) Ledger() nn.Ledger { return c.config().Ledger() }

// sequenceCost is how much longer a multiply-add takes than a convolution's: what a transformer does beside its products with
// weights has no vector kernels.
const sequenceCost = 4

// StepCost is what a step takes of a core, in the multiply-adds of convolutions.
func (c TransformerRun) StepCost() float64 { return 3 * c.passCost(c.Batch) }

// passCost is what a forward pass takes.
func (c TransformerRun) passCost(sequences int) float64 {
	return sequenceCost * float64(c.Ledger().MultiplyAdds()) * float64(nn.Filled(sequences))
}

// Cost is what the whole run takes, the sequences included that the net is judged by.
func (c TransformerRun) Cost() float64 {
	return c.StepCost()*float64(c.Steps) + c.passCost(JudgedSequences)
}

// Kept is an upper estimate of the bytes that the run holds between two steps, after [Training.Shed].
func (c TransformerRun) Kept() int64 {
	result := resultSize + int64(c.Steps)*(stepSize+block(8*int64(c.Layers))) + block(entrySize*(16*int64(c.Layers)+8)) + 4*block(8*int64(c.Tokens))
	return c.Ledger().Kept(elementBytes(c.DType)) + result + int64(max(nn.Filled(c.Batch), JudgedSequences)*(c.Tokens+1))*24
}

// Memory is an upper estimate of the bytes that the run holds while it trains.
func (c TransformerRun) Memory() int64 {
	net, size := c.Ledger(), elementBytes(c.DType)
	return c.Kept() + net.Work(c.Batch, size) + net.Judging(size)
}

// OverMemory names the field to lower of a run that needs more than so many bytes, and says by how much.
func (c TransformerRun) OverMemory(most int64) FieldErrors {
	if bytes := c.Memory(); bytes > most {
		return FieldErrors{"batch": fmt.Sprintf("makes this run need %.2g times the memory that the server allows; lower it, the sequence length or the layers", float64(bytes)/float64(most))}
	}
	return nil
}

// TransformerView is what the lab shows of a [Transformer]. It changes no number.
type TransformerView struct {
	Step int // whose gradients are drawn; beyond the last, the last
}

var transformerViewTable = Table[TransformerView]{
	{Field: Field{Name: "step", Label: "Step in hand", Help: "The step whose gradients are drawn, from 0; beyond the last, the last.",
		Kind: Integer, Default: "2000", Min: 0, Max: 2000, Step: 1},
		ref: func(v *TransformerView) any { return &v.Step }},
}

// TransformerViewTable describes the parameters of a [TransformerView].
func TransformerViewTable() Table[TransformerView] { return transformerViewTable }

// ParseTransformerLab reads a transformer and how it is shown from the query of the lab's page.
func ParseTransformerLab(query url.Values) (Transformer, TransformerView, FieldErrors) {
	return parseLab(query, ParseTransformer, transformerViewTable)
}

// Query writes a transformer and how it is shown, defaults left out.
func (v TransformerView) Query(c Transformer) url.Values {
	query := c.Query()
	maps.Copy(query, transformerViewTable.Query(v))
	return query
}
