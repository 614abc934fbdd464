package study

import (
	"context"
	"errors"
	"net/http"

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
	in.save = s.answers.Submit
	return s.settleWithRun(w, r, in, in.run != "")
}

// settleWithRun keeps the answers of a form and, where attach is set, the run that it gives to the one whose button was pressed. A link
// that leads to no run stands at its field again, and the answer is kept all the same.
func (s *Pages) settleWithRun(w http.ResponseWriter, r *http.Request, in Answer, attach bool) error {
	run, bad := ReadRun(s.labs, r, in.run)
	problem, unfit := bad.(*web.Problem)
	if bad != nil && !unfit {
		return bad
	}
	save := in.save
	in.save = func(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error) {
		saved, err := save(ctx, owner, key, text, base)
		if err == nil && attach && !unfit {
			if err = s.answers.AttachRun(ctx, owner, key, run); err == nil {
				in.run = ""
			}
		}
		return saved, err
	}
	p := s.postedPart(r, &in)
	if unfit {
		p.show = func(at *place) int {
			part := at.parts[in.key()]
			part.NoRun, part.Focus = problem.Text, "run"
			return problem.Status
		}
	}
	return s.settle(w, r, p)
}

// postedPart is the form of a page of which the button of an answer was pressed.
func (s *Pages) postedPart(r *http.Request, in *Answer) posted {
	p := s.postedTo(r, in.question, append([]*Answer{in}, in.along...))
	p.to = s.backTo(r, *in)
	p.focus = func(at *place) { at.parts[in.key()].Focus = "text" }
	return p
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

// QuestionAt is the question that an address names.
func (s *Pages) QuestionAt(r *http.Request) (lessons.Question, error) {
	q, found := s.library.Question(web.Path(r, "slug"))
	if !found {
		return q, web.NotFound
	}
	return q, nil
}
