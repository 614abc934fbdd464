package handlers

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"gradlab/handlers/web"
)

// setTheme keeps the chosen look and leads back.
func (s *site) setTheme(w http.ResponseWriter, r *http.Request) error {
	r, err := web.Look(w, r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, readable(r, web.LocalPath(web.Form(r).Get("back"))), http.StatusSeeOther)
	return nil
}

// readable is the page to lead back to: the path itself, or the nearest above it that answers to GET. The page that answered a
// form stands at an address which takes forms alone.
func readable(r *http.Request, back string) string {
	path, _, _ := strings.Cut(back, "?")
	routes := chi.RouteContext(r.Context()).Routes
	at := func(method, path string) string { return routes.Find(chi.NewRouteContext(), method, path) }
	if page, form := at(http.MethodGet, path), at(http.MethodPost, path); page != "" && (form == "" || form == page) {
		return back
	}
	for path != "" {
		if path = path[:strings.LastIndexByte(path, '/')]; at(http.MethodGet, path) != "" {
			return path
		}
	}
	return "/"
}
