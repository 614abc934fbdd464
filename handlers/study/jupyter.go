package study

import (
	"bytes"
	"fmt"
	"net/http"

	"gradlab/export"
	"gradlab/handlers/web"
	"gradlab/lessons"
)

// perConcept is how many points a concept earns that a full answer names, on the marking sheet and in notebooks.
const perConcept = 2

// mostPoints are those of a full answer to a question, or to one part of it.
func mostPoints(q lessons.Question, part string) int {
	concepts := 0
	for _, c := range q.Concepts {
		if part == "" || c.Part == part {
			concepts++
		}
	}
	if q.Pick > 0 {
		concepts = min(concepts, q.Pick)
	}
	return perConcept * concepts
}

// Notebook is the questions as a notebook that nbgrader hands out and collects.
func (s *Pages) Notebook(w http.ResponseWriter, r *http.Request) error {
	var asked []export.Asked
	for _, q := range s.library.Questions() {
		for _, part := range q.Parts {
			a := export.Asked{ID: q.Slug, Points: mostPoints(q, part.ID), Text: fmt.Sprintf("## %d. %s", q.Number, q.Title)}
			if part.ID != "" {
				a.ID += "-" + part.ID
				a.Text += "\n\n" + part.Text
			}
			for _, l := range q.Labs {
				a.Text += fmt.Sprintf("\n\n[%s](%s%s)", l.Label, web.Origin(r), l.Href())
			}
			asked = append(asked, a)
		}
	}
	var b bytes.Buffer
	heading := "# Questions on deep networks and skip connections\n\nAnswer in your own words; a run that shows what you say is worth a link. The labs are at <" + web.Origin(r) + "/labs>."
	if err := export.QuestionNotebook(&b, heading, asked); err != nil {
		return err
	}
	web.SendFile(w, "gradlab-questions.ipynb", b.Bytes())
	return nil
}
