package experiment

import (
	"fmt"
	"net/url"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/torchrand"
)

// Chain is the scalar chain of the notebook's first part, one number through many layers:
//
//	z_0 = x;  a_i = z_{i-1} w_i;  z_i = f(a_i) [+ z_{i-1} with a skip];  L = (z_n - target)² / 2
//
// The weights are w + Spread·ε_i with ε = torch.randn(depth) after manual_seed(Seed), drawn only where Spread is not 0.
type Chain struct {
	Depth      int
	Activation string
	Skip       string // "none" or "identity"
	X, W       float64
	Spread     float64
	Seed       uint32
	Target     float64
	DType      string // "float32" or "float64"
}

// chainTable is the one description of a chain's parameters.
var chainTable = Table[Chain]{
	{Field: Field{Name: "depth", Label: "Depth", Help: "How many layers the number passes through.",
		Kind: Integer, Default: "20", Min: 1, Max: 100, Step: 1},
		ref: func(c *Chain) any { return &c.Depth }},
	{Field: Field{Name: "activation", Label: "Activation", Help: "The function f that each layer applies.",
		Kind: Choice, Default: "sigmoid", Choices: activations()},
		ref: func(c *Chain) any { return &c.Activation }},
	{Field: Field{Name: "skip", Label: "Skip connection", Help: "Adds each layer’s input to its output.",
		Kind: Choice, Default: "identity", Choices: []Option{{"none", "off"}, {"identity", "on"}}},
		ref: func(c *Chain) any { return &c.Skip }},
	{Field: Field{Name: "x", Label: "Input x", Help: "The number that enters the first layer.",
		Kind: Real, Default: "0.5", Min: -1000, Max: 1000, SliderMin: -10, SliderMax: 10, Step: 0.1},
		ref: func(c *Chain) any { return &c.X }},
	{Field: Field{Name: "w", Label: "Weight w", Help: "Every layer’s weight, before the spread.",
		Kind: Real, Default: "1", Min: -100, Max: 100, SliderMin: -3, SliderMax: 3, Step: 0.05},
		ref: func(c *Chain) any { return &c.W }},
	{Field: Field{Name: "spread", Label: "Spread of the weights", Help: "Standard deviation of the weights around w.",
		Kind: Real, Default: "0", Min: 0, Max: 100, SliderMin: 0, SliderMax: 2, Step: 0.05, Rare: true},
		ref: func(c *Chain) any { return &c.Spread }},
	{Field: Field{Name: "seed", Label: "Seed of the weights", Help: "Names the random draw of the spread, as torch.manual_seed does.",
		Kind: Integer, Default: "0", Min: 0, Max: 1<<32 - 1, SliderMin: 0, SliderMax: 20, Step: 1, Rare: true},
		ref: func(c *Chain) any { return &c.Seed }},
	{Field: Field{Name: "target", Label: "Target", Help: "What the last layer should give; the loss is half the squared difference.",
		Kind: Real, Default: "1", Min: -1000, Max: 1000, SliderMin: -5, SliderMax: 5, Step: 0.1, Rare: true},
		ref: func(c *Chain) any { return &c.Target }},
	{Field: Field{Name: "dtype", Label: "Precision", Help: "float32 is PyTorch’s default; float64 shows what float32 loses.",
		Kind: Choice, Default: "float32", Choices: options("float32", "float64"), Rare: true},
		ref: func(c *Chain) any { return &c.DType }},
}

// ChainTable describes the parameters of a [Chain].
func ChainTable() Table[Chain] { return chainTable }

// ParseChain reads a chain from a query; see [Table.Parse].
func ParseChain(query url.Values) (Chain, FieldErrors) { return chainTable.Parse(query) }

// Query writes the chain, defaults left out.
func (c Chain) Query() url.Values { return chainTable.Query(c) }

// Residual says whether the chain has skip connections.
func (c Chain) Residual() bool { return c.Skip == "identity" }

