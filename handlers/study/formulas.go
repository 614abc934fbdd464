package study

import (
	"io"
	"net/http"

	"gradlab/handlers/web"
	"gradlab/views"
)

// frame is that of a page that shows formulas.
func (s *Pages) frame(r *http.Request, title, section string, scripts ...string) views.Frame {
	f := web.Frame(r, title, section, scripts...)
	f.Formulas = "/formulas.css?v=" + s.library.Sheet().Version
	return f
}

// Formulas is the style sheet of all formulas. It may be kept for ever under the version that it has; a replica that reads
// other lessons may have been asked.
func (s *Pages) Formulas(w http.ResponseWriter, r *http.Request) error {
	sheet := s.library.Sheet()
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	if web.Query(r).Get("v") == sheet.Version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	io.WriteString(w, sheet.CSS) // a visitor who hung up is no error of ours
	return nil
}
