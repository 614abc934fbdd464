package class

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/views"
)

// A handIn is a form by which students hand something in.
type handIn struct {
	// take keeps what the form holds, and returns what the page's script is told.
	take func(c classroom.Class, stop classroom.Stop) (any, error)
	// fault puts the reason for which it was refused beside the form's box.
	fault func(view *views.ClassStage, reason error, said string)
}

// retype puts what a form brought back into the boxes of the stage that it came from.
func retype(view *views.ClassStage, form url.Values) {
	switch box := view.Answer; {
	case box != nil:
		box.Text, box.Run, box.Saved = form.Get("text"), form.Get("run"), time.Time{}
	case view.Kind == string(classroom.Predict):
		view.GuessText, view.Sure = form.Get("guess"), form.Get("confidence")
		for i := range view.Choices {
			view.Choices[i].Chosen = view.Choices[i].Value == form.Get("guess")
		}
	default:
		view.RunText = form.Get("run")
	}
}

// sayPlainly puts the reason below the stage's one box.
func sayPlainly(view *views.ClassStage, _ error, said string) { view.Error = said }

// A guessed tells the script of a student's page that a prediction was kept.
type guessed struct {
	Guess string `json:"guess"` // in words
}

// An otherTabError says that another tab has handed in another text meanwhile.
type otherTabError struct{ current classroom.Answer }

func (e *otherTabError) Error() string { return errOtherTab.Error() }
func (e *otherTabError) Unwrap() error { return errOtherTab }

var errOtherTab = &web.Problem{Status: http.StatusConflict, Heading: "Changed elsewhere",
	Text: "This answer was handed in from another tab meanwhile. Your text is still here; hand it in again to replace the other."}

// Guess takes a student's prediction.
func (s *Pages) Guess(w http.ResponseWriter, r *http.Request) error {
	form := web.Form(r)
	typed, sure := form.Get("guess"), form.Get("confidence")
	return s.handIn(w, r, handIn{
		take: func(c classroom.Class, stop classroom.Stop) (any, error) {
			if stop.Kind != classroom.Predict {
				return nil, classLocked
			}
			if round := form.Get("round"); round != "" && round != strconv.Itoa(stop.Round()) {
				return nil, classroom.ErrRound
			}
			g := classroom.Guess{Stop: stop.ID, Round: stop.Round()}
			var err error
			if g.Value, err = stop.ParseGuess(typed); err != nil {
				return nil, err
			}
			if g.Confidence, err = classroom.ParseConfidence(sure); err != nil {
				return nil, err
			}
			if err := s.rows.SaveGuess(r.Context(), c.ID, c.Version, web.Visitor(r), g); err != nil {
				return nil, err
			}
			s.counts.HandedIn("guess")
			return guessed{board.GuessWords(stop, g.Value).String()}, nil
		},
		fault: sayPlainly,
	})
}

// Answer takes a student's answer.
func (s *Pages) Answer(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, handIn{
		take: func(c classroom.Class, stop classroom.Stop) (any, error) { return s.takeAnswer(r, c, stop) },
		fault: func(view *views.ClassStage, reason error, said string) {
			box := view.Answer
			box.Error = said
			var other *otherTabError
			if errors.As(reason, &other) {
				box.Other, box.Revision = other.current.Text, other.current.Revision
			}
		},
	})
}

func (s *Pages) takeAnswer(r *http.Request, c classroom.Class, stop classroom.Stop) (saved web.Saved, err error) {
	form := web.Form(r)
	if stop.Kind != classroom.Ask {
		return saved, classLocked
	}
	revision, err := web.Revision(form)
	if err != nil {
		return saved, err
	}
	run, err := study.ReadRun(s.labs, r, form.Get("run"))
	if err != nil {
		return saved, err
	}
	text := strings.TrimSpace(web.Newlines(form.Get("text")))
	if text == "" {
		return saved, &classroom.RefusedError{Reason: "write something first"}
	}
	kept, err := s.rows.SaveClassAnswer(r.Context(), c.ID, c.Version, web.Visitor(r), classroom.Answer{Stop: stop.ID, Text: text, Run: run, Revision: revision})
	switch {
	case errors.Is(err, classroom.ErrStale):
		return saved, &otherTabError{kept}
	case errors.Is(err, classroom.ErrLocked):
		return saved, classroom.ErrStale // the class changed meanwhile: look again whether it still takes answers
	case err != nil:
		return saved, err
	}
	s.counts.HandedIn("answer")
	s.wantHints(r, c, stop, kept)
	return web.SavedAt(kept.Revision, kept.UpdatedAt), nil
}