// Twin is the same chain with the skip the other way.
func (c Chain) Twin() Chain {
	if c.Residual() {
		c.Skip = "none"
	} else {
		c.Skip = "identity"
	}
	return c
}

// In is the same chain in another precision, "float32" or "float64".
func (c Chain) In(dtype string) Chain {
	c.DType = dtype
	return c
}

// ChainResult is what one forward and backward pass of a chain of n layers computed. Of Z and GradZ there are n + 1
// values, Z[0] being x; of the others n.
type ChainResult struct {
	Config              Chain
	Loss                float64
	W, A, Z             []float64
	GradW, GradA, GradZ []float64 // ∂L/∂w, ∂L/∂a, ∂L/∂z

	// The local derivatives of each layer, of which the gradients are products: f′(a_i), ∂z_i/∂z_{i-1} = f′(a_i)·w_i [+ 1]
	// and ∂z_i/∂w_i = f′(a_i)·z_{i-1}.
	Slope, Factor, ByWeight []float64
}

// Run computes the chain and its gradients.
func (c Chain) Run() ChainResult {
	if c.DType == "float64" {
		return runChain[float64](c)
	}
	return runChain[float32](c)
}

func runChain[T autograd.Float](c Chain) ChainResult {
	run := recordChain[T](c)
	r := ChainResult{
		Config: c, Loss: float64(run.loss.Item()), W: values(run.ws), A: values(run.as), Z: values(run.zs),
		GradW: gradients(run.ws), GradA: gradients(run.as), GradZ: gradients(run.zs),
	}
	localsOf[T](&r)
	return r
}

// A recording is a chain on its tape, forward and backward done. hs are the activations' results: the same as the later
// zs where there is no skip.
type recording[T autograd.Float] struct {
	tape           *autograd.Tape[T]
	ws, as, hs, zs []*autograd.Tensor[T]
	loss           *autograd.Tensor[T]
}

func recordChain[T autograd.Float](c Chain) recording[T] {
	tape, f := autograd.NewTape[T](), c.function()
	z := leaf("x", T(c.X))
	r := recording[T]{tape: tape, zs: []*autograd.Tensor[T]{z}}
	for i, weight := range c.weights() {
		w := leaf(fmt.Sprintf("w%d", i+1), T(weight))
		a := tape.Mul(z, w)
		h := tape.Activation(f, a)
		r.ws, r.as, r.hs = append(r.ws, w), append(r.as, a), append(r.hs, h)
		if c.Residual() {
			h = tape.Add(h, z)
		}
		z = h
		r.zs = append(r.zs, z)
	}
	r.loss = tape.HalfSquaredError(z, T(c.Target))
	tape.Backward(r.loss)
	return r
}

// leaf is a number that wants a gradient.
func leaf[T autograd.Float](name string, v T) *autograd.Tensor[T] {
	t := autograd.NewParameter[T](name)
	t.SetValues([]T{v})
	return t
}

// values are the numbers of one-element tensors.
func values[T autograd.Float](ts []*autograd.Tensor[T]) []float64 {
	vs := make([]float64, len(ts))
	for i, t := range ts {
		vs[i] = float64(t.Data[0])
	}
	return vs
}

// gradients are the gradients of one-element tensors.
func gradients[T autograd.Float](ts []*autograd.Tensor[T]) []float64 {
	gs := make([]float64, len(ts))
	for i, t := range ts {
		gs[i] = float64(t.Grad[0])
	}
	return gs
}

// weights draws the weights in float32, as PyTorch does for either precision.
func (c Chain) weights() []float32 {
	ws := make([]float32, c.Depth)
	eps := make([]float32, c.Depth)
	if c.Spread != 0 {
		torchrand.New(c.Seed).Randn(eps)
	}
	for i := range ws {
		ws[i] = float32(c.W)
		if c.Spread != 0 {
			ws[i] += float32(c.Spread) * eps[i]
		}
	}
	return ws
}
