package study

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"gradlab/answers"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// A place is the page that a form was sent from, a lesson or a question's own, with what its owner has written; what is changed in its
// parts the page shows.
type place struct {
	page     func() templ.Component
	notice   func(text string) // above the page
	parts    map[answers.Key]*views.QuestionPart
	predicts map[string]*views.LessonPredict
}

// lessonPlace is the page of a lesson. Where what its owner has written cannot be read the place comes with the error, whole but for it:
// a form that was refused is still to be shown.
func (s *Pages) lessonPlace(r *http.Request, owner string, l lessons.Lesson) (place, error) {
	view, err := s.lessonView(r, owner, l)
	view.Frame.Path = "/lessons/" + l.Slug
	at := place{
		page: func() templ.Component { return views.LessonPage(view) }, notice: func(text string) { view.Notice = text },
		parts: map[answers.Key]*views.QuestionPart{}, predicts: map[string]*views.LessonPredict{},
	}
	for _, b := range view.Blocks {
		if b.Question != nil {
			at.add(b.Question.Parts)
		}
		if b.Predict != nil {
			at.predicts[b.Predict.ID] = b.Predict
		}
	}
	return at, err
}

// questionPlace is the page of a question, as lessonPlace is that of a lesson.
func (s *Pages) questionPlace(r *http.Request, owner string, q lessons.Question) (place, error) {
	view, err := s.questionView(r, owner, q)
	view.Frame.Path = "/questions/" + q.Slug
	at := place{
		page: func() templ.Component { return views.QuestionPage(view) }, notice: func(text string) { view.Notice = text },
		parts: map[answers.Key]*views.QuestionPart{},
	}
	at.add(view.Parts)
	return at, err
}

func (at *place) add(parts []views.QuestionPart) {
	for i := range parts {
		at.parts[answers.Key{Question: parts[i].Question, Part: parts[i].ID}] = &parts[i]
	}
}

// backTo is where the button of a part leads: to the lesson that it stands in, as the form says itself, else to the question's page.
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
