package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"gradlab/lessons"
	"gradlab/store"
	"gradlab/views"
)

func (s *site) questionsPage(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.questionLines(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.QuestionsPage(views.Questions{
		Frame: frame(r, "Seven questions", "questions"), Lines: lines,
	}))
}

// questionPage shows a question, the visitor's answers to it and, after an attempt, the model answers. It gives the
// visitor the cookie that the answers will belong to.
func (s *site) questionPage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.question(r)
	if err != nil {
		return err
	}
	answers, err := s.answersTo(r, ensureVisitor(w, r), q)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.QuestionPage(s.questionView(r, q, answers)))
}

// submitAnswer takes an attempt from the form and shows the page with the model answer. What cannot be kept stays in its
// box, with the reason.
func (s *site) submitAnswer(w http.ResponseWriter, r *http.Request) error {
	q, err := s.question(r)
	if err != nil {
		return err
	}
	in, err := readAnswer(r, q)
	if err != nil {
		return err
	}
	owner := ensureVisitor(w, r)
	_, err = s.Answers.Submit(r.Context(), owner, in.key, in.text, in.revision)
	if err == nil {
		path := r.URL.Path
		if in.key.Part != "" {
			path += "#" + in.key.Part
		}
		http.Redirect(w, r, path, http.StatusSeeOther)
		return nil
	}
	refused := s.refusal(r, err)
	answers, err := s.answersTo(r, owner, q)
	if err != nil && refused.status < 500 {
		return err
	}
	view := s.questionView(r, q, answers)
	for i := range view.Parts {
		p := &view.Parts[i]
		if p.ID != in.key.Part {
			continue
		}
		p.Answer, p.Revision, p.Error, p.Saved = in.text, in.revision, refused.message, ""
		if refused.current != nil {
			p.Other, p.Revision = refused.current.Text, refused.current.Revision
		}
	}
	return s.render(w, r, refused.status, views.QuestionPage(view))
}

// saveDraft keeps what is being typed: {revision, saved}, or {error, current} where it could not.
func (s *site) saveDraft(w http.ResponseWriter, r *http.Request) error {
	q, err := s.question(r)
	if err != nil {
		return err
	}
	in, err := readAnswer(r, q)
	if err != nil {
		return err
	}
	saved, err := s.Answers.SaveDraft(r.Context(), ensureVisitor(w, r), in.key, in.text, in.revision)
	if err != nil {
		refused := s.refusal(r, err)
		body := map[string]any{"error": refused.message, "fields": map[string]string{"text": refused.message}}
		if refused.current != nil {
			body["current"] = map[string]any{"text": refused.current.Text, "revision": refused.current.Revision}
		}
		return writeJSON(w, refused.status, body)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": saved.Revision, "saved": clock(saved.UpdatedAt)})
}

// refusal is why an answer was not kept, as its writer reads it.
type refusal struct {
	status  int
	message string
	current *store.Answer // what is stored instead, of a conflict
}

func (s *site) refusal(r *http.Request, err error) refusal {
	var unfit *store.TextError
	var conflict *store.ConflictError
	switch {
	case errors.As(err, &unfit):
		return refusal{status: http.StatusUnprocessableEntity, message: unfit.Error()}
	case errors.As(err, &conflict):
		return refusal{status: http.StatusConflict, current: &conflict.Current,
			message: "This answer was changed in another tab meanwhile. Your text is still here; the other one is below. Hand in or go on typing to keep yours."}
	case errors.Is(err, store.ErrRevision):
		return refusal{status: http.StatusBadRequest, message: "The page lost track of this answer’s revision. Copy your text, then reload."}
	}
	s.Log.ErrorContext(r.Context(), "answer not saved", "request", idOf(r), "err", err)
	message := "The server could not save this. Your text is still in the box; please try again."
	if p := outage(err); p != nil {
		message = "Not saved yet. " + p.text + " Your text is still in the box."
	}
	return refusal{status: http.StatusServiceUnavailable, message: message}
}

// answerInput is what the answer form sends.
type answerInput struct {
	key      store.Key
	text     string
	revision int64
}

func readAnswer(r *http.Request, q lessons.Question) (answerInput, error) {
	if err := r.ParseForm(); err != nil {
		return answerInput{}, badForm(err)
	}
	in := answerInput{key: store.Key{Question: q.Slug, Part: r.PostForm.Get("part")}, text: newlines(r.PostForm.Get("text"))}
	if _, found := q.Part(in.key.Part); !found {
		return in, &problem{status: http.StatusBadRequest, heading: "No such part", text: "This question has no part of that name."}
	}
	if text := r.PostForm.Get("revision"); text != "" {
		revision, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return in, &problem{status: http.StatusBadRequest, heading: "Bad form", text: "The revision must be a whole number."}
		}
		in.revision = revision
	}
	return in, nil
}

