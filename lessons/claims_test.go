package lessons_test

import (
	"fmt"
	"testing"

	"gradlab/lessons"
	"gradlab/mlcore/experiment"
)

// Every number that a model answer claims is computed here, and has to come out as the text says it.
func TestClaims(t *testing.T) {
	library, err := lessons.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	checked, runs := 0, map[string]any{}
	for _, q := range library.Questions() {
		for _, claim := range q.Claims {
			key := claim.Lab + "?" + claim.Query.Encode()
			if runs[key] == nil {
				if runs[key], err = run(t, claim); err != nil {
					t.Errorf("%s: %s: %v", q.Slug, key, err)
					continue
				}
			}
			got, err := claim.Find(runs[key])
			if err != nil {
				t.Errorf("%s: %s: %v", q.Slug, key, err)
				continue
			}
			if checked++; !claim.Holds(got) {
				t.Errorf("%s: the text says %q, but %s of %s is %.6g", q.Slug, claim.Says, claim.Path, key, got)
			}
		}
	}
	if checked < 20 {
		t.Errorf("checked %d claims, want all two dozen", checked)
	}
}

// run computes what a claim names, in the shape of the API's JSON.
func run(t *testing.T, claim lessons.Claim) (any, error) {
	switch claim.Lab {
	case "chain":
		config, faults := experiment.ParseChain(claim.Query)
		if len(faults) > 0 {
			return nil, faults
		}
		r := config.Run()
		return map[string]any{
			"loss": r.Loss, "w": list(r.W), "a": list(r.A), "z": list(r.Z),
			"grad_w": list(r.GradW), "grad_a": list(r.GradA), "grad_z": list(r.GradZ),
		}, nil
	case "train":
		config, faults := experiment.ParseTrain(claim.Query)
		if len(faults) > 0 {
			return nil, faults
		}
		outcome, err := config.Run(t.Context())
		if err != nil {
			return nil, err
		}
		losses, norms := make([]any, len(outcome.Steps)), map[string]any{}
		for i, step := range outcome.Steps {
			losses[i] = step.Loss
		}
		for name, norm := range outcome.FirstGradNorms {
			norms[name] = norm
		}
		return map[string]any{
			"parameters": float64(outcome.Info.Parameters), "losses": losses, "first_step_grad_norms": norms,
			"test": map[string]any{"loss": outcome.Test.Loss, "accuracy": outcome.Test.Accuracy},
		}, nil
	}
	return nil, fmt.Errorf("this test cannot run a %s", claim.Lab)
}

func list(values []float64) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// A link to a lab sets what the lab knows, within its bounds.
func TestLabLinks(t *testing.T) {
	library, err := lessons.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range library.Questions() {
		for _, lab := range q.Labs {
			var faults experiment.FieldErrors
			switch lab.Name {
			case "chain":
				_, faults = experiment.ParseChain(lab.Query)
			case "train":
				_, faults = experiment.ParseTrain(lab.Query)
			case "sweep":
				_, faults = experiment.ParseSweep(lab.Query)
			case "kernels":
				_, faults = experiment.ParseKernels(lab.Query)
			}
			if len(faults) > 0 {
				t.Errorf("%s: %s: %v", q.Slug, lab.Href(), faults)
			}
		}
	}
}
