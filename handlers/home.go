package handlers

import (
	"net/http"

	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// labs announces the labs.
func (s *site) labs(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, views.LabsPage(frame(r, "Labs", "labs")))
}

func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(queryOf(r))
	lines, err := s.questionLines(r)
	if err != nil {
		return err
	}
	taught, err := s.lessonLines(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.HomePage(views.Home{
		Frame:     frame(r, "Why deep networks are hard to train", "", "chain.js"),
		Controls:  board.ChainControls("/", config, errs),
		Board:     board.Chain(config, experiment.ChainViewTable().Default()),
		Lessons:   taught,
		Questions: lines,
	}))
}
