package plan

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/labs"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// Refilled is the form as it was filled in, with what is wrong at the field where it is.
func (s Desk) Refilled(form url.Values, wrong *classroom.RefusedError) views.StopForm {
	f := views.StopForm{
		Kind: form.Get("kind"), Title: web.Newlines(form.Get("title")), Text: web.Newlines(form.Get("text")), Path: form.Get("path"), Question: form.Get("question"),
		Choices: web.Newlines(form.Get("choices")), Truth: form.Get("truth"), Given: form.Get("given"), Talk: form.Get("talk"), Notes: web.Newlines(form.Get("notes")),
		Goal: form.Get("goal"), Budget: form.Get("budget"),
		Fault: views.Fault{Field: wrong.Field, Error: web.Sentence(wrong.Reason)},
	}
	if f.Field == "" {
		f.Field = "kind"
	}
	return s.offering(f)
}

// Form is the form of a stop that is there; of the zero Stop it is empty.
func (s Desk) Form(stop classroom.Stop) views.StopForm {
	f := views.StopForm{
		Kind: string(stop.Kind), Title: stop.Title, Text: stop.Text, Path: stop.Path, Choices: strings.Join(stop.Choices, "\n"), Truth: stop.Truth.String(), Talk: string(stop.Talk), Notes: stop.Notes, Goal: string(stop.Goal),
	}
	if stop.Budget > 0 {
		f.Budget = strconv.FormatFloat(stop.Budget, 'g', -1, 64)
	}
	if stop.Kind == classroom.Predict {
		f.Kind += "-" + string(stop.Form)
	}
	if stop.Question != "" {
		f.Question = stop.Question + "/" + stop.Part
	}
	if stop.Given != nil {
		f.Given = board.GuessText(*stop.Given)
		if stop.Form == classroom.Choice {
			f.Given = strconv.Itoa(int(*stop.Given) + 1)
		}
	}
	return s.offering(f)
}

// offering adds what of the site there is to choose from.
func (s Desk) offering(f views.StopForm) views.StopForm {
	f.Truths = truthOptions(s.Labs)
	if of, id, isLesson := strings.Cut(f.Truth, "/"); isLesson && strings.HasPrefix(of, "lesson ") {
		f.Truths = append(f.Truths, views.Option{Value: f.Truth, Label: "what the lesson " + strings.TrimPrefix(of, "lesson ") + " computes for “" + id + "”"})
	}
	for _, q := range s.Library.Questions() {
		for _, part := range q.Parts {
			option := views.Option{Value: q.Slug + "/" + part.ID, Label: q.Title}
			if part.Text != "" {
				option.Label = part.Text
			}
			f.Questions = append(f.Questions, option)
		}
	}
	return f
}

// A Desk is where a stop is written: what of the site it can name.
type Desk struct {
	Labs    labs.Labs
	Library *lessons.Library
}

// Read reads the form that makes a stop. What is wrong with it is a *classroom.RefusedError.
func (s Desk) Read(r *http.Request, form url.Values) (classroom.Stop, error) {
	kind, shape, _ := strings.Cut(form.Get("kind"), "-")
	stop := classroom.Stop{
		Kind: classroom.Kind(kind), Title: web.Newlines(form.Get("title")), Text: web.Newlines(form.Get("text")), Notes: web.Newlines(form.Get("notes")),
		Talk: classroom.Talk(form.Get("talk")),
	}
	if _, err := lessons.HTML(stop.Text); err != nil {
		return stop, &classroom.RefusedError{Field: "text", Reason: "this " + err.Error()}
	}
	var err error
	if stop.Path, err = study.ReadRun(s.Labs, r, form.Get("path")); err != nil {
		return stop, &classroom.RefusedError{Field: "path", Reason: "give the link of one of the labs here, such as /labs/chain?depth=20"}
	}
	switch stop.Kind {
	case classroom.Predict:
		stop.Form = classroom.Form(shape)
		if stop.Form == classroom.Choice {
			stop.Choices = strings.FieldsFunc(form.Get("choices"), func(c rune) bool { return c == '\n' || c == '\r' })
		}
		if stop.Truth, err = classroom.ParseTruth(form.Get("truth")); err != nil {
			return stop, &classroom.RefusedError{Field: "truth", Reason: nothingComputes}
		}
		if !stop.Truth.None() {
			if wrong := s.check(stop); wrong != "" {
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
	case classroom.Explore:
		if err := s.readExploration(&stop, form.Get("goal"), form.Get("budget")); err != nil {
			return stop, err
		}
	case classroom.Ask:
		slug, part, chosen := strings.Cut(form.Get("question"), "/")
		q, found := s.Library.Question(slug)
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

// check is the reason why a truth cannot be computed, "" if it can.
func (s Desk) check(stop classroom.Stop) string {
	if stop.Truth.Lesson != "" {
		return s.checkLesson(stop)
	}
	lab, _ := s.Labs.Named(stop.Truth.Lab)
	if _, found := lab.Truth(stop.Truth.Path, stop.Truth.Lower); !found {
		return nothingComputes
	}
	shown, _, _ := s.Labs.At(stop.Path)
	switch {
	case shown.Name != lab.Name:
		return "another lab computes this than the one that is given: give a link of /labs/" + lab.Name
	case stop.Truth.Lower != (stop.Form == classroom.Choice):
		return "which twin is lower is a choice; everything else that a lab computes is a number"
	}
	return ""
}

// checkLesson is check of a truth that a lesson's prediction has: the stop must ask what the lesson does.
func (s Desk) checkLesson(stop classroom.Stop) string {
	l, _ := s.Library.Lesson(stop.Truth.Lesson)
	p, found := l.Predict(stop.Truth.Predict)
	same := len(stop.Choices) == len(p.Choices) && (stop.Form == classroom.Choice) == (len(p.Choices) > 0)
	for i := 0; same && i < len(p.Choices); i++ {
		says, _ := classroom.Line(stop.Choices[i], classroom.MaxTitle)
		same = strings.HasPrefix(p.Choices[i].Says, strings.TrimSuffix(says, "…"))
	}
	switch {
	case !found:
		return nothingComputes
	case !same:
		return "the lesson’s prediction has other choices: with these, give the truth yourself"
	}
	return ""
}

// truthOptions are all that the labs compute for predictions, numbers before choices.
func truthOptions(all labs.Labs) []views.Option {
	var numbers, choices []views.Option
	for _, l := range all {
		for _, t := range l.Truths {
			of := classroom.Truth{Lab: l.Name, Path: t.Path, Lower: t.Lower}
			if o := (views.Option{Value: of.String(), Label: t.Label}); t.Lower {
				choices = append(choices, o)
			} else {
				numbers = append(numbers, o)
			}
		}
	}
	return append(numbers, choices...)
}
