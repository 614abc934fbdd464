package experiment

import (
	"fmt"
	"math"

	"gradlab/mlcore/autograd"
)

// A ChainCheck holds a derivative of a chain beside what central differences in float64 make of it.
//
// One difference of the whole loss sees no gradient below about 10⁻¹⁶·L/step: the loss has sixteen digits, and a step
// that moves none of them says nothing. So the derivative is also measured layer by layer, where each factor is of
// ordinary size, and the measured factors are multiplied: that sees over fifteen decades.
type ChainCheck struct {
	Quantity string
	Layer    int // from 1

	Single, Double float64    // the derivative by the core, in float32 and in float64
	Whole          Difference // of the loss, or of the layer for [QuantityFactor]
	ByLayer        Difference // the product of a difference a layer; its Step is the largest of theirs

	// Kink says that an activation stands where its slope jumps, as ReLU's at 0: the difference then averages the two
	// sides, and the core takes the left one, as PyTorch does.
	Kink bool
}

// A Difference is a derivative measured by a central difference.
type Difference struct {
	Value float64
	Step  float64
	Doubt float64 // how far off rounding and the step may have put Value
}

// Resolved says whether the difference tells its value from 0.
func (d Difference) Resolved() bool { return d.Doubt < 0.1*math.Abs(d.Value) }

// RelativeError is |got - want| over the larger of the two sizes; 0 where they are equal.
func RelativeError(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Max(math.Abs(got), math.Abs(want))
}

// Check measures a quantity of a layer, from 1, by central differences in float64; it is defined for every quantity but
// [QuantityZ], which is no derivative.
func (c Chain) Check(quantity string, layer int) ChainCheck {
	if layer < 1 || layer > c.Depth || quantity == QuantityZ {
		panic(fmt.Sprintf("experiment: Chain.Check: quantity %s of layer %d", quantity, layer))
	}
	double := c.In("float64").Run()
	check := ChainCheck{
		Quantity: quantity, Layer: layer,
		Single: c.In("float32").Run().At(quantity, layer), Double: double.At(quantity, layer),
	}
	one := newChainLayer[float64](c)
	byInput := func(i int) Difference {
		return difference(func(zin float64) float64 { return one.output(zin, double.W[i-1], 0) }, double.Z[i-1])
	}
	if quantity == QuantityFactor {
		check.Whole = byInput(layer)
		check.ByLayer = check.Whole
		check.Kink = c.kinked(double.A[layer-1:layer], check.Whole.Step)
		return check
	}

	from := c.startOf(quantity, layer, double)
	check.Whole = difference(func(v float64) float64 { return c.lossAt(quantity, layer, v) }, from)

	product := difference(func(z float64) float64 { return 0.5 * (z - c.Target) * (z - c.Target) }, double.Z[c.Depth])
	for j := c.Depth; j > layer; j-- {
		product = product.times(byInput(j))
	}
	zin, w := double.Z[layer-1], double.W[layer-1]
	switch quantity {
	case QuantityGradW:
		product = product.times(difference(func(w float64) float64 { return one.output(zin, w, 0) }, w))
	case QuantityGradA:
		product = product.times(difference(func(move float64) float64 { return one.output(zin, w, move) }, 0))
	}
	check.ByLayer = product
	check.Kink = c.kinked(double.A[layer-1:], product.Step)
	return check
}

// startOf is the number that a gradient of the loss is with respect to.
func (c Chain) startOf(quantity string, layer int, r ChainResult) float64 {
	switch quantity {
	case QuantityGradW:
		return r.W[layer-1]
	case QuantityGradA:
		return r.A[layer-1]
	}
	return r.Z[layer]
}

// lossAt is the loss in float64 where the weight, the a or the z of a layer, from 1, is v and all before it is as it was.
func (c Chain) lossAt(quantity string, layer int, v float64) float64 {
	tape, f := autograd.NewTape[float64](), c.function()
	put := func(t *autograd.Tensor[float64], i int, which string) {
		if i == layer && which == quantity {
			t.Data[0] = v
		}
	}
	z, w := number64(c.X), (*autograd.Tensor[float64])(nil)
	for i, weight := range c.weights() {
		w = number64(float64(weight))
		put(w, i+1, QuantityGradW)
		a := tape.Mul(z, w)
		put(a, i+1, QuantityGradA)
		h := tape.Activation(f, a)
		if c.Residual() {
			h = tape.Add(h, z)
		}
		put(h, i+1, QuantityGradZ)
		z = h
	}
	return tape.HalfSquaredError(z, c.Target).Item()
}

// number64 is a number that wants no gradient.
func number64(v float64) *autograd.Tensor[float64] {
	t := autograd.NewTensor[float64]()
	t.Data[0] = v
	return t
}

// output is the layer's z.
func (l *chainLayer[T]) output(zin, w, moved T) T {
	_, z := l.forward(zin, w, moved)
	return z.Data[0]
}

// kinked says whether one of the values stands on the kink of the activation, nearer than a step.
func (c Chain) kinked(as []float64, step float64) bool {
	switch c.function() {
	case autograd.ReLU, autograd.LeakyReLU, autograd.SELU:
	default:
		return false
	}
	for _, a := range as {
		if math.Abs(a) <= step*math.Max(1, math.Abs(a)) {
			return true
		}
	}
	return false
}

// steps is how many steps a difference may settle on, each a tenth of the one before.
const steps = 9

// difference measures f′(x) by central differences of steps from a tenth of x's size (or of 1) down, and keeps the one
// with the least error. A large step bends away with the curve, by the square of the step: a hundredth of how far the step
// before was off. A small one drowns in the rounding of f: a tenth of how far the next is off.
func difference(f func(float64) float64, x float64) Difference {
	const epsilon = 0x1p-52
	scale := math.Max(1, math.Abs(x))
	var values, widths, rounding [steps + 2]float64
	for k := range values {
		widths[k] = scale * math.Pow(10, -float64(k+1))
		above, below := f(x+widths[k]), f(x-widths[k])
		values[k] = (above - below) / (2 * widths[k])
		rounding[k] = epsilon * math.Max(math.Abs(above), math.Abs(below)) / widths[k]
	}
	best, least := Difference{Value: values[1], Step: widths[1], Doubt: math.Inf(1)}, math.Inf(1)
	for k := 1; k <= steps; k++ {
		seen := math.Max(math.Abs(values[k-1]-values[k])/99, math.Abs(values[k]-values[k+1])/10)
		if seen+rounding[k] < least {
			least = seen + rounding[k]
			best = Difference{Value: values[k], Step: widths[k], Doubt: seen + 16*rounding[k]} // f rounds dozens of times
		}
	}
	return best
}

// times multiplies two measured numbers, and their doubts with them.
func (d Difference) times(e Difference) Difference {
	return Difference{
		Value: d.Value * e.Value,
		Step:  math.Max(d.Step, e.Step),
		Doubt: math.Abs(d.Value)*e.Doubt + math.Abs(e.Value)*d.Doubt,
	}
}
