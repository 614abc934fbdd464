package web

import (
	"context"
	"net/http"
	"strings"
)

type framedKey struct{}

// Framed is a request that comes from inside a frame of those origins, which a learning platform has launched.
func Framed(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), framedKey{}, true))
}

// IsFramed says whether a request is one of Framed.
func IsFramed(r *http.Request) bool {
	framed, _ := r.Context().Value(framedKey{}).(bool)
	return framed
}

// SetCookie sets a cookie for the pages of this site; from inside a frame, for that frame of that platform alone (CHIPS).
func SetCookie(w http.ResponseWriter, r *http.Request, c *http.Cookie) {
	if IsFramed(r) {
		c.Secure, c.SameSite, c.Partitioned = true, http.SameSiteNoneMode, true
	}
	http.SetCookie(w, c)
}

// LetFrame lets pages of those origins frame an answer.
func LetFrame(w http.ResponseWriter, origins []string) {
	w.Header().Set("Content-Security-Policy", strings.Replace(Policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(origins, " "), 1))
}

// LetPost lets the page of an answer post its form to that origin, too.
func LetPost(w http.ResponseWriter, origin string) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action 'self' "+origin, 1))
}
