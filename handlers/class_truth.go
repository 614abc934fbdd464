package handlers

import (
	"context"
	"net/url"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// classTruths are what a lab can compute for a prediction: the lab, "lower" where the question is which twin has less of
// it, and where its result holds the number, as the API writes it.
var classTruths = []views.Option{
	{Value: "chain grad_w[0]", Label: "chain: ∂L/∂w of layer 1"},
	{Value: "chain grad_w[-1]", Label: "chain: ∂L/∂w of the last layer"},
	{Value: "chain loss", Label: "chain: the loss"},
	{Value: "chain z[-1]", Label: "chain: the output"},
	{Value: "train losses[-1]", Label: "training: the last loss"},
	{Value: "train test.accuracy", Label: "training: the test accuracy, 0 to 1"},
	{Value: "train test.loss", Label: "training: the test loss"},
	{Value: "train parameters", Label: "training: how many parameters"},
	{Value: "chain lower loss", Label: "chain: which twin has the lower loss (choices plain, residual)"},
	{Value: "train lower losses[-1]", Label: "training: which twin ends lower (choices plain, residual)"},
}

// truthTime is how long a page waits for a run: it comes without the truth if the machine is busy, and asks again.
const truthTime = 2 * time.Second

// truth is what a prediction's truth is: computed from its lab, or given by the teacher. It is false where it is not
// known, or not yet. Whether it may be told is for the caller to know.
func (s *site) truth(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	ctx, cancel := context.WithTimeout(ctx, truthTime)
	defer cancel()
	return s.truthWithin(ctx, stop)
}

// truthWithin waits for a run as long as ctx lasts.
func (s *site) truthWithin(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	if stop.Truth == "" {
		if stop.Given == nil {
			return 0, false
		}
		return *stop.Given, true
	}
	lab, path, _ := strings.Cut(stop.Truth, " ")
	path, lower := strings.CutPrefix(path, "lower ")
	u, err := url.Parse(stop.Path)
	if err != nil || u.Path != "/labs/"+lab {
		return 0, false
	}
	own, twin := s.resultOf(ctx, lab, u.Query(), false), any(nil)
	if own == nil {
		return 0, false
	}
	number := func(result any) (float64, bool) {
		// ParseClaim reads the path; the number after = is not looked at.
		claim, err := lessons.ParseClaim(lab + " " + path + " = 0")
		if err != nil {
			return 0, false
		}
		v, err := claim.Find(result)
		return v, err == nil
	}
	if !lower {
		return number(own)
	}
	if twin = s.resultOf(ctx, lab, u.Query(), true); twin == nil {
		return 0, false
	}
	a, okA := number(own)
	b, okB := number(twin)
	residual := s.isResidual(lab, u.Query())
	if residual {
		a, b = b, a
	}
	if b < a {
		return 1, okA && okB
	}
	return 0, okA && okB && a != b
}

func (s *site) isResidual(lab string, query url.Values) bool {
	if lab == "chain" {
		config, _ := experiment.ParseChain(query)
		return config.Residual()
	}
	config, _ := experiment.ParseTrain(query)
	return config.Residual()
}

// resultOf runs a lab, or its twin, in the shape of the API's JSON; nil where it cannot be run or does not end in time.
func (s *site) resultOf(ctx context.Context, lab string, query url.Values, twin bool) any {
	switch lab {
	case "chain":
		config, errs := experiment.ParseChain(query)
		if errs != nil {
			return nil
		}
		if twin {
			config = config.Twin()
		}
		r := config.Run()
		return map[string]any{"loss": r.Loss, "w": anyList(r.W), "z": anyList(r.Z), "grad_w": anyList(r.GradW), "grad_a": anyList(r.GradA), "grad_z": anyList(r.GradZ)}
	case "train":
		config, errs := experiment.ParseTrain(query)
		if errs != nil {
			return nil
		}
		if twin {
			if !config.HasTwin() {
				return nil
			}
			config = config.Twin()
		}
		follower, err := s.Runs.Follow(config)
		if err != nil {
			return nil
		}
		defer follower.Close()
		o, err := follower.Wait(ctx)
		if err != nil || o == nil {
			return nil
		}
		losses := make([]any, len(o.Steps))
		for i, step := range o.Steps {
			losses[i] = step.Loss
		}
		return map[string]any{"losses": losses, "parameters": float64(o.Info.Parameters), "test": map[string]any{"loss": o.Test.Loss, "accuracy": o.Test.Accuracy}}
	}
	return nil
}

func anyList(values []float64) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
