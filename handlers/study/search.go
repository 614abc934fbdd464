package study

import (
	"net/http"
	"strings"

	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// mostQuery bounds the characters of a search that are looked at.
const mostQuery = 200

func (s *Pages) Search(w http.ResponseWriter, r *http.Request) error {
	query := strings.TrimSpace(web.Query(r).Get("q"))
	if runes := []rune(query); len(runes) > mostQuery {
		query = string(runes[:mostQuery])
	}
	view := views.Search{Frame: web.Frame(r, "Search", "lessons"), Query: query}
	for _, hit := range s.library.Search(query) {
		shown := views.SearchHit{Kind: hit.Kind, Title: hit.Title, Href: hit.Href}
		for _, piece := range hit.Snippet {
			shown.Snippet = append(shown.Snippet, views.SearchPiece(piece))
		}
		view.Hits = append(view.Hits, shown)
	}
	return web.Render(w, r, http.StatusOK, views.SearchPage(view))
}

func (s *Pages) Glossary(w http.ResponseWriter, r *http.Request) error {
	view := views.Glossary{Frame: s.frame(r, "Glossary", "lessons", "lesson.js")}
	all := s.library.Lessons()
	for _, t := range s.library.Terms() {
		view.Terms = append(view.Terms, views.GlossaryTerm{
			LessonTerm: views.LessonTerm{Slug: t.Slug, Name: t.Name, MeansHTML: t.MeansHTML}, Also: strings.Join(t.Also, ", "), Lessons: lessonsWith(all, t.Slug),
		})
	}
	return web.Render(w, r, http.StatusOK, views.GlossaryPage(view))
}

// lessonsWith links to the lessons that use a term.
func lessonsWith(all []lessons.Lesson, term string) []views.Link {
	var links []views.Link
	for _, l := range all {
		for _, used := range l.Terms {
			if used == term {
				links = append(links, views.Link{Label: l.Title, Href: "/lessons/" + l.Slug})
			}
		}
	}
	return links
}
