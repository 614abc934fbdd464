package lessons

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"gradlab/mlcore/data"
	"gradlab/mlcore/torchrand"
)

// Lesson 4 says that a network stays at the best loss of whoever knows how often each label occurs and does not look at the
// pictures: the entropy of the labels.
func TestLabelsHaveTheEntropyThatTheLessonNames(t *testing.T) {
	drawn, _ := data.Noise(torchrand.New(0), 100)
	count := map[int]float64{}
	for _, label := range drawn.Labels {
		count[label]++
	}
	entropy := 0.0
	for _, n := range count {
		entropy -= n / 100 * math.Log(n/100)
	}
	if math.Abs(entropy-2.27) > 0.005 {
		t.Errorf("the entropy is %g, the lesson says 2.27", entropy)
	}
}

var lessonNumber = regexp.MustCompile(`[Ll]essons? \d`)

// Our lessons, the tour first, each of a length to be read in its minutes, with a prediction, a lab and a source.
func TestOurLessons(t *testing.T) {
	all := library(t).Lessons()
	if len(all) < 10 {
		t.Fatalf("%d lessons, want the tour and nine or more", len(all))
	}
	asked := map[string]bool{}
	for i, l := range all {
		labs := 0
		for _, b := range l.Blocks {
			if b.Lab != nil {
				labs++
			}
		}
		if l.Number != i || l.Minutes < 5 || labs == 0 || len(l.Predicts()) == 0 || len(l.Sources) == 0 || len(l.Claims) == 0 || len(l.Contents) < 3 {
			t.Errorf("%s: number %d, %d labs, %d predictions, %d sources, %d claims, %d headings", l.Slug, l.Number, labs, len(l.Predicts()), len(l.Sources), len(l.Claims), len(l.Contents))
		}
		if n := len(strings.Fields(l.Text)); n < 400 || n > 1200 {
			t.Errorf("%s has %d words, want 400 to 1200", l.Slug, n)
		}
		if strings.ContainsAny(l.Text, "!\\$") {
			t.Errorf("%s has an exclamation mark, or TeX outside a formula", l.Slug)
		}
		if i == 0 && l.Minutes > 10 {
			t.Errorf("the ten-minute tour takes %d minutes", l.Minutes)
		}
		if n := lessonNumber.FindString(l.Text); n != "" {
			t.Errorf("%s speaks of %q, which changes with the order: it wants a link", l.Slug, n)
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
