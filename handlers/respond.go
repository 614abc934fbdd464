package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"gradlab/views"
)

// maxBack bounds the bytes of an address that a form leads back to: no link of ours is longer.
const maxBack = 12 << 10

// frame is what the page of a request shares with all others.
func frame(r *http.Request, title, section string, scripts ...string) views.Frame {
	path := clean(r.URL.RequestURI())
	if len(path) > maxBack { // the page of an error leads back to what was asked, too
		path = "/"
	}
	return views.Frame{
		Title:       title,
		Description: "See why deep networks are hard to train, and what skip connections change: every number computed live.",
		Section:     section,
		Theme:       themeOf(r),
		Path:        path,
		Scripts:     scripts,
	}
}

// render writes a page. It is rendered whole before the first byte leaves, so an error can still be a page.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	html, err := markup(r.Context(), page)
	if err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(html)) // a visitor who hung up is no error of ours
	return nil
}

func markup(ctx context.Context, c templ.Component) (string, error) {
	var b bytes.Buffer
	if err := c.Render(ctx, &b); err != nil {
		return "", err
	}
	return b.String(), nil
}

// writeJSON writes a value that is known to marshal: maps, strings and the shapes of package board.
func writeJSON(w http.ResponseWriter, status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
	return nil
}