// wantHints has an answer read that was just handed in.
func (s *Pages) wantHints(r *http.Request, c classroom.Class, stop classroom.Stop, a classroom.Answer) {
	q, found := s.library.Question(stop.Question)
	if !found {
		return
	}
	if m, in, err := s.rows.Member(r.Context(), c.ID, web.Visitor(r)); err == nil && in { // else the board asks for it
		a.Member = m.ID
		s.reader.want(c.ID, q, a)
	}
}

// handIn lets a student hand something in, as long as the class takes it. A script gets JSON; a form is led back, or
// shown what was refused.
func (s *Pages) handIn(w http.ResponseWriter, r *http.Request, h handIn) error {
	if !s.limits.write.Allow(web.Visitor(r)) {
		return web.TooMany
	}
	c, answer, err := s.tryHandIn(r, h)
	if err == nil {
		s.hub.Arrived(c.ID)
		if web.WantsJSON(r) {
			return web.WriteJSON(w, http.StatusOK, answer)
		}
		http.Redirect(w, r, "/class/"+c.Code, http.StatusSeeOther)
		return nil
	}
	if c.ID == "" {
		return err // there is no class to show it in
	}
	// Who is not in the class learns that, and nothing of what it takes.
	if notIn := s.joined(r, c); errors.Is(notIn, notMember) {
		if text := web.Form(r).Get("text"); text != "" && !web.WantsJSON(r) { // the teacher took the student out while they typed
			return s.renderOut(w, r, http.StatusForbidden, c, text)
		}
		return notIn
	}
	var p *web.Problem
	var unfit *answers.TextError
	switch err = problemOf(err); {
	case errors.As(err, &unfit):
		p = &web.Problem{Status: http.StatusUnprocessableEntity, Text: unfit.Error()}
	case !errors.As(err, &p):
		p = s.ProblemOf(r, err)
	}
	web.RetryLater(w, p)
	if web.WantsJSON(r) {
		body := web.Refusal{Error: p.Text}
		var other *otherTabError
		if errors.As(err, &other) {
			body.Current = &web.Kept{Revision: other.current.Revision, Text: other.current.Text}
		}
		return web.WriteJSON(w, p.Status, body)
	}
	student, unseen := s.studentView(r.Context(), c, web.Visitor(r))
	if unseen != nil {
		return err // the store does not even tell what was there before
	}
	if shown := &student.stage; shown.Stop == web.Form(r).Get("stop") && shown.Takes() {
		retype(shown, web.Form(r))
		h.fault(shown, err, p.Text)
	} else {
		shown.Unsent = unsent(c, web.Form(r), p.Text)
	}
	return s.renderStudent(w, r, p.Status, c, student)
}

// unsent is what a form brought that no box on the page can hold any more.
func unsent(c classroom.Class, form url.Values, reason string) *views.ClassUnsent {
	text := form.Get("text") + form.Get("guess")
	if text == "" { // a run alone: of an exploration
		return &views.ClassUnsent{Text: form.Get("run"), Reason: reason}
	}
	if stop, _, found := c.Stop(form.Get("stop")); found && stop.Form == classroom.Choice {
		if i, err := strconv.Atoi(text); err == nil && i >= 0 && i < len(stop.Choices) {
			text = classroom.Letter(i) + ": " + stop.Choices[i]
		}
	}
	return &views.ClassUnsent{Text: text, Run: form.Get("run"), Reason: reason}
}

// tryHandIn finds the class and lets h take what was handed in. It starts from the class as it is watched here, and
// looks at the stored one where that takes nothing: it may be newer. A class that changes meanwhile, since the teacher picks or
// locks, is tried again.
func (s *Pages) tryHandIn(r *http.Request, h handIn) (c classroom.Class, answer any, err error) {
	const tries = 5
	for try := range tries {
		var known int64
		if try > 0 {
			known = -1
		}
		if c, err = s.classAt(r, known); err != nil {
			return classroom.Class{}, nil, err
		}
		if try == 1 { // what takes nothing may be that the visitor is not in it
			if err = s.joined(r, c); err != nil {
				return c, nil, err
			}
		}
		stop, _, found := c.Stop(web.Form(r).Get("stop"))
		if !found {
			err = classroom.ErrLocked
		} else if err = c.Accepts(stop, time.Now()); err == nil {
			answer, err = h.take(c, stop)
		}
		if again := errors.Is(err, classroom.ErrStale) || try == 0 && (errors.Is(err, classroom.ErrLocked) || errors.Is(err, classroom.ErrClosed) || errors.Is(err, classroom.ErrRound)); !again {
			return c, answer, err
		}
	}
	return c, nil, err
}
