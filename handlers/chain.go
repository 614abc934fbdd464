package handlers

import (
	"net/http"

	"github.com/a-h/templ"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

func (s *site) chainPage(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseChainLab(web.Query(r))
	return web.Render(w, r, http.StatusOK, views.ChainPage(views.Chain{
		Frame:    web.Frame(r, "The chain", "chain", "chain.js"),
		Controls: board.ChainLabControls(config, view, errs),
		Check:    view.Check,
		Board:    board.Chain(config, view),
	}))
}

// chainBoard answers the script of the chain lab: what changes with a slider, rendered.
func (s *site) chainBoard(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseChainLab(web.Query(r))
	if errs == nil {
		web.Keep(r)
	}
	board := board.Chain(config, view)
	parts := map[string]string{}
	for name, part := range map[string]templ.Component{
		"verdict": views.ChainVerdict(board), "caption-" + board.Figure.ID: views.Words(board.Figure.Caption), "numbers": views.ChainNumbers(board), "table": views.ChainTable(board),
		"layer": views.ChainLayerView(board), "graph": views.ChainGraphView(board),
	} {
		html, err := web.Markup(r.Context(), part)
		if err != nil {
			return err
		}
		parts[name] = html
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query":   view.Query(config).Encode(),
		"figures": map[string]any{board.Figure.ID: map[string]any{"option": board.Figure.Option, "label": board.Figure.Label}},
		"parts":   parts,
		"errors":  errs,
		"depth":   config.Depth,
	})
}

func (s *site) apiChain(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	web.Keep(r)
	return web.WriteJSON(w, http.StatusOK, board.NewChainResult(config.Run()))
}
