package handlers

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"gradlab/handlers/web"
)

// setTheme keeps the chosen look in a cookie and leads back. Choosing the current one again returns to the system's.
func (s *site) setTheme(w http.ResponseWriter, r *http.Request) error {
	theme := web.Form(r).Get("theme")
	if theme != "" && !web.IsTheme(theme) {
		return &web.Problem{Status: http.StatusBadRequest, Heading: "No such theme", Text: "Themes are light, dark and projector."}
	}
	if theme == web.Theme(r) {
		theme = ""
	}
	cookie := &http.Cookie{Name: "theme", Value: theme, Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())}
	if theme == "" {
		cookie.MaxAge = -1
	}
	web.SetCookie(w, r, cookie)
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
