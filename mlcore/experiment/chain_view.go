package experiment

import (
	"maps"
	"net/url"
	"slices"
)

// ChainView is what the chain lab shows of a [Chain]. It changes no number, so it is no part of the experiment: the API
// and the exports do not know it. The page's query holds both.
type ChainView struct {
	Quantity string // what the bars are: one of the Quantity constants
	Layer    int    // the layer whose number is taken apart, from 1; 0: none
	Check    string // "on" or "off": whether that number is checked by central differences
}

// The quantities of a chain that bars can show, one value a layer.
const (
	QuantityGradW  = "grad_w" // ∂L/∂w_i
	QuantityGradA  = "grad_a" // ∂L/∂a_i
	QuantityGradZ  = "grad_z" // ∂L/∂z_i, and ∂L/∂x
	QuantityFactor = "factor" // ∂z_i/∂z_{i-1} = f′(a_i)·w_i [+ 1 with a skip]
	QuantityZ      = "z"      // z_i, and x
)

var chainViewTable = Table[ChainView]{
	{Field: Field{Name: "show", Label: "Bars show", Help: "Which number of each layer is drawn.", Kind: Choice, Default: QuantityGradW,
		Choices: []Option{
			{QuantityGradW, "∂L/∂w, of the weights"}, {QuantityGradA, "∂L/∂a, before f"}, {QuantityGradZ, "∂L/∂z, of the outputs"},
			{QuantityFactor, "local factor f′(a)·w [+ 1]"}, {QuantityZ, "activations z"},
		}},
		ref: func(v *ChainView) any { return &v.Quantity }},
	{Field: Field{Name: "layer", Label: "Selected layer", Help: "The layer whose number is taken apart under the figure; 0 for none.",
		Kind: Integer, Default: "0", Min: 0, Max: 100, Step: 1},
		ref: func(v *ChainView) any { return &v.Layer }},
	{Field: Field{Name: "check", Label: "Is it real?", Help: "Checks the selected number by central differences.", Kind: Choice, Default: "off",
		Choices: options("off", "on")},
		ref: func(v *ChainView) any { return &v.Check }},
}

// ChainViewTable describes the parameters of a [ChainView].
func ChainViewTable() Table[ChainView] { return chainViewTable }

// chainFirstTable is of the site's first page, which opens with what the layers hear; what the weights get is its second act.
var chainFirstTable = func() Table[ChainView] {
	t := slices.Clone(chainViewTable)
	t[0].Default, t[0].Label = QuantityGradZ, "The bars show what"
	t[0].Choices = []Option{{QuantityGradZ, "each layer hears"}, {QuantityGradW, "each weight gets"}}
	return t
}()

// ChainFirstTable describes the parameters of a [ChainView] on the first page.
func ChainFirstTable() Table[ChainView] { return chainFirstTable }

// ParseChainFirst reads a chain and how it is shown from the query of the first page; see [Table.Parse].
func ParseChainFirst(query url.Values) (Chain, ChainView, FieldErrors) {
	return parseLab(query, ParseChain, chainFirstTable)
}

// ParseChainLab reads a chain and how it is shown from the query of the lab's page; see [Table.Parse].
func ParseChainLab(query url.Values) (Chain, ChainView, FieldErrors) {
	return parseLab(query, ParseChain, chainViewTable)
}

// Query writes a chain and how it is shown, defaults left out: ParseChainLab(v.Query(c)) gives both back.
func (v ChainView) Query(c Chain) url.Values {
	query := chainTable.Query(c)
	maps.Copy(query, chainViewTable.Query(v))
	return query
}
