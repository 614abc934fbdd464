package lessons

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"gradlab/mlcore/experiment"
)

// A Trainer trains a network to the end, or finds the outcome of a run that was trained before.
type Trainer func(context.Context, experiment.Train) (*experiment.Outcome, error)

// Train is the Trainer that does it here and now, without a cache.
func Train(ctx context.Context, run experiment.Train) (*experiment.Outcome, error) {
	return run.Run(ctx)
}

// once is the Trainer that trains each run once.
func once(train Trainer) Trainer {
	known := map[experiment.Train]*experiment.Outcome{}
	return func(ctx context.Context, run experiment.Train) (*experiment.Outcome, error) {
		if known[run] == nil {
			outcome, err := train(ctx, run)
			if err != nil {
				return nil, err
			}
			known[run] = outcome
		}
		return known[run], nil
	}
}

// runCost is the multiply-adds of the training that a run takes.
func runCost(lab string, query url.Values) float64 {
	cost := 0.0
	switch lab {
	case "train":
		run, _ := experiment.ParseTrain(query)
		cost = run.Cost()
	case "sweep":
		sweep, _ := experiment.ParseSweep(query)
		for _, p := range sweep.Plan().Points {
			cost += p.Run.Cost()
		}
	case "kernels":
		if stack, _ := experiment.ParseKernels(query); stack.Learnt() {
			cost = stack.LearntBy().Cost()
		}
	}
	return cost
}

// checkRun returns an error that names every parameter of a run that is bad.
func checkRun(lab string, query url.Values) error {
	var errs experiment.FieldErrors
	switch lab {
	case "chain":
		_, errs = experiment.ParseChain(query)
	case "train", "network":
		_, errs = experiment.ParseTrain(query)
	case "sweep":
		_, errs = experiment.ParseSweep(query)
	case "kernels":
		_, errs = experiment.ParseKernels(query)
	}
	return badRun(lab, errs)
}

// checkLab does the same for the state of a lab's page, which also says what is shown.
func checkLab(lab string, query url.Values) error {
	if lab != "chain" {
		return checkRun(lab, query)
	}
	_, _, errs := experiment.ParseChainLab(query)
	return badRun(lab, errs)
}

func badRun(lab string, errs experiment.FieldErrors) error {
	if errs == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", lab, errs)
}

// controlsOf are the names that a lab block may list under controls: the lab's fields in that state, and parts of its board.
func controlsOf(lab string, query url.Values) []string {
	names := []string{"more", "graph", "layer", "learnt", "ledger", "numbers", "foot"}
	add := func(fields []experiment.Field) {
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	switch lab {
	case "chain":
		chain, view, _ := experiment.ParseChainLab(query)
		add(experiment.ChainTable().Fields(chain))
		add(experiment.ChainViewTable().Fields(view))
	case "train":
		run, _ := experiment.ParseTrain(query)
		add(experiment.TrainTable().Fields(run))
	case "sweep":
		sweep, _ := experiment.ParseSweep(query)
		add(experiment.SweepTable().Fields(sweep))
	case "kernels":
		stack, _ := experiment.ParseKernels(query)
		add(experiment.KernelsTable().Fields(stack))
	}
	return names
}

// Result is what a run computed, in the shape of the API's JSON as far as claims need it; numbers are float64, lists []any.
// A training run's holds, beyond the API's, accuracies (of each step's batch) and tail_loss (mean loss of the last
// [experiment.Tail] steps). A network's holds parameters, multiply_adds and extra_parameters, those that it has and its plain twin has not.
func Result(ctx context.Context, lab string, query url.Values, train Trainer) (map[string]any, error) {
	if err := checkRun(lab, query); err != nil {
		return nil, err
	}
	switch lab {
	case "chain":
		chain, _ := experiment.ParseChain(query)
		return chainResult(chain.Run()), nil
	case "network":
		run, _ := experiment.ParseTrain(query)
		return networkResult(run), nil
	case "train":
		run, _ := experiment.ParseTrain(query)
		outcome, err := train(ctx, run)
		if err != nil {
			return nil, err
		}
		return trainResult(outcome), nil
	case "sweep":
		sweep, _ := experiment.ParseSweep(query)
		return sweepResult(ctx, sweep, train)
	case "kernels":
		stack, _ := experiment.ParseKernels(query)
		return kernelsResult(ctx, stack, train)
	}
	return nil, fmt.Errorf("no lab is called %q", lab)
}

func chainResult(r experiment.ChainResult) map[string]any {
	return map[string]any{
		"loss": r.Loss, "w": list(r.W), "a": list(r.A), "z": list(r.Z),
		"grad_w": list(r.GradW), "grad_a": list(r.GradA), "grad_z": list(r.GradZ), "factor": list(r.Factor),
	}
}

func networkResult(run experiment.Train) map[string]any {
	own, plain := run.Ledger(), run
	if run.Residual() {
		plain = run.Twin()
	}
	return map[string]any{
		"parameters": float64(own.Parameters()), "multiply_adds": float64(own.MultiplyAdds()), "layers": float64(own.Weighted()),
		"extra_parameters": float64(own.Parameters() - plain.Ledger().Parameters()),
	}
}

func trainResult(o *experiment.Outcome) map[string]any {
	losses, accuracies, norms := make([]float64, len(o.Steps)), make([]float64, len(o.Steps)), map[string]any{}
	for i, step := range o.Steps {
		losses[i], accuracies[i] = step.Loss, step.Accuracy
	}
	for name, norm := range o.FirstGradNorms {
		norms[name] = norm
	}
	return map[string]any{
		"parameters": float64(o.Info.Parameters), "losses": list(losses), "accuracies": list(accuracies), "first_step_grad_norms": norms,
		"test": map[string]any{"loss": o.Test.Loss, "accuracy": o.Test.Accuracy}, "tail_loss": experiment.Read(o).Loss,
	}
}

func sweepResult(ctx context.Context, sweep experiment.Sweep, train Trainer) (map[string]any, error) {
	var points []any
	for _, p := range sweep.Plan().Points {
		outcome, err := train(ctx, p.Run)
		if err != nil {
			return nil, err
		}
		reading := experiment.Read(outcome)
		points = append(points, map[string]any{"depth": float64(p.Depth), "first_grad_norm": reading.Gradient, "loss": reading.Loss})
	}
	return map[string]any{"points": points}, nil
}

func kernelsResult(ctx context.Context, stack experiment.Kernels, train Trainer) (map[string]any, error) {
	var learnt []experiment.Kernel
	if stack.Learnt() {
		outcome, err := train(ctx, stack.LearntBy())
		if err != nil {
			return nil, err
		}
		if learnt = outcome.FirstKernels; learnt == nil {
			return nil, errors.New("the run has no kernels to show")
		}
	}
	r := stack.Run(learnt)
	stages := make([]any, len(r.Stages))
	for i, s := range r.Stages {
		stages[i] = map[string]any{
			"side": float64(s.Output.Side), "field": float64(s.Field), "low": s.Measure.Low, "high": s.Measure.High, "mean": s.Measure.Mean,
			"positive": s.Measure.Positive, "quiet": s.Measure.Quiet, "weights": list(s.Kernel.Weights),
		}
	}
	return map[string]any{
		"stages": stages,
		"pixel":  map[string]any{"sum": r.Pixel.Sum, "active": r.Pixel.Active, "products": list(r.Pixel.Products), "patch": list(r.Pixel.Patch)},
	}, nil
}

// list is numbers as encoding/json would have decoded them.
func list(values []float64) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return slices.Clip(all)
}
