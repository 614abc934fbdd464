package handlers

import (
	"context"
	"net/url"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
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
	if name, found := strings.CutPrefix(stop.Truth, lessonTruth); found {
		return s.truthOfLesson(ctx, name, stop)
	}
	u, err := url.Parse(stop.Path)
	if err != nil {
		return 0, false
	}
	lab, path, _ := strings.Cut(stop.Truth, " ")
	number, lower := strings.CutPrefix(path, "lower ")
	compute := func(query url.Values) (float64, bool) {
		c, err := lessons.ParseComputation(lab + "?" + query.Encode() + " " + number)
		if err != nil || u.Path != "/labs/"+lab {
			return 0, false
		}
		v, err := c.Compute(ctx, s.train)
		return v, err == nil
	}
	if !lower {
		return compute(u.Query())
	}
	plain, residual, twins := twinQueries(lab, u.Query())
	a, okPlain := compute(plain)
	b, okResidual := compute(residual)
	if b < a {
		value = 1 // of the choices plain, residual
	}
	return value, twins && okPlain && okResidual && a != b
}

// twinQueries are a lab's run without and with its skip; false where it has no twin.
func twinQueries(lab string, query url.Values) (plain, residual url.Values, twins bool) {
	if lab == "chain" {
		config, errs := experiment.ParseChain(query)
		plain, residual = config.Query(), config.Twin().Query()
		if config.Residual() {
			plain, residual = residual, plain
		}
		return plain, residual, errs == nil
	}
	config, errs := experiment.ParseTrain(query)
	if errs != nil || !config.HasTwin() {
		return nil, nil, false
	}
	plain, residual = config.Query(), config.Twin().Query()
	if config.Residual() {
		plain, residual = residual, plain
	}
	return plain, residual, true
}

// asClass has runs followed for a class: while it is on, its truths come first.
func asClass(ctx context.Context, c classroom.Class) context.Context {
	if c.Public(time.Now()).Ended {
		return ctx
	}
	return web.WithReader(ctx, runner.Reader{Key: c.ID, Class: true})
}
