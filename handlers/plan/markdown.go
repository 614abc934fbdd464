package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gradlab/classroom"
	"gradlab/lessons"
)

// Markdown is a plan in the format of lessons.
func Markdown(title string, stops []classroom.Stop) string {
	o := lessons.Outline{Title: title}
	for _, s := range stops {
		o.Parts = append(o.Parts, passageOf(s))
	}
	return o.String()
}

func passageOf(s classroom.Stop) lessons.Passage {
	p := lessons.Passage{Heading: s.Title, Text: s.Text, Kind: "lab"}
	show := strings.TrimPrefix(s.Path, "/labs/")
	p.Fields = lessons.Fields{Show: show, Picture: s.Picture, Alt: s.Alt, Talk: string(s.Talk), Notes: s.Notes}
	switch s.Kind {
	case classroom.Show:
		if s.Text != "" && show == "" && s.Picture == "" && s.Notes == "" && s.Talk == "" {
			p.Kind = ""
		}
	case classroom.Ask:
		p.Kind, p.Fields.Slug, p.Fields.Part = "question", s.Question, s.Part
	case classroom.Explore:
		p.Kind, p.Fields.Goal, p.Fields.Budget = "explore", string(s.Goal), s.Budget
	case classroom.Predict:
		p.Kind, p.Fields.Kind = "predict", string(s.Form)
		if s.Form == classroom.Power {
			p.Fields.Kind, p.Fields.As = "number", "exponent"
		}
		for i, c := range s.Choices {
			p.Fields.Choices = append(p.Fields.Choices, lessons.Offer{Says: c, Right: s.Given != nil && int(*s.Given) == i})
		}
		if len(s.Choices) == 0 {
			p.Fields.Given = s.Given
		}
		switch t := s.Truth; {
		case t.Lesson != "":
			p.Fields.Lesson, p.Fields.ID = t.Lesson, t.Predict
		case !t.None():
			p.Fields.Compute, p.Fields.Lower = show+" "+t.Path, t.Lower
		}
	}
	return p
}

// ReadMarkdown makes stops of a text in the format of lessons: one that Markdown wrote, or a lesson, of which the labs, predictions and
// questions are taken. Pictures that has does not know are left out, and lost says how many. What is wrong is a *classroom.RefusedError at
// the field "markdown".
func (s Desk) ReadMarkdown(text string, has func(picture string) bool) (title string, stops []classroom.Stop, lost int, err error) {
	refuse := func(format string, args ...any) error {
		return &classroom.RefusedError{Field: "markdown", Reason: fmt.Sprintf(format, args...)}
	}
	o, err := lessons.ReadOutline(text, classroom.MaxStops)
	var fault *lessons.FileError
	if errors.As(err, &fault) {
		if fault.Line == 0 {
			return "", nil, 0, refuse("the text %s", fault.Reason)
		}
		return "", nil, 0, refuse("line %d: %s", fault.Line, fault.Reason)
	}
	if len(o.Parts) > classroom.MaxStops {
		return "", nil, 0, refuse("this makes more than %d stops, which is as many as a plan may have", classroom.MaxStops)
	}
	predictions := map[string]int{} // of a lesson: places in stops, by id
	for _, p := range o.Parts {
		if o.Slug != "" {
			if p.Text = ""; p.Kind == "" || p.Kind == "step" {
				continue
			}
			if i, waits := predictions[p.Fields.After]; waits && p.Kind == "lab" {
				stops[i].Path = address(p.Fields.Show)
				continue
			}
		}
		stop, err := s.stopOf(o, p)
		if err == nil {
			if stop.Picture != "" && !has(stop.Picture) {
				stop.Picture, stop.Alt = "", ""
				lost++
			}
			stop, err = s.sound(stop)
		}
		var refused *classroom.RefusedError
		if errors.As(err, &refused) {
			return "", nil, 0, refuse("the stop at line %d: %s", p.Line, refused.Reason)
		}
		if err != nil {
			return "", nil, 0, err
		}
		if p.Kind == "predict" && p.Fields.ID != "" {
			predictions[p.Fields.ID] = len(stops)
		}
		stops = append(stops, stop)
	}
	if len(stops) == 0 {
		return "", nil, 0, refuse("there is no stop in it: a heading with a text, or a block, makes one")
	}
	return o.Title, stops, lost, nil
}

