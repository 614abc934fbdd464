package lessons

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ours is the embedded content, read once for all tests: no test changes it.
var ours = sync.OnceValues(func() (*Library, error) { return Embedded(apparatus) })

// library returns the embedded content or ends the test.
func library(t *testing.T) *Library {
	t.Helper()
	l, err := ours()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The notebook's questions, word by word, and the ids that the API promises.
var wantQuestions = []struct {
	slug, title string
	pick        int
	parts       []string
	concepts    []string
}{
	{"vanishing-gradient", "What is the vanishing gradient problem, and what is its primary cause?", 0, []string{""},
		[]string{"small-early-gradients", "slow-or-no-learning", "product-of-factors", "factors-below-one", "saturating-activation"}},
	{"four-limitations", "What are four limitations to optimising a deep convolutional neural network?", 4, []string{""},
		[]string{"vanishing-exploding", "degradation", "overfitting-data", "compute-memory", "initialisation-sensitivity", "hyperparameters-learning-rate", "non-convex-saddle", "internal-covariate-shift"}},
	{"residual-fit", `In terms of how a block is "fitted", what is the key difference between skip connections and traditional blocks?`, 0, []string{""},
		[]string{"plain-fits-mapping", "residual-fits-difference", "identity-easy"}},
	{"extra-parameters", "In the context of model hyper-parameters, what additional parameters are added in the ResNet implementation?", 0, []string{""},
		[]string{"identity-adds-none", "projection-weights", "architectural-choices"}},
	{"how-skips-help", `How do skip connections resolve the "vanishing gradient" problem?`, 0, []string{""},
		[]string{"additive-path", "plus-one", "early-layers-signal", "caveat"}},
	{"kernel-analogy", "Give an appropriate analogy for how kernels are used to extract features from images (e.g. sanding wood)", 0, []string{""},
		[]string{"small-local-window", "slides-same-everywhere", "responds-to-pattern", "several-kernels", "stages"}},
	{"then-and-now", "Was this a good paper when it was released? Is it a good paper now? What has changed since? What other methods are there of solving the vanishing gradient problem?", 0,
		[]string{"then", "now", "changed", "methods"},
		[]string{"good-then", "good-now", "what-changed", "other-methods"}},
}

func TestTheSevenQuestions(t *testing.T) {
	l := library(t)
	questions := l.Questions()
	if got, want := len(questions), len(wantQuestions); got != want {
		t.Fatalf("got %d questions, want %d", got, want)
	}
	for i, want := range wantQuestions {
		q := questions[i]
		if q.Number != i+1 || q.Slug != want.slug || q.Title != want.title || q.Pick != want.pick {
			t.Errorf("question %d: got %d %q %q, pick %d; want %q %q, pick %d", i+1, q.Number, q.Slug, q.Title, q.Pick, want.slug, want.title, want.pick)
		}
		var ids, parts, texts []string
		for _, c := range q.Concepts {
			ids = append(ids, c.ID)
			if !strings.HasSuffix(c.Label, ".") {
				t.Errorf("%s: label of %s is no sentence: %q", q.Slug, c.ID, c.Label)
			}
		}
		for _, p := range q.Parts {
			parts, texts = append(parts, p.ID), append(texts, p.Text)
		}
		if !slices.Equal(ids, want.concepts) {
			t.Errorf("%s: got concepts %q, want %q", q.Slug, ids, want.concepts)
		}
		if !slices.Equal(parts, want.parts) {
			t.Errorf("%s: got parts %q, want %q", q.Slug, parts, want.parts)
		}
		if got := strings.Join(texts, " "); len(parts) > 1 && got != q.Title {
			t.Errorf("%s: the parts read %q, want the title %q", q.Slug, got, q.Title)
		}
		if len(q.Labs) == 0 || len(q.Sources) == 0 {
			t.Errorf("%s: got %d labs and %d sources, want some of each", q.Slug, len(q.Labs), len(q.Sources))
		}
		found, ok := l.Question(q.Slug)
		if !ok || found.Title != q.Title {
			t.Errorf("Question(%q) = %q, %v", q.Slug, found.Title, ok)
		}
	}
	if _, ok := l.Question("no-such-question"); ok {
		t.Error("found a question that does not exist")
	}
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	formula = regexp.MustCompile(`(?s)<tex-math [^>]*data-tex="([^"]*)">.*?</tex-math>`)
)

// A model answer is short: 120 to 250 words, 60 to 120 for a part. Formulas are not counted.
func TestModelAnswersAreShortAndSober(t *testing.T) {
	for _, q := range library(t).Questions() {
		least, most := 120, 250
		if len(q.Parts) > 1 {
			least, most = 60, 120
		}
		for _, p := range q.Parts {
			text := html.UnescapeString(tag.ReplaceAllString(formula.ReplaceAllString(p.ModelHTML, " "), " "))
			if n := len(strings.Fields(text)); n < least || n > most {
				t.Errorf("%s %s: the model answer has %d words, want %d to %d", q.Slug, p.ID, n, least, most)
			}
			if strings.Contains(text, "!") {
				t.Errorf("%s %s: the model answer has an exclamation mark", q.Slug, p.ID)
			}
			if strings.ContainsAny(text, "$\\") {
				t.Errorf("%s %s: a formula's delimiter is left in the text: %s", q.Slug, p.ID, text)
			}
		}
	}
}

// Braces and \left \right are the slips that a reader would see as red TeX.
func TestFormulasAreBalanced(t *testing.T) {
	found := 0
	for _, q := range library(t).Questions() {
		for _, p := range q.Parts {
			for _, match := range formula.FindAllStringSubmatch(p.ModelHTML, -1) {
				found++
				tex := html.UnescapeString(match[1])
				for _, pair := range [][2]string{{"{", "}"}, {"(", ")"}, {`\Bigl`, `\Bigr`}, {`\left`, `\right`}} {
					if open, closed := strings.Count(tex, pair[0]), strings.Count(tex, pair[1]); open != closed {
						t.Errorf("%s: %d %s and %d %s in %s", q.Slug, open, pair[0], closed, pair[1], tex)
					}
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("found %d formulas, want the model answers' dozen and more", found)
	}
}

// A model answer names every concept of its question, and the hints must see it. Formulas stay as TeX,
// which the hints do not read.
func TestHintsFindTheConceptsOfTheModelAnswers(t *testing.T) {
	for _, q := range library(t).Questions() {
		var text strings.Builder
		for _, p := range q.Parts {
			text.WriteString(html.UnescapeString(tag.ReplaceAllString(p.ModelHTML, " ")) + "\n\n")
		}
		findings := q.Rubric.Find(text.String())
		if got, want := len(findings), len(q.Concepts); got != want {
			t.Errorf("%s: got %d findings, want %d", q.Slug, got, want)
		}
		for _, f := range findings {
			if !f.Found {
				t.Errorf("%s: %s is not found in the model answer", q.Slug, f.ID)
			}
		}
	}
}

// A label is a reminder; repeated back, without more, it may count. The question may not.
func TestHintsAreNotFooledByTheQuestion(t *testing.T) {
	for _, q := range library(t).Questions() {
		for _, answer := range []string{q.Title, q.Title + " " + q.Title, strings.ToUpper(q.Title)} {
			for _, f := range q.Rubric.Find(answer) {
				if f.Found {
					t.Errorf("%s: %s is found in %q", q.Slug, f.ID, answer)
				}
			}
		}
	}
}
