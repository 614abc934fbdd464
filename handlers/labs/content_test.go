package labs_test

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"testing"

	"gradlab/handlers/labs"
	"gradlab/lessons"
)

// content is what comes with the program, read once for all tests: no test changes it.
var content = sync.OnceValues(func() (*lessons.Library, error) { return lessons.Embedded(labs.All().Lessons()) })

// spend is the multiply-adds that the tests spend on training for a claim: some seconds. "gradlab check lessons" computes
// all of them, which takes minutes.
const spend = 1e10

// What the lessons and the model answers say about our labs is computed here, and every prediction has a truth that one of
// its choices holds.
func TestClaimsAreTrue(t *testing.T) {
	l, err := content()
	if err != nil {
		t.Fatal(err)
	}
	most, claims, predictions := spend, 0, 0
	if testing.Short() {
		most = 0
	}
	l.Check(t.Context(), lessons.Train, most, func(fault string) { t.Error(fault) })
	for _, lesson := range l.Lessons() {
		claims, predictions = claims+len(lesson.Claims), predictions+len(lesson.Predicts())
	}
	for _, q := range l.Questions() {
		claims += len(q.Claims)
	}
	if claims < 100 || predictions < 8 {
		t.Errorf("%d claims and %d predictions, want a hundred and eight and more", claims, predictions)
	}
}

// The lessons' predictions are not guessed by their form: no place among the choices holds half of the right answers.
func TestPredictionsHaveNoFavouritePlace(t *testing.T) {
	l, err := content()
	if err != nil {
		t.Fatal(err)
	}
	places, all := map[int]int{}, 0
	for _, lesson := range l.Lessons() {
		for _, p := range lesson.Predicts() {
			if len(p.Choices) == 0 || p.Compute.Cost() > spend {
				continue
			}
			truth, err := p.Truth(t.Context(), lessons.Train)
			if err != nil {
				t.Fatal(p.ID, err)
			}
			answer, _ := p.Answer(truth)
			places[slices.IndexFunc(p.Choices, func(c lessons.Choice) bool { return c.Says == answer.Says })]++
			all++
		}
	}
	for place, n := range places {
		if 2*n >= all {
			t.Errorf("%d of %d right answers at place %d", n, all, place+1)
		}
	}
}

// Whatever a reader guesses is answered: each choice by a reply of its own, and of the numbers each that somebody may arrive at who has a
// wrong idea, ten times too much, a tenth, the wrong sign, the reciprocal, the number of the twin, a half, the double, nothing at all.
func TestEveryGuessHasItsReply(t *testing.T) {
	l, err := content()
	if err != nil {
		t.Fatal(err)
	}
	numbers := 0
	for _, lesson := range l.Lessons() {
		for _, p := range lesson.Predicts() {
			own := map[string]string{} // reply: whose it is
			for _, c := range p.Choices {
				reply := p.ReplyHTML(c.Says)
				if other, taken := own[reply]; reply == "" || reply == p.RevealHTML || taken {
					t.Errorf("%s %s: the reply to %q is %q, which %q has, too", lesson.Slug, p.ID, c.Says, lessons.TextOf(reply), other)
				}
				own[reply] = c.Says
			}
			if len(p.Choices) > 0 {
				continue
			}
			numbers++
			truth, err := p.Truth(t.Context(), lessons.Train)
			if err != nil {
				t.Fatalf("%s %s: %v", lesson.Slug, p.ID, err)
			}
			for _, wrong := range wrongNumbers(t, p, truth) {
				said := strconv.FormatFloat(wrong, 'g', -1, 64)
				if !p.Right(said, truth) && p.ReplyHTML(said) == "" {
					t.Errorf("%s %s: nothing answers %s, where %g is right", lesson.Slug, p.ID, said, truth)
				}
			}
		}
	}
	if numbers < 3 {
		t.Errorf("%d predictions ask for a number, want three or more", numbers)
	}
}

// wrongNumbers are guesses that wrong ideas lead to.
func wrongNumbers(t *testing.T, p lessons.Predict, truth float64) []float64 {
	t.Helper()
	wrong := []float64{truth * 10, truth / 10, -truth, 1 / truth, truth * 2, truth / 2, truth * 3, truth * truth, 0, 1, 1000, -1}
	if !p.Compute.Query.Has("skip") {
		return wrong
	}
	p.Compute.Number = twinOf(p.Compute.Number)
	if p.Compute.Over != nil {
		over := twinOf(*p.Compute.Over)
		p.Compute.Over = &over
	}
	other, err := p.Truth(t.Context(), lessons.Train)
	if err != nil {
		t.Fatalf("%s: its twin: %v", p.ID, err)
	}
	if !math.IsInf(other, 0) && !math.IsNaN(other) { // as a power of ten is of 0, which cannot be typed
		wrong = append(wrong, other)
	}
	return wrong
}

// twinOf is the same number of the run with the skip the other way.
func twinOf(n lessons.Number) lessons.Number {
	n.Query = maps.Clone(n.Query)
	if n.Query.Get("skip") == "none" {
		n.Query.Set("skip", "identity")
	} else {
		n.Query.Set("skip", "none")
	}
	return n
}

// The concept inventory gives no answer away by its place.
func TestInventoryHasNoFavouritePlace(t *testing.T) {
	l, err := content()
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range l.Inventory() {
		places := map[int]int{}
		for _, p := range form.Predicts() {
			truth, err := p.Truth(t.Context(), lessons.Train)
			if err != nil {
				t.Fatal(p.ID, err)
			}
			answer, found := p.Answer(truth)
			if !found {
				t.Fatalf("%s %s: the truth is %g, which no choice holds", form.Slug, p.ID, truth)
			}
			places[slices.IndexFunc(p.Choices, func(c lessons.Choice) bool { return c.Says == answer.Says })]++
		}
		for place := range 3 {
			if places[place] < 2 {
				t.Errorf("%s: %d right answers at place %d", form.Slug, places[place], place+1)
			}
		}
	}
}