// address is the page of a lab that a block names.
func address(show string) string {
	if show == "" || strings.HasPrefix(show, "/") {
		return show
	}
	return "/labs/" + show
}

// stopOf reads one passage.
func (s Desk) stopOf(o lessons.Outline, p lessons.Passage) (classroom.Stop, error) {
	f := p.Fields
	stop := classroom.Stop{
		Kind: classroom.Show, Title: cmp.Or(f.Title, strings.TrimSpace(f.Question), p.Heading, o.Title), Text: cmp.Or(f.Text, p.Text), Path: address(f.Show),
		Picture: f.Picture, Alt: f.Alt, Talk: classroom.Talk(f.Talk), Notes: strings.TrimSpace(cmp.Or(f.Notes, f.Caption, f.Reveal)),
	}
	switch p.Kind {
	case "question":
		stop.Kind, stop.Question, stop.Part = classroom.Ask, f.Slug, f.Part
		if q, found := s.Library.Question(f.Slug); found && o.Slug != "" {
			stop.Title = q.Title
			if len(q.Parts) > 0 {
				stop.Part = q.Parts[0].ID
			}
		}
	case "explore":
		stop.Kind, stop.Goal, stop.Budget = classroom.Explore, classroom.Goal(f.Goal), f.Budget
	case "step":
		return stop, &classroom.RefusedError{Reason: "a step is for presenting a lesson; here each stop has a lab of its own"}
	case "predict":
		stop.Kind, stop.Form, stop.Given = classroom.Predict, classroom.Form(f.Kind), f.Given
		if f.As == "exponent" {
			stop.Form = classroom.Power
		}
		for i, c := range f.Choices {
			stop.Choices = append(stop.Choices, strings.TrimSpace(c.Says))
			if c.Right {
				given := float64(i)
				stop.Given = &given
			}
		}
		lesson := cmp.Or(f.Lesson, o.Slug)
		if l, found := s.Library.Lesson(lesson); found {
			if _, found := l.Predict(f.ID); found {
				stop.Truth = classroom.Truth{Lesson: lesson, Predict: f.ID}
			}
		}
		if run, path, found := strings.Cut(f.Compute, " "); found && stop.Truth.None() {
			lab, _, _ := strings.Cut(run, "?")
			stop.Path, stop.Truth = address(run), classroom.Truth{Lab: lab, Path: strings.TrimSpace(path), Lower: f.Lower}
		} else if c, err := s.Library.Experiments().ParseComputation(f.Compute); err == nil && stop.Path == "" {
			stop.Path = s.Labs.Showing(c.Lab, c.Query)
		}
	}
	return stop, nil
}

// sound says whether what a stop names is there, and returns it as it can be kept.
func (s Desk) sound(stop classroom.Stop) (classroom.Stop, error) {
	stop, err := stop.Checked()
	if err != nil {
		return stop, err
	}
	if _, err := lessons.HTML(stop.Text); err != nil {
		return stop, &classroom.RefusedError{Field: "text", Reason: "its text " + err.Error()}
	}
	if _, _, found := s.Labs.At(stop.Path); stop.Path != "" && !found {
		return stop, &classroom.RefusedError{Field: "path", Reason: "there is no such lab: give one of those here, such as chain?depth=20"}
	}
	if stop.Kind == classroom.Explore {
		if _, err := s.Exploration(stop, stop.Path); err != nil {
			return stop, err
		}
	}
	if stop.Question != "" {
		q, found := s.Library.Question(stop.Question)
		if !found || !slices.ContainsFunc(q.Parts, func(p lessons.Part) bool { return p.ID == stop.Part }) {
			return stop, &classroom.RefusedError{Field: "question", Reason: "there is no such question"}
		}
	}
	if !stop.Truth.None() {
		if wrong := s.check(stop); wrong != "" {
			return stop, &classroom.RefusedError{Field: "truth", Reason: wrong}
		}
	}
	return stop, nil
}
