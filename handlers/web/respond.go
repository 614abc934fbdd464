package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"gradlab/views"
)

// maxBack bounds the bytes of an address that a form leads back to: no link of ours is longer.
const maxBack = 12 << 10

// Frame is what the page of a request shares with all others.
func Frame(r *http.Request, title, section string, scripts ...string) views.Frame {
	path := Clean(r.URL.RequestURI())
	if len(path) > maxBack { // the page of an error leads back to what was asked, too
		path = "/"
	}
	return views.Frame{
		Title:       title,
		Description: "See why deep networks are hard to train, and what skip connections change: every number computed live.",
		Section:     section,
		Theme:       Theme(r),
		Reader:      Mark(r),
		Path:        path,
		Scripts:     scripts,
	}
}

// Render writes a page. It is rendered whole before the first byte leaves, so an error can still be a page.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	html, err := Markup(r.Context(), page)
	if err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(html)) // a visitor who hung up is no error of ours
	return nil
}

// Markup is a component as HTML.
func Markup(ctx context.Context, c templ.Component) (string, error) {
	var b bytes.Buffer
	if err := c.Render(ctx, &b); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Parts are components as HTML, by name: what a script puts in place of what its page has.
func Parts(ctx context.Context, parts map[string]templ.Component) (map[string]string, error) {
	rendered := map[string]string{}
	for name, part := range parts {
		html, err := Markup(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("render %s: %w", name, err)
		}
		rendered[name] = html
	}
	return rendered, nil
}

// WriteJSON writes a value of a type with a name, which is known to marshal.
func WriteJSON(w http.ResponseWriter, status int, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // no browser takes it for a page, and of a board's parts six letters for each < would be a third
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(b.Bytes())
	return nil
}

// LocalPath is the path to lead back to, the first page where it is not one of ours: a redirect never leaves the site.
func LocalPath(back string) string {
	if len(back) > maxBack || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.Contains(back, "\\") || strings.ContainsFunc(back, unicode.IsControl) {
		return "/"
	}
	return back
}

// Clock is a moment in words, for what no script puts into the reader's own time.
func Clock(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// Sentence makes a sentence of a reason.
func Sentence(reason string) string {
	if reason == "" {
		return ""
	}
	return strings.ToUpper(reason[:1]) + reason[1:] + "."
}
