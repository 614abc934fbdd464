package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// pressTime is how long a press of Run may train for a reader without scripts. A run that takes longer parks when the page
// leaves; the next press goes on with it.
const pressTime = 10 * time.Second

// pressTrain runs the training of the page's address for a reader without scripts.
func (s *site) pressTrain(w http.ResponseWriter, r *http.Request) error {
	config, _, errs := s.parseTrainLab(web.Query(r))
	if errs != nil {
		return s.showTrain(w, r, "")
	}
	if err := web.Drain(r); err != nil {
		return err
	}
	lanes := lanesOf(config)
	v, err := s.press(r.Context(), lanes)
	if err != nil {
		return err
	}
	if v.Complete() {
		return again(w, r)
	}
	steps := 0
	for _, n := range v.Steps {
		steps += n
	}
	return s.showTrain(w, r, fmt.Sprintf("%d of %s are computed.", steps/len(lanes), board.Counted(config.Steps, "step")))
}

// pressSweep runs the sweep of the page's address for a reader without scripts.
func (s *site) pressSweep(w http.ResponseWriter, r *http.Request) error {
	config, errs := s.parseSweep(web.Query(r))
	if errs != nil {
		return s.showSweep(w, r, "")
	}
	if err := web.Drain(r); err != nil {
		return err
	}
	v, err := s.press(r.Context(), runsOf(config.Plan()))
	if err != nil {
		return err
	}
	if v.Complete() {
		return again(w, r)
	}
	known := 0
	for _, o := range v.Outcomes {
		if o != nil {
			known++
		}
	}
	return s.showSweep(w, r, fmt.Sprintf("%d of %s are done.", known, board.Counted(len(v.Outcomes), "run")))
}

// press trains runs until they are done or the time of a press is over, and returns how far they are.
func (s *site) press(ctx context.Context, runs []experiment.Train) (runner.GroupView, error) {
	ctx, cancel := context.WithTimeout(ctx, pressTime)
	defer cancel()
	group := s.followAll(ctx, runs)
	defer group.Close()
	_, err := group.Wait(ctx)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return runner.GroupView{}, err
	}
	return group.Look(), nil
}

// again leads back to the page that a form was sent from, which now shows the result.
func again(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, r.RequestURI, http.StatusSeeOther)
	return nil
}

// pressOf is the button that runs an experiment without scripts: none where it is known, or cannot be run.
func pressOf(known, refused bool, progress string) *views.Press {
	if known || refused {
		return nil
	}
	return &views.Press{Progress: progress}
}
