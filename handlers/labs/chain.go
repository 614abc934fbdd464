package labs

import (
	"io"
	"net/url"

	"github.com/a-h/templ"

	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/views"
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
			Shape:   board.ChainResult{},
			Answer:  "config, loss, w, a, z, grad_w, grad_a, grad_z of one forward and backward pass; z and grad_z have one value more, the input first.",
			Example: "?depth=4&activation=tanh&skip=none&x=10", Fields: []Group{{}},
		},
	}
	return Lab{
		Experiment: e,
		Menu:       "Chain", Title: "The chain", Noun: "the chain",
		Text:   "One number through up to a hundred layers, and every gradient on its way back.",
		Script: "chain.js", Sheet: "chain", Parts: []string{"graph", "layer"}, Hand: []string{"depth", "activation", "skip", "x", "w"},
		Page: func(query url.Values) Page {
			c, v, errs := experiment.ParseChainLab(query)
			return chainPage(board.ChainLab, c, v, errs, func(f views.Frame, b views.ChainBoard) templ.Component {
				return views.ChainPage(views.Chain{Frame: f, Controls: board.ChainLabControls(c, v, errs), Check: v.Check, Board: b})
			})
		},
		Picture: func(query url.Values) templ.Component {
			c, _ := experiment.ParseChain(query)
			return views.ChainPicture(board.ChainPicture(c))
		},
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

// A chainDrawn is what the chain's script gets.
type chainDrawn struct {
	Drawn
	Depth int `json:"depth"`
}

// chainPage is a page that shows a chain, drawn around its board.
func chainPage(at board.ChainPage, c experiment.Chain, v experiment.ChainView, errs experiment.FieldErrors, around func(views.Frame, views.ChainBoard) templ.Component) Page {
	return Page{
		Fields: append(experiment.ChainTable().Fields(c), at.View.Fields(v)...), Errs: errs,
		Run: c.Query(), Twin: at.Query(c.Twin(), v), Residual: c.Residual(),
		Show: func(_ []*experiment.Outcome, errs experiment.FieldErrors) Shown {
			return showChain(at, c, v, errs, around)
		},
	}
}

// First is the chain on the first page of the site, among what else that page shows.
func First(home views.Home) Lab {
	l := chain()
	l.Name, l.Title = "", "Why deep networks are hard to train"
	l.Page = func(query url.Values) Page {
		c, v, errs := experiment.ParseChainFirst(query)
		return chainPage(board.ChainFirst, c, v, errs, func(f views.Frame, b views.ChainBoard) templ.Component {
			home.Frame, home.Controls, home.Board = f, board.FirstControls(c, v, errs), b
			return views.HomePage(home)
		})
	}
	return l
}

func showChain(at board.ChainPage, c experiment.Chain, v experiment.ChainView, errs experiment.FieldErrors, around func(views.Frame, views.ChainBoard) templ.Component) Shown {
	b := board.Chain(at, c, v)
	return Shown{
		Query: at.Query(c, v), Errs: errs, Known: true,
		Page: func(f views.Frame, _ *views.Press) templ.Component { return around(f, b) },
		Parts: map[string]templ.Component{
			"verdict": views.VerdictWords(b.Verdict, ""), "aside": views.Words(b.Verdict.Aside), "caption-" + b.Figure.ID: views.Words(b.Figure.Caption), "numbers": views.ChainNumbers(b), "table": views.ChainTable(b),
			"network": views.ChainNetRows(b.Network), "zeros": views.ChainNetZeros(b.Network), "layers": views.ChainNetColumns(b.Network), "product": views.ChainProduct(b),
			"layer": views.ChainLayerView(b), "graph": views.ChainGraphView(b),
		},
		Figures: []views.Figure{b.Figure},
		Answer:  func(d Drawn) any { return chainDrawn{d, c.Depth} },
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
		DOT: func(w io.Writer, query url.Values) error {
			c, _ := experiment.ParseChain(query)
			return c.Graph().Tape.DOT(w)
		},
		Doc: Doc{
			Shape:   board.GraphResult{},
			Answer:  "The chain’s computational graph: nodes with their values and gradients, edges with the local derivative. With Accept: text/vnd.graphviz, in Graphviz’s language. Parameters are those of /api/chain.",
			Example: "?depth=2", Flags: "-H 'Accept: text/vnd.graphviz' ",
		},
	}
}
