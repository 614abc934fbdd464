package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gradlab/handlers/web"
	"gradlab/store"
)

// A health is what whoever runs the site is told of it.
type health struct {
	Status  string `json:"status"`
	Version string `json:"version,omitempty"`
}

// healthz says that the process answers.
func (s *site) healthz(w http.ResponseWriter, r *http.Request) {
	web.WriteJSON(w, http.StatusOK, health{"ok", s.Version})
}

// readyz says whether the site can do its work: the store answers, and the server is not about to stop.
func (s *site) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch err := s.Answers.Ping(ctx); {
	case s.Stopping.Err() != nil:
		web.WriteJSON(w, http.StatusServiceUnavailable, health{Status: "stopping"})
	case err != nil:
		s.Log.ErrorContext(ctx, "not ready", "err", err)
		status := "the store does not answer"
		if errors.Is(err, store.ErrNotADatabase) {
			status = "the database is damaged"
		}
		web.WriteJSON(w, http.StatusServiceUnavailable, health{Status: status})
	default:
		web.WriteJSON(w, http.StatusOK, health{Status: "ready"})
	}
}
