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
	return web.Render(w, r, http.StatusOK, views.KernelsPage(views.Kernels{
		Frame:    web.Frame(r, "Kernels", "kernels", "kernels.js"),
		Controls: board.KernelControls("/labs/kernels", config, errs),
		Board:    board.Kernels(s.runKernels(r.Context(), config)),
	}))
}

// kernelsBoard answers the script of the kernels lab: what changes with a control, rendered.
func (s *site) kernelsBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseKernels(web.Query(r))
	result, lack := s.runKernels(r.Context(), config)
	if lack == board.Nothing && errs == nil {
		web.Keep(r)
	}
	board := board.Kernels(result, lack)
	parts := map[string]string{}
	var err error
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
	result, _ := s.runKernels(r.Context(), config)
	moved := board.Pixel(result)
	pixel, err := web.Markup(r.Context(), views.KernelPixel(views.KernelBoard{Pixel: moved.View}))
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "parts": map[string]string{"pixel": pixel, "said": moved.Said},
		"pixel": moved.At, "marks": moved.Marks,
	})
}

// runKernels computes a stack. The learnt kernels are those of a finished run, or of one that is cheap enough to train
// at once; lack says that the stack waits for one, or needs one that is neither.
func (s *site) runKernels(ctx context.Context, config experiment.Kernels) (result experiment.KernelsResult, lack board.Lack) {
	if !config.Learnt() {
		return config.Run(nil), board.Nothing
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
		return config.Run(outcome.FirstKernels), board.Nothing
	case run.Cost() <= cheapCost:
		return config.Run(nil), board.Awaited
	}
	return config.Run(nil), board.TooLong
}

// askedKernels computes a stack for a script, which may wait: a run that is not known yet is trained.
func (s *site) askedKernels(w http.ResponseWriter, r *http.Request) (experiment.KernelsResult, error) {
	config, errs := experiment.ParseKernels(web.Query(r))
	if errs != nil {
		return experiment.KernelsResult{}, web.BadQuery(errs)
	}
	if !config.Learnt() {
		return config.Run(nil), nil
	}
	follower, err := s.follow(r.Context(), config.LearntBy())
	if err != nil {
		return experiment.KernelsResult{}, err
	}
	defer follower.Close()
	outcome, err := follower.Wait(r.Context())
	if err != nil {
		return experiment.KernelsResult{}, err
	}
	return config.Run(outcome.FirstKernels), nil
}

func (s *site) apiKernels(w http.ResponseWriter, r *http.Request) error {
	result, err := s.askedKernels(w, r)
	if err != nil {
		return err
	}
	web.Keep(r)
	return web.WriteJSON(w, http.StatusOK, board.NewKernelsResult(result))
}
