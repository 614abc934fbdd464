package handlers

import (
	"net/http"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chainPresets are the settings that a lecture walks through.
var chainPresets = []views.Link{
	{Label: "the notebook’s", Href: "/labs/chain?activation=tanh&depth=4&skip=none&x=10"},
	{Label: "saturated", Href: "/labs/chain?activation=tanh&x=5"},
	{Label: "small weights", Href: "/labs/chain?activation=tanh&w=0.1"},
	{Label: "ReLU", Href: "/labs/chain?activation=relu"},
	{Label: "explosion", Href: "/labs/chain?activation=identity&depth=40&w=2"},
}

func (s *site) chainPage(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(r.URL.Query())
	return s.render(w, r, http.StatusOK, views.ChainPage(views.Chain{
		Frame:    frame(r, "The chain", "chain", "chain.js"),
		Controls: chainControls("/labs/chain", config, errs),
		Board:    chainBoard(config),
	}))
}

// chainBoard answers the script of the chain lab: what changes with a slider, rendered.
func (s *site) chainBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(r.URL.Query())
	board := chainBoard(config)
	verdict, err := markup(r.Context(), views.ChainVerdict(board))
	if err != nil {
		return err
	}
	table, err := markup(r.Context(), views.ChainNumbers(board))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"query":   config.Query().Encode(),
		"figures": map[string]any{board.Figure.ID: map[string]any{"option": board.Figure.Option, "label": board.Figure.Label}},
		"parts":   map[string]string{"verdict": verdict, "numbers": table},
		"errors":  errs,
	})
}

func chainControls(action string, config experiment.Chain, errs experiment.FieldErrors) views.Controls {
	t := experiment.ChainTable()
	return controls(action, t.Fields(config), t.Values(config), errs, chainPresets)
}

func (s *site) apiChain(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(r.URL.Query())
	if errs != nil {
		return badQuery(errs)
	}
	result, bits := config.Run(), bitsOf(config.DType)
	return writeJSON(w, http.StatusOK, map[string]any{
		"config": experiment.ChainTable().JSON(config),
		"loss":   float{result.Loss, bits},
		"w":      numbers{result.W, bits}, "a": numbers{result.A, bits}, "z": numbers{result.Z, bits},
		"grad_w": numbers{result.GradW, bits}, "grad_a": numbers{result.GradA, bits}, "grad_z": numbers{result.GradZ, bits},
	})
}
