package lessons

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"gradlab/mlcore/experiment"
)

// An Experiment is what lessons may compute, as they know it: what a lab shows, or something that has no page.
type Experiment struct {
	Name string // as a computation begins: chain?depth=20
	// Check says what is wrong with the parameters of a run.
	Check func(query url.Values) experiment.FieldErrors
	// Runs are the training that a run takes; nil for none.
	Runs func(query url.Values) []experiment.Run
	// Work is the multiply-adds that a run takes beside its training; nil where that is next to nothing.
	Work func(query url.Values) float64
	// Facts is the result of a run, given the outcomes of its training: what a path may lead to, when it is written as JSON.
	Facts func(query url.Values, outcomes []*experiment.Outcome) (any, error)
	// Page is what a lab's page can show in a state, by name: its controls and the parts of its board. It is nil of what has none.
	Page func(query url.Values) (controls []string, errs experiment.FieldErrors)
}

// Experiments are all that lessons may name. Whoever loads lessons gives them.
type Experiments []Experiment

// A Trainer trains a network to the end, or finds the outcome of a run that was trained before.
type Trainer func(context.Context, experiment.Run) (*experiment.Outcome, error)

// Train is the Trainer that does it here and now, without a cache.
func Train(ctx context.Context, run experiment.Run) (*experiment.Outcome, error) {
	return experiment.Finish(ctx, run)
}

// once is the Trainer that trains each run once.
func once(train Trainer) Trainer {
	known := map[experiment.Run]*experiment.Outcome{}
	return func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error) {
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

// named are the experiments of that name, one or none.
func (all Experiments) named(name string) (Experiment, bool) {
	i := slices.IndexFunc(all, func(e Experiment) bool { return e.Name == name })
	if i < 0 {
		return Experiment{}, false
	}
	return all[i], true
}

// shown are those that have a page: the labs.
func (all Experiments) shown() Experiments {
	return slices.DeleteFunc(slices.Clone(all), func(e Experiment) bool { return e.Page == nil })
}

// take takes "chain?depth=20&x=0.5" apart.
func (all Experiments) take(text string) (e Experiment, query url.Values, err error) {
	name, raw, _ := strings.Cut(text, "?")
	e, found := all.named(name)
	if !found {
		names := make([]string, len(all))
		for i, e := range all {
			names[i] = e.Name
		}
		return e, nil, fmt.Errorf("%q does not start with one of %s, then ? and parameters", text, strings.Join(names, ", "))
	}
	query, err = url.ParseQuery(raw)
	if err != nil {
		return e, nil, fmt.Errorf("query of %q: %w", text, err)
	}
	for key, values := range query {
		if len(values) != 1 || key == "" {
			return e, nil, fmt.Errorf("query of %q: parameter %q is given %d times", text, key, len(values))
		}
	}
	return e, query, nil
}

// state reads the state of a lab's page, "chain?depth=20&layer=1", and what can be shown there.
func (all Experiments) state(show string) (lab Lab, controls []string, err error) {
	e, query, err := all.shown().take(show)
	if err != nil {
		return Lab{}, nil, err
	}
	controls, errs := e.Page(query)
	return Lab{Name: e.Name, Query: query}, controls, e.fault(errs)
}

// fault names every parameter that is bad.
func (e Experiment) fault(errs experiment.FieldErrors) error {
	if errs == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", e.Name, errs)
}

// runs are the training that a run takes.
func (e Experiment) runs(query url.Values) []experiment.Run {
	if e.Runs == nil {
		return nil
	}
	return e.Runs(query)
}

// cost is the multiply-adds that a run takes.
func (e Experiment) cost(query url.Values) float64 {
	cost := 0.0
	if e.Work != nil {
		cost = e.Work(query)
	}
	for _, run := range e.runs(query) {
		cost += run.Cost()
	}
	return cost
}

// result is what a run computed, as encoding/json would decode it.
func (e Experiment) result(ctx context.Context, query url.Values, train Trainer) (any, error) {
	var outcomes []*experiment.Outcome
	for _, run := range e.runs(query) {
		outcome, err := train(ctx, run)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, outcome)
	}
	facts, err := e.Facts(query, outcomes)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(facts)
	if err != nil {
		return nil, err
	}
	var result any
	return result, json.Unmarshal(text, &result)
}
