package handlers

import (
	"net/http"

	"github.com/a-h/templ"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chainPresets are the settings that a lecture walks through.
var chainPresets = []views.Link{
	{Label: "the notebook’s", Href: "/labs/chain?activation=tanh&depth=4&skip=none&x=10"},
	{Label: "saturated", Href: "/labs/chain?activation=tanh&x=5"},
	{Label: "small weights", Href: "/labs/chain?activation=tanh&w=0.1"},
	{Label: "tanh near 0", Href: "/labs/chain?activation=tanh"},
	{Label: "ReLU", Href: "/labs/chain?activation=relu"},
	{Label: "explosion", Href: "/labs/chain?activation=identity&depth=40&w=2"},
	{Label: "three layers, drawn", Href: "/labs/chain?depth=3&layer=1&x=1"},
}

func (s *site) chainPage(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseChainLab(queryOf(r))
	return s.render(w, r, http.StatusOK, views.ChainPage(views.Chain{
		Frame:    frame(r, "The chain", "chain", "chain.js"),
		Controls: chainLabControls(config, view, errs),
		Check:    view.Check,
		Board:    chainBoard(config, view),
	}))
}

// chainBoard answers the script of the chain lab: what changes with a slider, rendered.
func (s *site) chainBoard(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseChainLab(queryOf(r))
	if errs == nil {
		keep(r)
	}
	board := chainBoard(config, view)
	parts := map[string]string{}
	for name, part := range map[string]templ.Component{
		"verdict": views.ChainVerdict(board), "caption-" + board.Figure.ID: views.Words(board.Figure.Caption), "numbers": views.ChainNumbers(board), "table": views.ChainTable(board),
		"layer": views.ChainLayerView(board), "graph": views.ChainGraphView(board),
	} {
		html, err := markup(r.Context(), part)
		if err != nil {
			return err
		}
		parts[name] = html
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"query":   view.Query(config).Encode(),
		"figures": map[string]any{board.Figure.ID: map[string]any{"option": board.Figure.Option, "label": board.Figure.Label}},
		"parts":   parts,
		"errors":  errs,
		"depth":   config.Depth,
	})
}

func chainControls(action string, config experiment.Chain, errs experiment.FieldErrors) views.Controls {
	t := experiment.ChainTable()
	return controls(action, t.Fields(config), t.Values(config), errs, chainPresets)
}

// chainLabControls are the controls of a chain and of what is shown of it.
func chainLabControls(config experiment.Chain, view experiment.ChainView, errs experiment.FieldErrors) views.Controls {
	c := chainControls("/labs/chain", config, errs)
	t := experiment.ChainViewTable()
	for _, control := range controls("", t.Fields(view), t.Values(view), errs, nil).Shown {
		switch control.Name {
		case "check": // a button beside the number that is checked
			continue
		case "layer":
			control.SliderMax = decimal(float64(config.Depth))
		}
		c.Shown = append(c.Shown, control)
	}
	return c
}

func (s *site) apiChain(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(queryOf(r))
	if errs != nil {
		return badQuery(errs)
	}
	keep(r)
	result, bits := config.Run(), bitsOf(config.DType)
	return writeJSON(w, http.StatusOK, map[string]any{
		"config": experiment.ChainTable().JSON(config),
		"loss":   float{result.Loss, bits},
		"w":      numbers{result.W, bits}, "a": numbers{result.A, bits}, "z": numbers{result.Z, bits},
		"grad_w": numbers{result.GradW, bits}, "grad_a": numbers{result.GradA, bits}, "grad_z": numbers{result.GradZ, bits},
	})
}
