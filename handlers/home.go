package handlers

import (
	"fmt"
	"net/http"

	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/views"
)

// labsPage announces the labs.
func (s *site) labsPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.LabsPage(web.Frame(r, "Labs", "labs")))
}

// home is the first page: the chain, and where to go on.
func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.study.QuestionLines(r)
	if err != nil {
		return err
	}
	taught, err := s.study.LessonLines(r)
	if err != nil {
		return err
	}
	return s.lab.Page(labs.First(views.Home{Steps: nextSteps(taught), Lessons: taught, Questions: lines}))(w, r)
}

// nextSteps lead on from the first page: to the first of what is taught, and to two labs.
func nextSteps(taught []views.LessonLine) []views.Step {
	var steps []views.Step
	if len(taught) > 0 {
		first := taught[0]
		steps = append(steps, views.Step{Title: first.Title, Text: fmt.Sprintf("Bet before you look. %d\u00a0minutes.", first.Minutes), Href: first.Href})
	}
	return append(steps,
		views.Step{Title: "Break the skips", Text: "With ReLU, layer 1 hears half a million times too much. Why?", Href: "/labs/chain?activation=relu&show=grad_z"},
		views.Step{Title: "Train one and watch", Text: "Plain and residual, from the same weights, live.", Href: "/labs/train?activation=tanh&depth=20"})
}
