package handlers

import (
	"net/http"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
)

// apiNetwork answers with the layers of a run's net, their shapes, parameters and multiply-adds, and what the twin has
// more or less. Nothing is trained for it.
func (s *site) apiNetwork(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseTrain(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	return web.WriteJSON(w, http.StatusOK, board.NewNetworkResult(config))
}
