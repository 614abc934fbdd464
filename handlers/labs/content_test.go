package labs_test

import (
	"slices"
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

// The lessons' predictions are not guessed by their form: no place among the choices holds half of the right answers, and every
// choice is answered.
func TestPredictionsHaveNoFavouritePlace(t *testing.T) {
	l, err := content()
	if err != nil {
		t.Fatal(err)
	}
	places, all := map[int]int{}, 0
	for _, lesson := range l.Lessons() {
		for _, p := range lesson.Predicts() {
			for _, c := range p.Choices {
				if c.ReplyHTML == "" {
					t.Errorf("%s %s: nothing answers %q", lesson.Slug, p.ID, c.Says)
				}
			}
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
