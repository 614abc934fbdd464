package views

import (
	"math"
	"strconv"
	"strings"
)

// Chain is the chain lab.
type Chain struct {
	Frame    Frame
	Controls Controls
	Check    string // the value of the field that no control shows
	Board    ChainBoard
}

// ChainBoard is what the chain lab computes: all of it changes with a slider.
type ChainBoard struct {
	Verdict Verdict
	Network ChainNet
	Figure  Figure // the bars under the network
	Note    Text   // below the figure: how to read what is not a plain bar; may be empty
	Losses  Text
	APILink string
	Exports []Link // the chain as files

	// Residual says that the chain has its skips: the residual twin is then shown beside the plain one.
	Residual bool

	Symbol  string // of the drawn quantity: "∂L/∂w"
	Rows    []ChainRow
	Layer   *ChainLayer // the layer in hand; nil for none
	Graph   *Graph      // the computational graph; nil where the chain is too deep to be drawn
	Deepest int         // up to which depth the graph is drawn
	Shallow Link        // to a chain that is shallow enough
}

// A ChainRow is one layer in the table.
type ChainRow struct {
	Name            string // of the layer: its number, or "x"
	Weight          Text
	Plain, Residual ChainCells
}

// ChainCells are a layer's numbers in one of the twins: Single and Double are the drawn quantity in float32 and float64.
type ChainCells struct {
	A, Z, Factor, Single, Double Text
	Lost                         bool // 0 in float32 only
}

// ChainLayer is one layer's number, taken apart.
type ChainLayer struct {
	Layer    int
	Title    Text
	Previous *SetLink
	Next     *SetLink
	Close    SetLink
	Formulas []ChainFormula // of the twins that are shown
	Factors  []FactorRow    // none where the number is no product
	Open     bool           // whether the factors are few enough to be shown at once
	Checking *SetLink       // turns the check on or off; nil where there is nothing to check
	Check    *ChainCheck    // nil until asked for
}

// A SetLink leads to the page with one field changed; a script changes it in place. Key names it from one state of the
// page to the next.
type SetLink struct{ Key, Label, Href, Field, Value string }

// A ChainFormula is a number of one twin as a formula in TeX, first in letters and then in numbers.
type ChainFormula struct {
	Twin    string // "plain" or "residual"
	Letters string
	Numbers string
	Words   Text // the result, for where TeX cannot be set
}

// A FactorRow is one factor of a product, and what the product has reached with it.
type FactorRow struct {
	Name            Text
	Plain, Residual FactorCells
}

// FactorCells are a factor in one of the twins.
type FactorCells struct{ Value, SoFar Text }

// ChainCheck is the core's number beside central differences.
type ChainCheck struct {
	Verdict Text
	Rows    []CheckRow
}

// A CheckRow is one way to the number, or how far two ways are apart.
type CheckRow struct {
	Name            Text
	Error           bool // a relative error
	Plain, Residual Text
}

// TeX writes a number for KaTeX, as [Short] writes it for a sentence.
func TeX(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return `\text{NaN}`
	case math.IsInf(v, 1):
		return `\infty`
	case math.IsInf(v, -1):
		return `-\infty`
	}
	var b strings.Builder
	for _, s := range Short(v, digits) {
		if s.Class == "sup" {
			b.WriteString("^{" + s.Text + "}")
		} else {
			b.WriteString(s.Text)
		}
	}
	return asTeX.Replace(b.String())
}

var asTeX = strings.NewReplacer("−", "-", "·", `\cdot `)

// Short writes a number as it is where a few digits say it exactly, 1 or 0.05, and else as [Num] does: settings as they
// were set, results as they came out.
func Short(v float64, digits int) Text {
	s := strconv.FormatFloat(v, 'f', -1, 32)
	if significant := strings.TrimLeft(strings.Replace(s, ".", "", 1), "-0"); v == 0 || len(significant) > digits || math.Abs(v) < 1e-3 || math.IsInf(v, 0) || math.IsNaN(v) {
		return Num(v, digits)
	}
	return T(minus(s))
}

// TeXFactor is [TeX] as a factor of a product: in brackets where it begins with a minus.
func TeXFactor(v float64, digits int) string {
	tex := TeX(v, digits)
	if strings.HasPrefix(tex, "-") {
		return "(" + tex + ")"
	}
	return tex
}
