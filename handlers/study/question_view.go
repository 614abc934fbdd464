package study

import (
	"fmt"
	"net/http"

	"gradlab/answers"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/views"
)

// questionView fills the page of a question with what its owner has written. Where that cannot be read the page comes with
// the error, whole but for it: a form that was refused is still to be shown.
func (s *Pages) questionView(r *http.Request, owner string, q lessons.Question) (views.Question, error) {
	all := s.library.Questions()
	view := views.Question{
		Frame: s.frame(r, q.Title, "questions", "question.js"), Slug: q.Slug, Number: q.Number, Of: len(all), Title: q.Title, Sources: sourceLines(q.Sources),
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
	var attached answers.Attached
	written, err := s.answersTo(r, owner, q)
	if err == nil {
		attached, err = s.answers.Attached(r.Context(), owner)
	}
	for _, p := range q.Parts {
		a := written[p.ID]
		part := views.QuestionPart{
			ID: p.ID, Text: p.Text, Question: q.Slug, Answer: a.Text, Revision: a.Revision, Drawn: digest(a.Text),
			Attempted: a.Submitted(), Most: answers.MaxCharacters, Run: s.labs.Chip(attached.Runs[answers.Key{Question: q.Slug, Part: p.ID}]),
		}
		if a.Revision > 0 {
			part.Saved = a.UpdatedAt
		}
		if part.Attempted {
			part.ModelHTML = p.ModelHTML
		}
		view.Parts = append(view.Parts, part)
	}
	for _, c := range q.Concepts {
		view.Ticks = append(view.Ticks, views.Tick{ID: c.ID, Label: c.Label, On: attached.Ticks[q.Slug][c.ID]})
	}
	for _, lab := range q.Labs {
		view.Labs = append(view.Labs, views.Link{Label: lab.Label, Href: lab.Href()})
	}
	return view, err
}

// answersTo returns an owner's answers to a question, by part.
func (s *Pages) answersTo(r *http.Request, owner string, q lessons.Question) (map[string]answers.Answer, error) {
	all, err := s.answers.Answers(r.Context(), owner)
	if err != nil {
		return nil, err
	}
	byPart := map[string]answers.Answer{}
	for _, a := range all {
		if a.Question == q.Slug {
			byPart[a.Part] = a
		}
	}
	return byPart, nil
}

// QuestionLines lists the questions with how far the visitor is: a question of several parts is answered when all are.
func (s *Pages) QuestionLines(r *http.Request) ([]views.QuestionLine, error) {
	var stored []answers.Answer
	if owner := web.Visitor(r); owner != "" {
		var err error
		if stored, err = s.answers.Answers(r.Context(), owner); err != nil {
			return nil, err
		}
	}
	var lines []views.QuestionLine
	for _, q := range s.library.Questions() {
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
		line := views.QuestionLine{Title: q.Title, Href: "/questions/" + q.Slug}
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
