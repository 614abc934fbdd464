package study

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gradlab/answers"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

func (s *Pages) Questions(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.QuestionLines(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.QuestionsPage(views.Questions{
		Frame: web.Frame(r, views.QuestionsTitle(len(lines)), "questions"), Lines: lines,
	}))
}

// Question shows a question, the visitor's answers to it and, after an attempt, the model answers. It gives the
// visitor the cookie that the answers will belong to. A run that the address carries is put at hand, to be attached.
func (s *Pages) Question(w http.ResponseWriter, r *http.Request, q lessons.Question) error {
	view, err := s.questionView(r, web.EnsureVisitor(w, r), q)
	if err != nil {
		return err
	}
	if given := web.Query(r).Get("run"); given != "" {
		run, err := ReadRun(s.labs, r, given)
		if err != nil {
			return err
		}
		for i := range view.Parts {
			view.Parts[i].Offer = run
		}
	}
	return web.Render(w, r, http.StatusOK, views.QuestionPage(view))
}

// Submit takes an attempt from the form, with a run that was given there, and leads to the page with the model answer.
func (s *Pages) Submit(w http.ResponseWriter, r *http.Request, in Answer) error {
	return s.writeWithRun(w, r, in, s.answers.Submit, in.run != "")
}

// writeWithRun keeps the answer of a form and, where attach is set, the run that it gives. A link that leads to no run stands at its
// field again, and the answer is kept all the same.
func (s *Pages) writeWithRun(w http.ResponseWriter, r *http.Request, in Answer, save saver, attach bool) error {
	run, bad := ReadRun(s.labs, r, in.run)
	problem, unfit := bad.(*web.Problem)
	if bad != nil && !unfit {
		return bad
	}
	both := func(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error) {
		saved, err := save(ctx, owner, key, text, base)
		if err == nil && attach && !unfit {
			err = s.answers.AttachRun(ctx, owner, key, run)
		}
		return saved, err
	}
	return s.write(w, r, in, both, func(at place) error {
		if unfit {
			at.part.Offer, at.part.NoRun = in.run, problem.Text
			return web.Render(w, r, problem.Status, at.page)
		}
		http.Redirect(w, r, s.backTo(r, in), http.StatusSeeOther)
		return nil
	})
}

// saver is SaveDraft or Submit of the store.
type saver func(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error)

// write keeps the answer of a form and goes on with the page as it is then. What cannot be kept stays in its box, with the
// reason.
func (s *Pages) write(w http.ResponseWriter, r *http.Request, in Answer, save saver, then func(place) error) error {
	owner, unsaved := s.keep(w, r, web.Writing, func(owner string) error {
		_, err := save(r.Context(), owner, in.key(), in.text, in.revision)
		return err
	})
	at, err := s.placeOf(r, owner, in)
	if unsaved == nil {
		if err != nil {
			return err
		}
		return then(at)
	}
	refused := s.refusal(r, unsaved, textKept)
	if err != nil && refused.status < 500 {
		return err
	}
	p := at.part
	p.Answer, p.Revision, p.Error, p.Saved, p.Offer = in.text, in.revision, refused.message, time.Time{}, in.run
	if refused.current != nil {
		p.Other, p.Revision = refused.current.Text, refused.current.Revision
	}
	web.RetryLater(w, &web.Problem{Status: refused.status})
	return web.Render(w, r, refused.status, at.page)
}

// SaveDraft keeps what is being typed.
func (s *Pages) SaveDraft(w http.ResponseWriter, r *http.Request, in Answer) error {
	return s.keepDraft(w, r, in, quietly, func(saved web.Saved) error { return web.WriteJSON(w, http.StatusOK, saved) })
}

// keepDraft keeps what a script sends, for the owner that writing finds, and leaves the answer to then; of what was not kept it says why.
func (s *Pages) keepDraft(w http.ResponseWriter, r *http.Request, in Answer, writing writer, then func(web.Saved) error) error {
	var saved answers.Answer
	if _, err := s.keep(w, r, writing, func(owner string) (err error) {
		saved, err = s.answers.SaveDraft(r.Context(), owner, in.key(), in.text, in.revision)
		return err
	}); err != nil {
		refused := s.refusal(r, err, textKept)
		web.RetryLater(w, &web.Problem{Status: refused.status})
		body := web.Refusal{Error: refused.message, Fields: map[string]string{"text": refused.message}}
		if refused.current != nil {
			body.Current = &web.Kept{Revision: refused.current.Revision, Text: refused.current.Text}
		}
		return web.WriteJSON(w, refused.status, body)
	}
	return then(web.SavedAt(saved.Revision, saved.UpdatedAt))
}

// refusal is why an answer was not kept, as its writer reads it.
type refusal struct {
	status  int
	message string
	current *answers.Answer // what is stored instead, of a conflict
}

// textKept says of a text that it is not lost.
const textKept = "Your text is still in the box"

// refusal words an error; kept says that nothing is lost.
func (s *Pages) refusal(r *http.Request, err error, kept string) refusal {
	var unfit *answers.TextError
	var conflict *answers.ConflictError
	var limited *web.Problem
	switch {
	case errors.As(err, &limited):
		return refusal{status: limited.Status, message: limited.Text + " " + kept + "."}
	case errors.As(err, &unfit):
		return refusal{status: http.StatusUnprocessableEntity, message: unfit.Error()}
	case errors.As(err, &conflict):
		return refusal{status: http.StatusConflict, current: &conflict.Current,
			message: "This answer was changed in another tab meanwhile. Your text is still here; the other one is below. Hand in or go on typing to keep yours."}
	case errors.Is(err, answers.ErrRetired):
		return refusal{status: web.Retired.Status, message: web.Retired.Text + " " + kept + "; hand it in to keep it."}
	case errors.Is(err, answers.ErrRevision):
		return refusal{status: web.BadRevision.Status, message: web.BadRevision.Text}
	}
	s.log.ErrorContext(r.Context(), "answer not saved", "request", web.RequestID(r), "err", err)
	message := "The server could not save this. " + kept + "; please try again."
	if p := web.Outage(err); p != nil {
		message = "Not saved yet. " + p.Text + " " + kept + "."
	}
	return refusal{status: http.StatusServiceUnavailable, message: message}
}

// An Answer is what the form of a part of a question sends.
type Answer struct {
	question lessons.Question
	part     string
	text     string
	revision int64
	run      string // the link of one, as typed
}

func (a Answer) key() answers.Key { return answers.Key{Question: a.question.Slug, Part: a.part} }

// AnswerTo reads the form of a part of the question that an address names.
func (s *Pages) AnswerTo(r *http.Request) (in Answer, err error) {
	if in.question, err = s.QuestionAt(r); err != nil {
		return in, err
	}
	in.part, in.text, in.run = web.Form(r).Get("part"), web.Newlines(web.Form(r).Get("text")), web.Form(r).Get("run")
	if _, found := in.question.Part(in.part); !found {
		return in, &web.Problem{Status: http.StatusBadRequest, Heading: "No such part", Text: "This question has no part of that name."}
	}
	in.revision, err = web.Revision(web.Form(r))
	return in, err
}

// QuestionAt is the question that an address names.
func (s *Pages) QuestionAt(r *http.Request) (lessons.Question, error) {
	q, found := s.library.Question(web.Path(r, "slug"))
	if !found {
		return q, web.NotFound
	}
	return q, nil
}
