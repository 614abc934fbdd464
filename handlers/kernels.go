package handlers

import (
	"context"
	"net/http"
	"net/url"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

func (s *site) kernelsPage(w http.ResponseWriter, r *http.Request) error {
	ensureVisitor(w, r) // whose share of the cores a run of this page takes
	config, errs := experiment.ParseKernels(queryOf(r))
	return s.render(w, r, http.StatusOK, views.KernelsPage(views.Kernels{
		Frame:    frame(r, "Kernels", "kernels", "kernels.js"),
		Controls: kernelControls("/labs/kernels", config, errs),
		Board:    kernelBoard(s.runKernels(r.Context(), config)),
	}))
}

// kernelsBoard answers the script of the kernels lab: what changes with a control, rendered.
func (s *site) kernelsBoard(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseKernels(queryOf(r))
	result, missing := s.runKernels(r.Context(), config)
	if !missing && errs == nil {
		keep(r)
	}
	board := kernelBoard(result, missing)
	parts := map[string]string{}
	var err error
	for name, part := range map[string]func(views.KernelBoard) (string, error){
		"verdict": func(b views.KernelBoard) (string, error) { return markup(r.Context(), views.KernelVerdict(b)) },
		"stages":  func(b views.KernelBoard) (string, error) { return markup(r.Context(), views.KernelStages(b)) },
		"pixel":   func(b views.KernelBoard) (string, error) { return markup(r.Context(), views.KernelPixel(b)) },
		"numbers": func(b views.KernelBoard) (string, error) { return markup(r.Context(), views.KernelNumbers(b)) },
	} {
		if parts[name], err = part(board); err != nil {
			return err
		}
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "parts": parts, "state": board.State, "errors": errs,
	})
}

// kernelsPixel answers the script while the pixel looked at moves: that pixel, and where its marks are.
func (s *site) kernelsPixel(w http.ResponseWriter, r *http.Request) error {
	config, _ := experiment.ParseKernels(queryOf(r))
	result, _ := s.runKernels(r.Context(), config)
	view := pixelView(result)
	pixel, err := markup(r.Context(), views.KernelPixel(views.KernelBoard{Pixel: view}))
	if err != nil {
		return err
	}
	said := ""
	if view != nil {
		said = view.Said
	}
	return writeJSON(w, http.StatusOK, map[string]any{
		"query": config.Query().Encode(), "parts": map[string]string{"pixel": pixel, "said": said},
		"pixel": pixelPosition(config), "marks": kernelMarks(result),
	})
}

// learntKernelsAt is where the kernels of a finished run can be tried; "" where its first layer has none.
func learntKernelsAt(config experiment.Train, p pair) string {
	if p.plain.FirstKernels == nil {
		return ""
	}
	query := url.Values{"kernel": {"learnt"}, "scale": {"net"}}
	if run := config.Query().Encode(); run != "" {
		query.Set("run", run)
	}
	return link("/labs/kernels", query)
}

// runKernels computes a stack. The learnt kernels are those of a finished run, or of one that is cheap enough to train
// at once; missing says that the stack needs a run that is neither.
func (s *site) runKernels(ctx context.Context, config experiment.Kernels) (result experiment.KernelsResult, missing bool) {
	if !config.Learnt() {
		return config.Run(nil), false
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
	if !found {
		return config.Run(nil), true
	}
	return config.Run(outcome.FirstKernels), false
}

// askedKernels computes a stack for a script, which may wait: a run that is not known yet is trained.
func (s *site) askedKernels(w http.ResponseWriter, r *http.Request) (experiment.KernelsResult, error) {
	config, errs := experiment.ParseKernels(queryOf(r))
	if errs != nil {
		return experiment.KernelsResult{}, badQuery(errs)
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
	keep(r)
	return writeJSON(w, http.StatusOK, kernelsJSON(result))
}

// kernelsJSON is a computed stack as the contract has it: maps are lists of rows.
func kernelsJSON(result experiment.KernelsResult) map[string]any {
	stages := make([]map[string]any, len(result.Stages))
	for i, stage := range result.Stages {
		k := stage.Kernel
		stages[i] = map[string]any{
			"stage":  stage.Number,
			"kernel": map[string]any{"weights": rowsJSON(k.Size, k.Weights), "bias": float{k.Bias, 32}},
			"sum":    mapJSON(stage.Sum), "activated": mapJSON(stage.Active), "output": mapJSON(stage.Output),
			"receptive_field": stage.Field,
		}
	}
	p, k := result.Pixel, pixelKernel(result)
	pixel := map[string]any{
		"stage": p.Stage, "row": p.Row, "column": p.Column, "patch": rowsJSON(k.Size, p.Patch), "products": rowsJSON(k.Size, p.Products),
		"bias": float{k.Bias, 32}, "sum": float{p.Sum, 32}, "activated": float{p.Active, 32},
	}
	if p.Window != nil {
		pixel["pooled"] = float{p.Pooled, 32}
	}
	return map[string]any{
		"config": experiment.KernelsTable().JSON(result.Config), "image": mapJSON(result.Image), "stages": stages, "pixel": pixel,
	}
}

func mapJSON(m experiment.Map) []numbers { return rowsJSON(m.Side, m.Values) }

// rowsJSON cuts a square into its rows, in float32.
func rowsJSON(side int, values []float64) []numbers {
	rows := make([]numbers, side)
	for y := range rows {
		rows[y] = numbers{values[y*side : (y+1)*side], 32}
	}
	return rows
}
