package labs

import (
	"io"
	"net/url"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
)

// chain is the lab of one number through many layers. What it shows is computed at once.
func chain() Lab {
	e := Experiment{
		Name: "chain",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseChain(query)
			return experiment.ChainTable().Fields(c), errs
		},
		Result: func(query url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseChain(query)
			return board.NewChainResult(c.Run()), nil
		},
		Facts: func(query url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseChain(query)
			return board.NewChainFacts(c.Run()), nil
		},
		Doc: Doc{
			Answer:  "config, loss, w, a, z, grad_w, grad_a, grad_z of one forward and backward pass; z and grad_z have one value more, the input first.",
			Example: "?depth=4&activation=tanh&skip=none&x=10", Fields: []Group{{}},
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Chain", Title: "The chain", Noun: "the chain",
		Text:  "One number through up to a hundred layers, and every gradient on its way back.",
		Sheet: "chain", Parts: []string{"graph", "layer"}, Hand: []string{"depth", "activation", "skip", "x", "w"},
		Page: func(query url.Values) Page {
			c, v, errs := experiment.ParseChainLab(query)
			return Page{
				Fields: append(experiment.ChainTable().Fields(c), experiment.ChainViewTable().Fields(v)...), Errs: errs,
				Run: c.Query(), Twin: v.Query(c.Twin()), Residual: c.Residual(),
			}
		},
		Picture: "/labs/chain/picture.svg",
		Truths: []Truth{
			{Path: "grad_w[0]", Label: "chain: ∂L/∂w of layer 1"},
			{Path: "grad_w[-1]", Label: "chain: ∂L/∂w of the last layer"},
			{Path: "loss", Label: "chain: the loss"},
			{Path: "z[-1]", Label: "chain: the output"},
			{Path: "loss", Lower: true, Label: "chain: which twin has the lower loss (choices plain, residual)"},
		},
		Exports: files(e, nil, chainScript, Export{Ending: "csv", Write: chainCSV}),
		More:    []Experiment{graph()},
	}
}

func chainScript(link string, query url.Values, _ []*experiment.Outcome) export.Script {
	c, _ := experiment.ParseChain(query)
	return export.Chain(c, link)
}

func chainCSV(w io.Writer, link string, query url.Values, _ []*experiment.Outcome) (string, error) {
	c, _ := experiment.ParseChain(query)
	plain, residual := board.ChainTwins(c)
	return export.Chain(c, link).Name(), export.ChainCSV(w, plain, residual)
}

// graph is the chain's computational graph.
func graph() Experiment {
	return Experiment{
		Name: "graph",
		Run: func(query url.Values) ([]experiment.Field, experiment.FieldErrors) {
			c, errs := experiment.ParseChain(query)
			return experiment.ChainTable().Fields(c), errs
		},
		Result: func(query url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseChain(query)
			return board.NewGraphResult(c.Graph()), nil
		},
		Doc: Doc{
			Answer:  "The chain’s computational graph: nodes with their values and gradients, edges with the local derivative. With Accept: text/vnd.graphviz, in Graphviz’s language. Parameters are those of /api/chain.",
			Example: "?depth=2", Flags: "-H 'Accept: text/vnd.graphviz' ",
		},
	}
}
