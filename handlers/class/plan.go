package class

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Plan adds a stop to the plan, after the one that is shown. A form with something wrong in it comes back as it was filled
// in, with the reason at its field.
func (s *Pages) Plan(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	stop, err := s.readStop(r)
	if err == nil {
		c, err = s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
			next, err := c.Insert(stop, c.Current+1)
			if err == nil && web.Form(r).Get("go") != "" {
				return next.Do(classroom.Action{Do: "next"}, time.Now())
			}
			return next, err
		})
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.renderRemote(w, r, http.StatusUnprocessableEntity, c, func(page *views.ClassRemote) { page.Add = addForm(r, refused) })
	}
	if err != nil {
		return problemOf(err)
	}
	s.startRun(c)
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// addForm is the form as it was filled in, with what is wrong at the field where it is.
func addForm(r *http.Request, wrong *classroom.RefusedError) views.ClassAdd {
	form := web.Form(r)
	add := views.ClassAdd{
		Kind: form.Get("kind"), Title: web.Newlines(form.Get("title")), Path: form.Get("path"), Question: form.Get("question"),
		Choices: web.Newlines(form.Get("choices")), Truth: form.Get("truth"), Given: form.Get("given"), Notes: web.Newlines(form.Get("notes")),
		Field: wrong.Field, Error: sentence(wrong.Reason),
	}
	if add.Field == "" {
		add.Field = "kind"
	}
	return add
}

// readStop reads the form by which a teacher makes something up on the spot. What is wrong with it is a *classroom.RefusedError.
func (s *Pages) readStop(r *http.Request) (classroom.Stop, error) {
	form := web.Form(r)
	kind, shape, _ := strings.Cut(form.Get("kind"), "-")
	stop := classroom.Stop{Kind: classroom.Kind(kind), Title: web.Newlines(form.Get("title")), Notes: web.Newlines(form.Get("notes"))}
	var err error
	if stop.Path, err = study.ReadRun(s.labs, r, form.Get("path")); err != nil {
		return stop, &classroom.RefusedError{Field: "path", Reason: "give the link of one of the labs here, such as /labs/chain?depth=20"}
	}
	switch stop.Kind {
	case classroom.Predict:
		stop.Form = classroom.Form(shape)
		if stop.Form == classroom.Choice {
			stop.Choices = strings.Split(web.Newlines(form.Get("choices")), "\n")
		}
		if stop.Truth, err = classroom.ParseTruth(form.Get("truth")); err != nil {
			return stop, &classroom.RefusedError{Field: "truth", Reason: nothingComputes}
		}
		if !stop.Truth.None() {
			if wrong := s.checkTruth(stop); wrong != "" {
				return stop, &classroom.RefusedError{Field: "truth", Reason: wrong}
			}
			if stop.Truth.Lower {
				stop.Choices = []string{"plain", "residual"}
			}
			return stop, nil
		}
		if text := strings.TrimSpace(form.Get("given")); text != "" {
			given, err := givenTruth(stop, text)
			if err != nil {
				return stop, err
			}
			stop.Given = &given
		}
	case classroom.Ask:
		slug, part, chosen := strings.Cut(form.Get("question"), "/")
		q, found := s.library.Question(slug)
		if !chosen {
			break
		}
		p, hasPart := q.Part(part)
		if !found || !hasPart {
			return stop, &classroom.RefusedError{Field: "question", Reason: "there is no such question"}
		}
		stop.Question, stop.Part = slug, part
		if stop.Title == "" {
			stop.Title = q.Title
			if p.Text != "" {
				stop.Title = p.Text
			}
		}
	}
	return stop, nil
}

// givenTruth reads the truth that a teacher gives: a number, or the number of the right choice, from 1.
func givenTruth(stop classroom.Stop, text string) (float64, error) {
	if stop.Form == classroom.Choice {
		i, err := strconv.Atoi(text)
		if err != nil {
			return 0, &classroom.RefusedError{Field: "given", Reason: "give the number of the right choice: 1 for the first"}
		}
		return float64(i - 1), nil
	}
	given, err := stop.ParseGuess(text)
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return 0, &classroom.RefusedError{Field: "given", Reason: refused.Reason}
	}
	return given, err
}

const nothingComputes = "there is nothing like that to compute"

// checkTruth is the reason why a truth cannot be computed, "" if it can.
func (s *Pages) checkTruth(stop classroom.Stop) string {
	lab, _ := s.labs.Named(stop.Truth.Lab)
	if _, found := lab.Truth(stop.Truth.Path, stop.Truth.Lower); !found {
		return nothingComputes
	}
	shown, _, _ := s.labs.At(stop.Path)
	switch {
	case shown.Name != lab.Name:
		return "another lab computes this than the one that is given: give a link of /labs/" + lab.Name
	case stop.Truth.Lower != (stop.Form == classroom.Choice):
		return "which twin is lower is a choice; everything else that a lab computes is a number"
	}
	return ""
}
