package lessons

import (
	"net/url"

	"gradlab/mlcore/experiment"
)

// apparatus are experiments as whoever loads lessons gives them, with as much of their results as these tests ask for.
var apparatus = Experiments{
	{
		Name:  "chain",
		Check: func(q url.Values) experiment.FieldErrors { _, errs := experiment.ParseChain(q); return errs },
		Facts: func(q url.Values, _ []*experiment.Outcome) (any, error) {
			c, _ := experiment.ParseChain(q)
			r := c.Run()
			return map[string]any{"loss": r.Loss, "w": r.W, "a": r.A, "z": r.Z, "factor": r.Factor, "grad_w": r.GradW}, nil
		},
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			_, _, errs := experiment.ParseChainLab(q)
			return []string{"depth", "activation", "skip", "x", "w", "dtype", "graph", "layer"}, errs
		},
	},
	{
		Name:  "train",
		Check: checkTrain,
		Runs: func(q url.Values) []experiment.Run {
			run, _ := experiment.ParseTrain(q)
			return []experiment.Run{run}
		},
		Facts: func(_ url.Values, outcomes []*experiment.Outcome) (any, error) {
			var losses []float64
			for _, step := range outcomes[0].Steps {
				losses = append(losses, step.Loss)
			}
			return map[string]any{"losses": losses}, nil
		},
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			return []string{"depth", "activation", "skip", "steps", "seed", "lr", "n", "ledger"}, checkTrain(q)
		},
	},
	{
		Name:  "sweep",
		Check: checkSweep,
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			return []string{"remedies", "activation", "seed"}, checkSweep(q)
		},
	},
	{
		Name:  "kernels",
		Check: checkKernels,
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			return []string{"garment", "kernel", "kernel2", "kernel3"}, checkKernels(q)
		},
	},
	{
		Name:  "blocks",
		Check: checkBlocks,
		Runs: func(q url.Values) []experiment.Run {
			c, _ := experiment.ParseBlocks(q)
			return experiment.Runs(c.Runs()...)
		},
		Facts: func(url.Values, []*experiment.Outcome) (any, error) { return map[string]any{}, nil },
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			return []string{"out", "swap", "several", "paths", "numbers", "foot"}, checkBlocks(q)
		},
	},
	{
		Name:  "barcode",
		Check: checkBarcode,
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			return []string{"depth", "n", "skip", "point", "hand"}, checkBarcode(q)
		},
	},
	{
		Name:  "stream",
		Check: checkStream,
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			_, _, errs := experiment.ParseStreamLab(q)
			return []string{"layers", "skip", "mlp", "norm", "seed"}, errs
		},
	},
	{
		Name:  "transformer",
		Check: checkTransformer,
		Runs: func(q url.Values) []experiment.Run {
			c, _ := experiment.ParseTransformer(q)
			return experiment.Runs(c.Runs()...)
		},
		Facts: func(url.Values, []*experiment.Outcome) (any, error) { return map[string]any{}, nil },
		Page: func(q url.Values) ([]string, experiment.FieldErrors) {
			_, _, errs := experiment.ParseTransformerLab(q)
			return []string{"warmup", "lr", "layers", "task", "seed", "sequence"}, errs
		},
	},
	{Name: "network", Check: checkTrain},
}

func checkStream(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseStream(q)
	return errs
}

func checkTransformer(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseTransformer(q)
	return errs
}

func checkTrain(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseTrain(q)
	return errs
}
func checkSweep(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseSweep(q)
	return errs
}
func checkKernels(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseKernels(q)
	return errs
}
func checkBlocks(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseBlocks(q)
	return errs
}

func checkBarcode(q url.Values) experiment.FieldErrors {
	_, errs := experiment.ParseBarcode(q)
	return errs
}
