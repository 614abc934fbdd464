package web

import (
	"context"
	"net/http"
	"slices"
	"time"
)

var themes = []string{"light", "dark", "projector"}

// IsTheme says whether a visitor may choose a look.
func IsTheme(name string) bool { return slices.Contains(themes, name) }

type themeKey struct{}

// Theme is the look that the visitor chose, "" to follow the system.
func Theme(r *http.Request) string {
	if chosen, ok := r.Context().Value(themeKey{}).(string); ok {
		return chosen
	}
	if c, err := r.Cookie("theme"); err == nil && IsTheme(c.Value) {
		return c.Value
	}
	return ""
}

// Look keeps the look that a form asks for in a cookie, and returns the request with it. Choosing the current one again returns to the
// system's. A form that asks for none changes nothing.
func Look(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	form := Form(r)
	if !form.Has("theme") {
		return r, nil
	}
	theme := form.Get("theme")
	if theme != "" && !IsTheme(theme) {
		return r, &Problem{Status: http.StatusBadRequest, Heading: "No such theme", Text: "Themes are light, dark and projector."}
	}
	if theme == Theme(r) {
		theme = ""
	}
	cookie := &http.Cookie{Name: "theme", Value: theme, Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: int((400 * 24 * time.Hour).Seconds())}
	if theme == "" {
		cookie.MaxAge = -1
	}
	SetCookie(w, r, cookie)
	return r.WithContext(context.WithValue(r.Context(), themeKey{}, theme)), nil
}
