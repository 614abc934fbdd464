package handlers

import (
	"net/http"
	"net/url"
	"strings"
)

// backToLesson leads an answer that was handed in within a lesson back to it. The question's own handlers know nothing
// of lessons: their forms are the same in both places, and where the browser came from says which it was.
func (s *site) backToLesson(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, found := strings.CutPrefix(r.URL.Path, "/questions/")
		if r.Method != http.MethodPost || !found {
			next.ServeHTTP(w, r)
			return
		}
		question, _, _ = strings.Cut(question, "/")
		if lesson := s.cameFrom(r, question); lesson != "" {
			w = &redirected{ResponseWriter: w, from: "/questions/" + question, to: lesson}
		}
		next.ServeHTTP(w, r)
	})
}

// cameFrom is the path of the lesson that a form was sent from, "" where it was another page. The lesson must ask the
// question.
func (s *site) cameFrom(r *http.Request, question string) string {
	from, err := url.Parse(r.Referer()) // the Referrer-Policy gives it to ourselves alone
	if err != nil || from.Host != r.Host {
		return ""
	}
	slug, found := strings.CutPrefix(from.Path, "/lessons/")
	l, known := s.Config.Library.Lesson(slug)
	if !found || !known {
		return ""
	}
	for _, asked := range l.Questions() {
		if asked == question {
			return "/lessons/" + slug
		}
	}
	return ""
}

// redirected changes where a redirection leads: from one path, whatever its fragment, to another.
type redirected struct {
	http.ResponseWriter
	from, to string
}

func (w *redirected) WriteHeader(status int) {
	path, fragment, _ := strings.Cut(w.Header().Get("Location"), "#")
	if status == http.StatusSeeOther && path == w.from {
		if fragment == "" {
			fragment = "question"
		}
		w.Header().Set("Location", w.to+"#"+fragment)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *redirected) Unwrap() http.ResponseWriter { return w.ResponseWriter }
