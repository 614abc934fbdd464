package class

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/store"
	"gradlab/views"
)

// Do is a teacher's action: a key of the projector or a button of the remote. A script gets the board as it is then, a
// form is led back.
func (s *Pages) Do(w http.ResponseWriter, r *http.Request) error {
	c, err := s.teachersClass(r)
	if err != nil {
		return err
	}
	if !s.limits.control.Allow(c.ID) {
		return web.TooMany
	}
	a := classroom.Action{Do: web.Form(r).Get("do"), Stop: web.Form(r).Get("stop"), Path: web.Form(r).Get("path"), Member: web.Form(r).Get("member"), Phase: classroom.Phase(web.Form(r).Get("phase"))}
	if a.Do == "show" {
		if a.Path, err = s.classPath(r, a.Path); err != nil {
			return err
		}
	}
	c, err = s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
		switch a.Do {
		case "skip":
			path, flips := s.labs.Flip(c.Public(time.Now()).Path)
			if !flips {
				return c, &classroom.RefusedError{Reason: "there is no skip to flip"}
			}
			return c.Do(classroom.Action{Do: "show", Path: path}, time.Now())
		case "drop":
			return c.Drop(a.Stop)
		}
		return c.Do(a, time.Now())
	})
	if err != nil {
		return problemOf(err)
	}
	if slices.Contains([]string{"reveal", "run", "advance"}, a.Do) && c.Shown().Phase.Reached(classroom.Ran) {
		s.startRun(c)
	}
	if web.WantsJSON(r) {
		return s.writeBoard(w, r, c)
	}
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// startRun computes what a prediction's truth needs, once for all, before anybody asks for it.
func (s *Pages) startRun(c classroom.Class) {
	stop := c.Shown()
	if stop.Kind != classroom.Predict || stop.Truth == "" {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(s.stopping, time.Minute)
		defer cancel()
		s.truthWithin(asClass(ctx, c), stop)
	}()
}

// classPath reads what a teacher wants to show: a lab of this site in a state.
func (s *Pages) classPath(r *http.Request, text string) (string, error) {
	path, err := study.ReadRun(s.labs, r, text)
	if err == nil && path == "" {
		err = &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Nothing to show", Text: "Give the link of a lab, such as /labs/chain?depth=20."}
	}
	return path, err
}

// Guess takes a student's prediction.
func (s *Pages) Guess(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, func(c classroom.Class, stop classroom.Stop) (map[string]any, error) {
		if stop.Kind != classroom.Predict {
			return nil, classLocked
		}
		v, err := stop.ParseGuess(web.Form(r).Get("guess"))
		if err != nil {
			return nil, err
		}
		if err = s.rows.SaveGuess(r.Context(), c.ID, c.Version, stop.ID, web.Visitor(r), v); err == nil {
			s.counts.HandedIn("guess")
		}
		return map[string]any{"guess": guessWords(stop, v).String()}, err
	}, func(view *views.ClassStage, reason string) {
		view.Error, view.GuessText = reason, web.Form(r).Get("guess")
	}, nil)
}

