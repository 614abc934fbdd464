package lessons

import (
	"maps"
	"math"
	"regexp"
	"slices"
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

// What a question asks for is said, in words that its own hints understand, in the lessons up to the one that asks it.
func TestLessonsSayWhatTheirQuestionsAsk(t *testing.T) {
	l := library(t)
	var read []string // paragraphs, list items and reveals, so far
	for _, lesson := range l.Lessons() {
		for _, b := range lesson.Blocks {
			texts := []string{b.HTML}
			if b.Predict != nil {
				texts = append(texts, b.Predict.RevealHTML)
			}
			for _, text := range texts {
				for _, piece := range regexp.MustCompile(`</(?:p|li|tr|h2)>`).Split(text, -1) {
					read = append(read, TextOf(piece))
				}
			}
		}
		for _, slug := range lesson.Questions() {
			q, _ := l.Question(slug)
			found := map[string]bool{}
			for _, piece := range read {
				for _, f := range q.Rubric.Find(piece) {
					found[f.ID] = found[f.ID] || f.Found
				}
			}
			for _, c := range q.Concepts {
				if !found[c.ID] {
					t.Errorf("%s: nothing up to %s says: %s", slug, lesson.Slug, c.Label)
				}
			}
		}
	}
}

// Words of the trade are explained where they are first said: there the text leads to the glossary.
func TestWordsAreExplainedWhereTheyAreFirstSaid(t *testing.T) {
	link := regexp.MustCompile(`(?s)<a [^>]*href="[^"]*#([a-z0-9-]+)"[^>]*>.*?</a>`)
	for slug, word := range map[string]string{
		"epoch": `epochs?`, "batch": `(?:mini-)?batch(?:es)?`, "adam": `Adam`, "momentum": `momentum`, "weight-decay": `weight decay`,
		"float32": `float32`, "top-1": `top-1`, "imagenet": `ImageNet`, "resnet-50": `ResNet-50`, "ilsvrc": `ILSVRC`, "coco": `COCO`,
		"warm-up": `warm-up`,
	} {
		said := regexp.MustCompile(`(?i)\b` + word + `\b`)
		explained := false
		for _, lesson := range library(t).Lessons() {
			for i, b := range lesson.Blocks {
				texts := b.read()
				if i == 0 {
					texts = slices.Insert(texts, 0, lesson.HookHTML)
				}
				for _, html := range texts {
					html = link.ReplaceAllStringFunc(html, func(a string) string { // of links, only those to this word
						if link.FindStringSubmatch(a)[1] == slug {
							return "⟶"
						}
						return ""
					})
					html = strings.ReplaceAll(html, "batch normalisation", "")
					before, _, found := strings.Cut(html, "⟶")
					if at := said.FindString(TextOf(before)); at != "" && !explained {
						t.Errorf("%s: %s says %q without a way to what it means", slug, lesson.Slug, at)
						explained = true
					}
					explained = explained || found
				}
			}
		}
		if !explained {
			t.Errorf("no lesson explains %s", slug)
		}
	}
}

// read is all that a block says, in the order in which it is read.
func (b Block) read() []string {
	switch {
	case b.Lab != nil:
		return []string{b.Lab.CaptionHTML}
	case b.Step != nil:
		return []string{b.Step.TitleHTML}
	case b.Predict == nil:
		return []string{b.HTML}
	}
	texts := []string{b.Predict.QuestionHTML}
	for _, c := range b.Predict.Choices {
		texts = append(texts, c.Says)
	}
	for _, html := range b.Predict.texts() {
		if *html != b.Predict.QuestionHTML && *html != b.Predict.RevealHTML {
			texts = append(texts, *html)
		}
	}
	return append(texts, b.Predict.RevealHTML)
}

// Nothing gives a prediction away: what a claim states of the very number that it asks for is not said above it, nor in a heading.
func TestNothingGivesAPredictionAway(t *testing.T) {
	for _, l := range library(t).Lessons() {
		above := l.Title + " " + TextOf(l.HookHTML)
		for _, h := range l.Contents {
			above += " " + h.Text
		}
		for _, b := range l.Blocks {
			above += " " + TextOf(b.HTML)
			if b.Lab != nil && b.Lab.After == "" {
				above += " " + TextOf(b.Lab.CaptionHTML)
			}
			if b.Predict == nil {
				continue
			}
			above += " " + TextOf(b.Predict.QuestionHTML)
			for _, c := range l.Claims {
				says := strings.ReplaceAll(c.Says, "*", "")
				if c.cases[0].terms[0].about(b.Predict.Compute) && strings.Contains(above, says) {
					t.Errorf("%s %s: %q is said above it", l.Slug, b.Predict.ID, says)
				}
			}
			above += " " + TextOf(b.Predict.RevealHTML)
		}
	}
}

// about says whether a term is the number that a prediction asks for, of one run or of the first of several.
func (t term) about(asked Computation) bool {
	same := func(a, b *Number) bool {
		return a == nil && b == nil || a != nil && b != nil && a.Lab == b.Lab && a.Path == b.Path && a.Query.Encode() == b.Query.Encode()
	}
	return t.computed != nil && same(&t.computed.Number, &asked.Number) && same(t.computed.Over, asked.Over)
}

// Nor does an earlier lesson: none states the number that a prediction asks for, whatever it divides it by, of this seed or another.
func TestNoEarlierLessonGivesAPredictionAway(t *testing.T) {
	run := func(n Number) string {
		query := maps.Clone(n.Query)
		query.Del("seed")
		query.Del("dtype")
		return n.Lab + "?" + query.Encode() + " " + n.Path
	}
	stated := map[string]string{} // run and path: the lesson that states it, and how
	for _, l := range library(t).Lessons() {
		for _, p := range l.Predicts() {
			if said, known := stated[run(p.Compute.Number)]; known {
				t.Errorf("%s %s asks for what %s", l.Slug, p.ID, said)
			}
		}
		for _, c := range l.Claims {
			if of := c.cases[0].terms[0].computed; of != nil {
				stated[run(of.Number)] = l.Slug + " states: " + c.Says
			}
		}
	}
}
