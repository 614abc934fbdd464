package handlers

import (
	"net/http"

	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
)

// apiNetwork answers with the layers of a run's net, their shapes, parameters and multiply-adds, and what the twin has
// more or less. Nothing is trained for it.
func (s *site) apiNetwork(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseTrain(queryOf(r))
	if errs != nil {
		return badQuery(errs)
	}
	return writeJSON(w, http.StatusOK, board.NewNetworkResult(config))
}
