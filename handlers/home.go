package handlers

import (
	"net/http"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// labsPage announces the labs.
func (s *site) labsPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.LabsPage(web.Frame(r, "Labs", "labs")))
}

func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(web.Query(r))
	lines, err := s.study.QuestionLines(r)
	if err != nil {
		return err
	}
	taught, err := s.study.LessonLines(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.HomePage(views.Home{
		Frame:     web.Frame(r, "Why deep networks are hard to train", "", "chain.js"),
		Controls:  board.ChainControls("/", config, errs),
		Board:     board.Chain(config, experiment.ChainViewTable().Default()),
		Lessons:   taught,
		Questions: lines,
	}))
}
