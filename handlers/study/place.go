package study

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// A place is the page that the form of a part stands in, and the part there: a lesson, or the question's own page.
type place struct {
	page templ.Component
	part *views.QuestionPart // what is changed here, the page shows
}

// placeOf is where a form was sent from, with what its owner has written. Where that cannot be read the place comes with the
// error, whole but for it: a form that was refused is still to be shown.
func (s *Pages) placeOf(r *http.Request, owner string, in Answer) (place, error) {
	if lesson, found := s.formsLesson(r, in.question); found {
		if view, err := s.lessonView(r, owner, lesson); err == nil {
			view.Frame.Path = "/lessons/" + lesson.Slug
			for _, b := range view.Blocks {
				if b.Question != nil && b.Question.Href == "/questions/"+in.question.Slug {
					return place{views.LessonPage(view), partOf(b.Question.Parts, in.part)}, nil
				}
			}
		}
	}
	view, err := s.questionView(r, owner, in.question)
	view.Frame.Path = "/questions/" + in.question.Slug
	return place{views.QuestionPage(view), partOf(view.Parts, in.part)}, err
}

// partOf is the part of that id, which is there.
func partOf(parts []views.QuestionPart, id string) *views.QuestionPart {
	return &parts[slices.IndexFunc(parts, func(p views.QuestionPart) bool { return p.ID == id })]
}

// backTo is where the form of a part leads: to the lesson that it stands in, as it says itself, else to the question's page.
func (s *Pages) backTo(r *http.Request, in Answer) string {
	lesson, found := s.formsLesson(r, in.question)
	if !found {
		return partPath(in.question, in.part)
	}
	return "/lessons/" + lesson.Slug + "#" + cmp.Or(in.part, "question")
}

// formsLesson is the lesson that the form of a question stands in, as it says itself; false where it stands in none.
func (s *Pages) formsLesson(r *http.Request, q lessons.Question) (lessons.Lesson, bool) {
	l, found := s.library.Lesson(web.Form(r).Get("lesson"))
	return l, found && slices.Contains(l.Questions(), q.Slug)
}
