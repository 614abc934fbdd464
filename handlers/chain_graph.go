package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
)

// apiGraph answers with the chain's computational graph: as JSON, or in Graphviz's language to who accepts that.
func (s *site) apiGraph(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	web.Keep(r)
	g := config.Graph()
	w.Header().Add("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/vnd.graphviz") {
		var b bytes.Buffer
		if err := g.Tape.DOT(&b); err != nil {
			return fmt.Errorf("write graph: %w", err)
		}
		w.Header().Set("Content-Type", "text/vnd.graphviz; charset=utf-8")
		w.Write(b.Bytes())
		return nil
	}
	return web.WriteJSON(w, http.StatusOK, board.NewGraphResult(g))
}
