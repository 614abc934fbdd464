package handlers

import (
	"net/http"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// labCards are the labs as the first page announces them.
var labCards = []views.Card{
	{Title: "The chain", Href: "/labs/chain", Text: "One number through up to a hundred layers, and every gradient on its way back."},
	{Title: "Training", Href: "/labs/train?depth=20&activation=tanh&steps=40", Text: "The notebook’s CNN learns random labels: plain and residual side by side, step by step."},
	{Title: "Kernels", Href: "/labs/kernels", Text: "A few weights slide over a garment or your own drawing; every product and sum is there to see."},
	{Title: "Sweep", Href: "/labs/sweep", Text: "Deeper and deeper nets: which remedies keep the first layer’s gradient, and where plain nets begin to learn worse."},
}

// labs announces the labs.
func (s *site) labs(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, views.LabsPage(frame(r, "Labs", "labs"), labCards))
}

func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseChain(r.URL.Query())
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
		Controls:  chainControls("/", config, errs),
		Board:     chainBoard(config, experiment.ChainViewTable().Default()),
		Lessons:   taught,
		Labs:      labCards,
		Questions: lines,
	}))
}
