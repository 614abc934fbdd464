package handlers

import (
	"context"
	"net/http"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

func (s *site) kernelsPage(w http.ResponseWriter, r *http.Request) error {
	web.EnsureVisitor(w, r) // whose share of the cores a run of this page takes
	config, errs := experiment.ParseKernels(web.Query(r))
	learnt, lack := s.learntKernels(r.Context(), config)
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	return web.Render(w, r, http.StatusOK, views.KernelsPage(views.Kernels{
		Frame:    web.Frame(r, "Kernels", "kernels", "kernels.js"),
		Controls: board.KernelControls("/labs/kernels", config, errs),
		Board:    board.Kernels(config.Run(learnt), lack),
	}))
}

// kernelsBoard answers the script of the kernels lab: what changes with a control, rendered.
func (s *site) kernelsBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseKernels(web.Query(r))
	learnt, lack := s.learntKernels(r.Context(), config)
	if lack == board.Nothing && errs == nil {
		web.Keep(r)
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	board := board.Kernels(config.Run(learnt), lack)
	parts := map[string]string{}
	for name, part := range map[string]func(views.KernelBoard) (string, error){
		"verdict": func(b views.KernelBoard) (string, error) { return web.Markup(r.Context(), views.KernelVerdict(b)) },
		"stages":  func(b views.KernelBoard) (string, error) { return web.Markup(r.Context(), views.KernelStages(b)) },
		"pixel":   func(b views.KernelBoard) (string, error) { return web.Markup(r.Context(), views.KernelPixel(b)) },
		"numbers": func(b views.KernelBoard) (string, error) { return web.Markup(r.Context(), views.KernelNumbers(b)) },
	} {
		if parts[name], err = part(board); err != nil {
			return err
		}
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "parts": parts, "state": board.State, "errors": errs,
	})
}

// kernelsPixel answers the script while the pixel looked at moves: that pixel, and where its marks are.
func (s *site) kernelsPixel(w http.ResponseWriter, r *http.Request) error {
	config, _ := experiment.ParseKernels(web.Query(r))
	learnt, _ := s.learntKernels(r.Context(), config)
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	moved := board.Pixel(config.Run(learnt))
	pixel, err := web.Markup(r.Context(), views.KernelPixel(views.KernelBoard{Pixel: moved.View}))
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "parts": map[string]string{"pixel": pixel, "said": moved.Said},
		"pixel": moved.At, "marks": moved.Marks,
	})
}

// learntKernels are those that a stack takes from a run: one that has finished, or is cheap enough to train at once; lack says
// that the stack waits for one, or needs one that is neither.
func (s *site) learntKernels(ctx context.Context, config experiment.Kernels) (kernels []experiment.Kernel, lack board.Lack) {
	if !config.Learnt() {
		return nil, board.Nothing
	}
	run := config.LearntBy()
	outcome, found := s.Runs.Finished(run)
	if !found && run.Cost() <= cheapCost {
		ctx, cancel := context.WithTimeout(ctx, cheapTime)
		defer cancel()
		if follower, err := s.follow(ctx, run); err == nil {
			defer follower.Close()
			outcome, err = follower.Wait(ctx)
			found = err == nil
		}
	}
	switch {
	case found:
		return outcome.FirstKernels, board.Nothing
	case run.Cost() <= cheapCost:
		return nil, board.Awaited
	}
	return nil, board.TooLong
}

// askedKernels are a stack that a script asks for and the kernels that it learnt. A script may wait: a run that is not known yet
// is trained.
func (s *site) askedKernels(r *http.Request) (config experiment.Kernels, learnt []experiment.Kernel, err error) {
	config, errs := experiment.ParseKernels(web.Query(r))
	if errs != nil {
		return config, nil, web.BadQuery(errs)
	}
	if !config.Learnt() {
		return config, nil, nil
	}
	outcomes, err := s.finish(r.Context(), config.LearntBy())
	if err != nil {
		return config, nil, err
	}
	return config, outcomes[0].FirstKernels, nil
}

func (s *site) apiKernels(w http.ResponseWriter, r *http.Request) error {
	config, learnt, err := s.askedKernels(r)
	if err != nil {
		return err
	}
	w, end, err := s.turn(w, r)
	if err != nil {
		return err
	}
	defer end()
	web.Keep(r)
	return web.WriteJSON(w, http.StatusOK, board.NewKernelsResult(config.Run(learnt)))
}
