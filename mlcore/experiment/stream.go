package experiment

import (
	"fmt"
	"maps"
	"math"
	"net/url"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// Stream sends words through the layers of a transformer that has learnt nothing, and measures how different they are after each
// (Dong et al. 2021). The words are vectors, torch.randn(1, tokens, width) after manual_seed(seed); the layers are drawn next, as
// torch.nn.TransformerEncoderLayer draws them, with an MLP of 4·width. What is left out is drawn all the same, so that skip,
// MLP and norm change no weight. It is computed in float64, of float32 draws, since float32 would soon end in rounding.
type Stream struct {
	Layers int
	Heads  int    // divide Width
	Width  int    // numbers of a token
	Tokens int    // words
	Skip   string // "none" or "identity"
	MLP    string // "on" or "off"
	Norm   string // "none", "pre" or "post"
	Seed   uint32
}

var streamTable = Table[Stream]{
	{Field: Field{Name: "layers", Label: "Layers", Help: "How many layers the words pass through.",
		Kind: Integer, Default: "6", Min: 1, Max: 24, SliderMin: 1, SliderMax: 12, Step: 1},
		ref: func(c *Stream) any { return &c.Layers }},
	{Field: Field{Name: "skip", Label: "Skip connections", Help: "Adds what enters attention, and the MLP, to what comes out.",
		Kind: Choice, Default: "none", Choices: []Option{{"none", "off"}, {"identity", "on"}}},
		ref: func(c *Stream) any { return &c.Skip }},
	{Field: Field{Name: "mlp", Label: "MLP after attention", Help: "The two linear layers with a ReLU between that follow attention in a Transformer.",
		Kind: Choice, Default: "on", Choices: []Option{{"off", "off"}, {"on", "on"}}},
		ref: func(c *Stream) any { return &c.MLP }},
	{Field: Field{Name: "norm", Label: "Layer norm", Help: "pre: before attention and MLP, inside the skip; post: after the addition, as in 2017.",
		Kind: Choice, Default: "pre", Choices: choicesOf(nn.NormPlaces())},
		ref: func(c *Stream) any { return &c.Norm }},
	{Field: Field{Name: "tokens", Label: "Words", Help: "Tokens of the sequence, each a random vector at first.",
		Kind: Integer, Default: "12", Min: 2, Max: float64(len(words)), Step: 1},
		ref: func(c *Stream) any { return &c.Tokens }},
	{Field: Field{Name: "seed", Label: "Seed", Help: "Names the random draw of words and weights, as torch.manual_seed does.",
		Kind: Integer, Default: "0", Min: 0, Max: 1<<32 - 1, SliderMin: 0, SliderMax: 20, Step: 1},
		ref: func(c *Stream) any { return &c.Seed }},
	{Field: Field{Name: "heads", Label: "Heads", Help: "Attention heads work side by side and share the width.",
		Kind: Integer, Default: "4", Min: 1, Max: 16, Step: 1, Rare: true},
		ref: func(c *Stream) any { return &c.Heads }},
	{Field: Field{Name: "width", Label: "Width", Help: "Numbers of each word’s vector.",
		Kind: Integer, Default: "32", Min: 2, Max: 128, Step: 1, Rare: true},
		ref: func(c *Stream) any { return &c.Width }},
}

// words name the tokens. Nothing is computed of them: each token is a random vector of its own.
var words = [...]string{
	"the", "cat", "sat", "on", "a", "mat", "and", "purred", "while", "two", "dogs", "slept", "near", "our", "fire", "until",
	"someone", "rang", "then", "all", "five", "ran", "out", "into", "deep", "snow", "where", "no", "path", "was", "left", "behind",
}

// Words names the tokens, each by a word of its own.
func (c Stream) Words() []string { return words[:c.Tokens] }

// mostStream is the most multiply-adds of one pass: some 15 ms of a core, of which a page computes two.
const mostStream = 3e6

// StreamTable describes the parameters of a [Stream].
func StreamTable() Table[Stream] { return streamTable }

// ParseStream reads a stream from a query; see [Table.Parse]. Heads have to divide the width, and one pass may cost so much.
func ParseStream(query url.Values) (Stream, FieldErrors) {
	c, errs := streamTable.Parse(query)
	return c, errs.and(c.check())
}

func (c Stream) check() FieldErrors {
	if c.Width%c.Heads != 0 {
		return FieldErrors{"heads": fmt.Sprintf("must divide the width: %d is no multiple of %d", c.Width, c.Heads)}
	}
	if cost := c.Cost(); cost > mostStream {
		return FieldErrors{"layers": fmt.Sprintf("make this %.2f times as much work as the server allows; lower them, the words or the width", cost/mostStream)}
	}
	return nil
}

// Cost is the multiply-adds of one pass: the products with weights, and those of tokens with tokens.
func (c Stream) Cost() float64 {
	perToken := 4 * c.Width * c.Width
	if c.MLP == "on" {
		perToken += 8 * c.Width * c.Width
	}
	return float64(c.Layers * c.Tokens * (perToken + 2*c.Tokens*c.Width))
}

// Query writes the stream, defaults left out.
func (c Stream) Query() url.Values { return streamTable.Query(c) }

// Residual says whether the layers have skip connections.
func (c Stream) Residual() bool { return c.Skip == "identity" }

// Twin is the same stream with the skip the other way.
func (c Stream) Twin() Stream {
	if c.Residual() {
		c.Skip = "none"
	} else {
		c.Skip = "identity"
	}
	return c
}

// StreamResult is what one pass computed: of each, one value for the words as they came in, and one after every layer.
type StreamResult struct {
	Config Stream
	// Difference is ‖X − 1x̄ᵀ‖ / ‖X‖ of the matrix X whose rows are the tokens, x̄ their mean, with Dong et al.'s norm
	// ‖X‖ = √(‖X‖₁·‖X‖∞), the root of its largest column sum times its largest row sum of absolute values. It is 0 where
	// all tokens are equal, a matrix of rank one. The paper's theory has the x that makes the norm least in the place of x̄;
	// its figures, as its code shows, have the mean.
	Difference []float64
	Size       []float64      // the root mean square length of a token
	Places     [][][2]float64 // of each token, its first two numbers, divided by Size
}

// Run computes the stream.
func (c Stream) Run() StreamResult {
	g := torchrand.New(c.Seed)
	x := autograd.NewBatch[float64](1, c.Tokens, c.Width)
	x.SetValues(widened(g, x.Len()))
	tape := autograd.NewTape[float64]()
	defer tape.NoGrad()()
	r := StreamResult{Config: c}
	r.measure(x.Values(nil))
	for range c.Layers { // drawn one by one, so that the tape keeps the storage of one
		layer := nn.NewEncoder[float64](g, nn.EncoderConfig{
			Layers: 1, Width: c.Width, Heads: c.Heads, Hidden: 4 * c.Width,
			Skip: c.Residual(), MLP: c.MLP == "on", Norm: chosen(c.Norm, nn.NormPlaces()),
		})
		tape.Reset()
		y := layer.Forward(tape, x).Values(nil)
		x.SetValues(y)
		r.measure(y)
	}
	return r
}

// widened are normal draws, in float32 as PyTorch draws them.
func widened(g *torchrand.Generator, n int) []float64 {
	draws := make([]float32, n)
	g.Randn(draws)
	return doubles(draws)
}

// measure adds what there is to say of the tokens x, rows of the config's width.
func (r *StreamResult) measure(x []float64) {
	width, tokens := r.Config.Width, r.Config.Tokens
	mean, squares := make([]float64, width), 0.0
	for i, v := range x {
		mean[i%width] += v / float64(tokens)
		squares += v * v
	}
	apart := make([]float64, len(x))
	for i, v := range x {
		apart[i] = v - mean[i%width]
	}
	size := math.Sqrt(squares / float64(tokens))
	places := make([][2]float64, tokens)
	for i := range places {
		places[i] = [2]float64{x[i*width] / size, x[i*width+1] / size}
	}
	r.Difference = append(r.Difference, compositeNorm(apart, width)/compositeNorm(x, width))
	r.Size = append(r.Size, size)
	r.Places = append(r.Places, places)
}

// compositeNorm is √(‖X‖₁·‖X‖∞) of a matrix whose rows have that width.
func compositeNorm(x []float64, width int) float64 {
	columns, largestRow, row := make([]float64, width), 0.0, 0.0
	for i, v := range x {
		columns[i%width] += math.Abs(v)
		row += math.Abs(v)
		if i%width == width-1 {
			largestRow, row = max(largestRow, row), 0
		}
	}
	largest := 0.0
	for _, sum := range columns {
		largest = max(largest, sum)
	}
	return math.Sqrt(largest * largestRow)
}

// StreamView is what the lab shows of a [Stream]. It changes no number.
type StreamView struct {
	Layer int // after which the words are drawn; beyond the last, after the last
}

var streamViewTable = Table[StreamView]{
	{Field: Field{Name: "layer", Label: "Drawn after layer", Help: "0 draws the words as they come in; beyond the last layer, the last.",
		Kind: Integer, Default: "24", Min: 0, Max: 24, Step: 1},
		ref: func(v *StreamView) any { return &v.Layer }},
}

// StreamViewTable describes the parameters of a [StreamView].
func StreamViewTable() Table[StreamView] { return streamViewTable }

// ParseStreamLab reads a stream and how it is shown from the query of the lab's page; see [Table.Parse].
func ParseStreamLab(query url.Values) (Stream, StreamView, FieldErrors) {
	return parseLab(query, ParseStream, streamViewTable)
}

// Query writes a stream and how it is shown, defaults left out.
func (v StreamView) Query(c Stream) url.Values {
	query := streamTable.Query(c)
	maps.Copy(query, streamViewTable.Query(v))
	return query
}
