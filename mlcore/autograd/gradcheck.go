package autograd

import (
	"math"
	"math/rand/v2"
)

// GradTolerance is how far a gradient may be from its central differences in float64: see GradCheck.Error.
const GradTolerance = 1e-7

// GradCheck compares the gradient that backward finds for one input of a program with central differences.
type GradCheck struct {
	Name     string // of the program: "Conv2d with stride 2"
	Input    int    // the place of the input among the program's, from 0
	Shape    []int  // of the input
	Count    int    // of its elements
	Analytic float64
	Numeric  float64 // the two gradients of the element where they differ most
	Error    float64 // |analytic - numeric| / max(1, |numeric|) there; not finite where one of the two is not
}

// Agrees reports whether the two gradients are the same but for the differences' own error.
func (c GradCheck) Agrees() bool { return c.Error <= GradTolerance }

// CheckGradients runs the gradient checks of an operation, by the name of its Tape method, in float64. It leaves out, and
// counts, the programs whose inputs would make more than most elements in all: an element costs two forwards.
func CheckGradients(op string, most int) (checks []GradCheck, left int) {
	for i, row := range gradTable[float64]() {
		switch {
		case !row.checks(op):
		case row.inputs() > most:
			left++
		default:
			most -= row.inputs()
			checks = append(checks, checkRow(row, uint64(i), centralDifferences)...)
		}
	}
	return checks, left
}

// checkRow compares the gradient of Σ c·y, c random, to every leaf with what differentiate makes of the sum.
func checkRow(row gradRow[float64], seed uint64, differentiate func(f func([]float64) float64, at []float64) []float64) []GradCheck {
	random := rand.New(rand.NewPCG(1, seed))
	row.fill(random)
	tape := NewTape[float64]()
	y := row.run(tape, row.leaves)
	c := make([]float64, y.Len())
	for j := range c {
		c[j] = random.NormFloat64()
	}
	tape.BackwardFrom(y, c)
	analytic := make([][]float64, len(row.leaves)) // before another forward
	for k, x := range row.leaves {
		analytic[k] = x.Gradients(nil)
	}
	var checks []GradCheck
	var values []float64
	for k, x := range row.leaves {
		at := x.Values(nil)
		numeric := differentiate(func(v []float64) float64 {
			x.SetValues(v)
			tape.Reset()
			values = row.run(tape, row.leaves).Values(values[:0])
			s := 0.0
			for j, v := range values {
				s += c[j] * v
			}
			return s
		}, at)
		x.SetValues(at)
		check := GradCheck{Name: row.name, Input: k, Shape: x.Shape, Count: len(at), Error: -1}
		for j, want := range numeric {
			got := analytic[k][j]
			if e := math.Abs(got-want) / math.Max(1, math.Abs(want)); !(e <= check.Error) {
				check.Analytic, check.Numeric, check.Error = got, want, e
			}
			if math.IsNaN(check.Error) {
				break
			}
		}
		checks = append(checks, check)
	}
	return checks
}

// centralDifferences is the gradient of f at a point, (f(x+h) - f(x-h)) / 2h for each number: h is the cube root of
// float64's precision, where cutting off the series and rounding cost alike.
func centralDifferences(f func([]float64) float64, at []float64) []float64 {
	const h = 0x1p-17
	x, gradient := append([]float64(nil), at...), make([]float64, len(at))
	for i, v := range at {
		x[i] = v + h
		above := f(x)
		x[i] = v - h
		gradient[i] = (above - f(x)) / (2 * h)
		x[i] = v
	}
	return gradient
}
