package handlers

import (
	"net/http"
	"strings"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/book"
	"gradlab/views"
)

// core is /about/core: the operations of the core, or one of them with its sources and its gradient check, run for this request.
func (s *site) core(w http.ResponseWriter, r *http.Request) error {
	title, status := "The core", http.StatusOK
	page := views.Core{}
	for _, op := range book.Ops() {
		first, _, _ := strings.Cut(op.Methods[0].Doc, "\n\n")
		page.Ops = append(page.Ops, views.CoreLink{Slug: op.Slug, Name: op.Name, Text: strings.TrimPrefix(first, op.Name)})
	}
	if slug := web.Query(r).Get("op"); slug != "" {
		if op, found := book.Find(slug); found {
			title = op.Name
			page.Op = board.CoreOp(op)
		} else {
			status, page.Missing = http.StatusNotFound, slug
		}
	}
	page.Frame = web.Frame(r, title, "about")
	return web.Render(w, r, status, views.CorePage(page))
}
