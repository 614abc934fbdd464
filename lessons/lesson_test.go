package lessons

import (
	"context"
	"strings"
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
			if testing.Short() && c.Dear() {
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

// Every prediction has a truth, and of its choices one holds it.
func TestPredictionsHaveATruth(t *testing.T) {
	train, count := onceTrained(), 0
	for _, lesson := range library(t).Lessons() {
		for _, p := range lesson.Predicts() {
			if testing.Short() && p.Compute.Dear() {
				continue
			}
			count++
			truth, err := p.Truth(t.Context(), train)
			if err != nil {
				t.Errorf("%s, %s: %v", lesson.Slug, p.ID, err)
			} else if _, found := p.Answer(truth); !found && len(p.Choices) > 0 {
				t.Errorf("%s, %s: no choice holds the truth, %g", lesson.Slug, p.ID, truth)
			} else {
				t.Logf("%s, %s: %g", lesson.Slug, p.ID, truth)
			}
		}
	}
	if count < 8 {
		t.Errorf("%d predictions, want eight and more", count)
	}
}

// Nine lessons, each of a length to be read in its minutes, with a prediction, a lab and a source.
func TestTheNineLessons(t *testing.T) {
	all := library(t).Lessons()
	if len(all) != 9 {
		t.Fatalf("%d lessons, want 9", len(all))
	}
	asked := map[string]bool{}
	for i, l := range all {
		labs := 0
		for _, b := range l.Blocks {
			if b.Lab != nil {
				labs++
			}
		}
		if l.Number != i+1 || labs == 0 || len(l.Predicts()) == 0 || len(l.Sources) == 0 || len(l.Claims) == 0 || len(l.Contents) < 3 {
			t.Errorf("%s: number %d, %d labs, %d predictions, %d sources, %d claims, %d headings", l.Slug, l.Number, labs, len(l.Predicts()), len(l.Sources), len(l.Claims), len(l.Contents))
		}
		if n := len(strings.Fields(l.Text)); n < 400 || n > 1000 {
			t.Errorf("%s has %d words, want 400 to 1000", l.Slug, n)
		}
		if strings.ContainsAny(l.Text, "!\\$") {
			t.Errorf("%s has an exclamation mark, or TeX outside a formula", l.Slug)
		}
		for _, q := range l.Questions() {
			asked[q] = true
		}
	}
	for _, q := range library(t).Questions() {
		if !asked[q.Slug] {
			t.Errorf("no lesson asks %s", q.Slug)
		}
	}
}

// Whoever asks for hints is led to what shows each concept: a section of a lesson, or a lab.
func TestEveryConceptIsShownSomewhere(t *testing.T) {
	l := library(t)
	for _, q := range l.Questions() {
		for _, c := range q.Concepts {
			if _, _, found := l.Place(c.See); !found && !strings.HasPrefix(c.See, "/labs/") {
				t.Errorf("%s: %s is to be seen in %q, which is no section of a lesson and no lab", q.Slug, c.ID, c.See)
			}
		}
	}
}