// badForm is why a form could not be read: it was too large, or is no form.
func badForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &problem{status: http.StatusBadRequest, heading: "Bad form", text: "The form could not be read."}
}

func (s *site) question(r *http.Request) (lessons.Question, error) {
	q, found := s.Library.Question(chi.URLParam(r, "slug"))
	if !found {
		return q, notFound
	}
	return q, nil
}

// answersTo returns an owner's answers to a question, by part.
func (s *site) answersTo(r *http.Request, owner string, q lessons.Question) (map[string]store.Answer, error) {
	all, err := s.Answers.Answers(r.Context(), owner)
	if err != nil {
		return nil, err
	}
	byPart := map[string]store.Answer{}
	for _, a := range all {
		if a.Question == q.Slug {
			byPart[a.Part] = a
		}
	}
	return byPart, nil
}

// questionView fills the page of a question.
func (s *site) questionView(r *http.Request, q lessons.Question, answers map[string]store.Answer) views.Question {
	all := s.Library.Questions()
	view := views.Question{
		Frame: frame(r, q.Title, "questions", "question.js"), Slug: q.Slug, Number: q.Number, Of: len(all), Title: q.Title,
	}
	for i, other := range all {
		to := &views.Link{Label: fmt.Sprintf("Question %d", other.Number), Href: "/questions/" + other.Slug}
		if i+1 < len(all) && all[i+1].Slug == q.Slug {
			view.Previous = to
		}
		if i > 0 && all[i-1].Slug == q.Slug {
			view.Next = to
		}
	}
	for _, p := range q.Parts {
		a := answers[p.ID]
		part := views.QuestionPart{
			ID: p.ID, Text: p.Text, Action: "/questions/" + q.Slug, Answer: a.Text, Revision: a.Revision,
			Attempted: a.Submitted(), Most: store.MaxCharacters,
		}
		if a.Revision > 0 {
			part.Saved = clock(a.UpdatedAt)
		}
		if part.Attempted {
			part.ModelHTML = p.ModelHTML
		}
		view.Parts = append(view.Parts, part)
	}
	for _, lab := range q.Labs {
		view.Labs = append(view.Labs, views.Link{Label: lab.Label, Href: lab.Href()})
	}
	for _, source := range q.Sources {
		view.Sources = append(view.Sources, views.Source{
			Text: fmt.Sprintf("%s (%d): %s", source.Authors, source.Year, source.Title), Href: source.URL,
		})
	}
	return view
}

// questionLines lists the questions with how far the visitor is: a question of several parts is answered when all are.
func (s *site) questionLines(r *http.Request) ([]views.QuestionLine, error) {
	var stored []store.Answer
	if owner := visitorOf(r); owner != "" {
		var err error
		if stored, err = s.Answers.Answers(r.Context(), owner); err != nil {
			return nil, err
		}
	}
	var lines []views.QuestionLine
	for _, q := range s.Library.Questions() {
		drafts, attempts := 0, 0
		for _, a := range stored {
			switch {
			case a.Question != q.Slug:
			case a.Submitted():
				attempts++
			case a.Text != "":
				drafts++
			}
		}
		line := views.QuestionLine{Number: q.Number, Title: q.Title, Href: "/questions/" + q.Slug}
		switch {
		case attempts == len(q.Parts):
			line.State = "answered"
		case attempts+drafts > 0:
			line.State = "draft"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// clock is a moment in words; a script shows it in the reader's own time zone.
func clock(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