// Answer takes a student's answer.
func (s *Pages) Answer(w http.ResponseWriter, r *http.Request) error {
	var current *classroom.Answer
	return s.handIn(w, r, func(c classroom.Class, stop classroom.Stop) (map[string]any, error) {
		if stop.Kind != classroom.Ask {
			return nil, classLocked
		}
		revision, err := web.Revision(web.Form(r))
		if err != nil {
			return nil, err
		}
		run, err := study.ReadRun(s.labs, r, web.Form(r).Get("run"))
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(web.Newlines(web.Form(r).Get("text")))
		if text == "" {
			return nil, &classroom.RefusedError{Reason: "write something first"}
		}
		saved, err := s.rows.SaveClassAnswer(r.Context(), c.ID, c.Version, web.Visitor(r), classroom.Answer{Stop: stop.ID, Text: text, Run: run, Revision: revision})
		if errors.Is(err, classroom.ErrStale) {
			current = &saved
			return nil, errOtherTab
		}
		if errors.Is(err, classroom.ErrLocked) {
			return nil, classroom.ErrStale // the class changed meanwhile: look again whether it still takes answers
		}
		if err == nil {
			s.counts.HandedIn("answer")
			s.wantHints(r, c, stop, saved)
		}
		return map[string]any{"revision": saved.Revision, "saved": web.Clock(saved.UpdatedAt)}, err
	}, func(view *views.ClassStage, reason string) {
		view.Answer.Error, view.Answer.Text, view.Answer.Run, view.Answer.Saved = reason, web.Form(r).Get("text"), web.Form(r).Get("run"), time.Time{}
		if current != nil {
			view.Answer.Other, view.Answer.Revision = current.Text, current.Revision
		}
	}, &current)
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

// errOtherTab says that another tab has handed in another text meanwhile.
var errOtherTab = &web.Problem{Status: http.StatusConflict, Heading: "Changed elsewhere",
	Text: "This answer was handed in from another tab meanwhile. Your text is still here; hand it in again to replace the other."}

// handIn lets a student hand something in, as long as the class takes it. A script gets JSON; a form is led back, or
// shown what was refused. other, where take sets it, is what another tab handed in.
func (s *Pages) handIn(w http.ResponseWriter, r *http.Request, take func(classroom.Class, classroom.Stop) (map[string]any, error),
	show func(view *views.ClassStage, reason string), other **classroom.Answer) error {
	if !s.limits.write.Allow(web.Visitor(r)) {
		return web.TooMany
	}
	c, answer, err := s.tryHandIn(r, take)
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
		return notIn
	}
	var p *web.Problem
	var unfit *store.TextError
	switch err = problemOf(err); {
	case errors.As(err, &unfit):
		p = &web.Problem{Status: http.StatusUnprocessableEntity, Text: unfit.Error()}
	case !errors.As(err, &p):
		p = s.ProblemOf(r, err)
	}
	web.RetryLater(w, p)
	if web.WantsJSON(r) {
		body := map[string]any{"error": p.Text}
		if other != nil && *other != nil {
			body["current"] = map[string]any{"text": (*other).Text, "revision": (*other).Revision}
		}
		return web.WriteJSON(w, p.Status, body)
	}
	student, unseen := s.studentView(r.Context(), c, web.Visitor(r))
	if unseen != nil {
		return err // the store does not even tell what was there before
	}
	if shown := &student.stage; shown.Stop == web.Form(r).Get("stop") && shown.Takes() {
		show(shown, p.Text)
	} else {
		shown.Unsent = unsent(c, web.Form(r), p.Text)
	}
	return s.renderStudent(w, r, p.Status, c, student)
}

// unsent is what a form brought that no box on the page can hold any more.
func unsent(c classroom.Class, form url.Values, reason string) *views.ClassUnsent {
	text := form.Get("text") + form.Get("guess")
	if stop, _, found := c.Stop(form.Get("stop")); found && stop.Form == classroom.Choice {
		if i, err := strconv.Atoi(text); err == nil && i >= 0 && i < len(stop.Choices) {
			text = stop.Choices[i]
		}
	}
	return &views.ClassUnsent{Text: text, Run: form.Get("run"), Reason: reason}
}

// tryHandIn finds the class and lets take store what was handed in. It starts from the class as it is watched here, and
// looks at the stored one where that takes nothing: it may be newer. A class that changes meanwhile, since the teacher picks or
// locks, is tried again.
func (s *Pages) tryHandIn(r *http.Request, take func(classroom.Class, classroom.Stop) (map[string]any, error)) (c classroom.Class, answer map[string]any, err error) {
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
			answer, err = take(c, stop)
		}
		if again := errors.Is(err, classroom.ErrStale) || try == 0 && (errors.Is(err, classroom.ErrLocked) || errors.Is(err, classroom.ErrClosed)); !again {
			return c, answer, err
		}
	}
	return c, nil, err
}
