package handlers

import (
	"net/http"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// chainPicture draws a chain small: the bars of its gradients, plain and residual, as the lab draws them large.
func (s *site) chainPicture(w http.ResponseWriter, r *http.Request) error {
	config, _ := experiment.ParseChain(web.Query(r))
	picture, err := web.Markup(r.Context(), views.ChainPicture(board.ChainPicture(config)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Write([]byte(picture))
	return nil
}
