package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/go-chi/chi/v5"
)

var themes = []string{"light", "dark", "projector"}

// themeOf is the look that the visitor chose, "" to follow the system.
func themeOf(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && slices.Contains(themes, c.Value) {
		return c.Value
	}
	return ""
}

// setTheme keeps the chosen look in a cookie and leads back. Choosing the current one again returns to the system's.
func (s *site) setTheme(w http.ResponseWriter, r *http.Request) error {
	theme := formOf(r).Get("theme")
	if theme != "" && !slices.Contains(themes, theme) {
		return &problem{status: http.StatusBadRequest, heading: "No such theme", text: "Themes are light, dark and projector."}
	}
	if theme == themeOf(r) {
		theme = ""
	}
	cookie := &http.Cookie{Name: "theme", Value: theme, Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())}
	if theme == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
	http.Redirect(w, r, readable(r, localPath(formOf(r).Get("back"))), http.StatusSeeOther)
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

// localPath is the path to lead back to, the first page where it is not one of ours: a redirect never leaves the site.
func localPath(back string) string {
	if len(back) > maxBack || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.Contains(back, "\\") || strings.ContainsFunc(back, unicode.IsControl) {
		return "/"
	}
	return back
}
