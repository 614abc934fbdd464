package lessons

import (
	"context"
	"testing"

	"gradlab/mlcore/experiment"
)

// onceTrained is a Trainer that trains each run once.
func onceTrained() Trainer {
	known := map[experiment.Train]*experiment.Outcome{}
	return func(ctx context.Context, run experiment.Train) (*experiment.Outcome, error) {
		if o := known[run]; o != nil {
			return o, nil
		}
		o, err := Train(ctx, run)
		if err == nil {
			known[run] = o
		}
		return o, err
	}
}

// Every number that a lesson or a model answer claims about our labs is computed here.
func TestClaimsAreTrue(t *testing.T) {
	l, train := library(t), onceTrained()
	check := func(t *testing.T, claims []Claim) {
		for _, c := range claims {
			if testing.Short() && trains(c.Computation) {
				continue
			}
			got, err := c.Compute(t.Context(), train)
			if err != nil {
				t.Errorf("%q: %v", c.Says, err)
			} else if !c.Holds(got) {
				t.Errorf("%q: computed is %g, want %s %g (within %g)", c.Says, got, c.Op, c.Want, c.Tolerance)
			}
		}
	}
	for _, lesson := range l.Lessons() {
		t.Run(lesson.Slug, func(t *testing.T) { check(t, lesson.Claims) })
	}
	for _, q := range l.Questions() {
		t.Run(q.Slug, func(t *testing.T) { check(t, q.Claims) })
	}
}

func trains(c Computation) bool { return c.Lab == "train" || c.Over != nil && c.Over.Lab == "train" }
