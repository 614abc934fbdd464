package lessons

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gradlab/lessons/hint"
)

// What is called a misconception is one, nineteen times of twenty, and most are found: of the answers that rules were mended
// with, and of those that nobody has looked at since they were labelled.
func TestMisconceptionsAreFound(t *testing.T) {
	m := library(t).Misconceptions()
	for file, least := range map[string]float64{
		"testdata/misconceptions.yaml": 0.95, "testdata/seen2/misconceptions.yaml": 0.9,
		"testdata/unseen/misconceptions.yaml": 0.8, "testdata/unseen2/misconceptions.yaml": 0.75,
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := hint.ReadLabelled(source)
		if err != nil {
			t.Fatal(err)
		}
		right, wrong, missed := 0, 0, 0
		for _, a := range answers {
			var found []string
			for _, one := range m.In(a.Text) {
				found = append(found, one.Slug)
			}
			for _, one := range m.All {
				switch held, said := slices.Contains(a.Found, one.Slug), slices.Contains(found, one.Slug); {
				case held && said:
					right++
				case said:
					wrong++
					t.Logf("wrongly %s: %s", one.Slug, a.Text)
				case held:
					missed++
				}
			}
		}
		t.Logf("%s: %d answers: %d found rightly, %d wrongly, %d missed", file, len(answers), right, wrong, missed)
		if precision := float64(right) / float64(right+wrong); precision < 0.95 {
			t.Errorf("%s: precision %.2f, want at least 0.95", file, precision)
		}
		if recall := float64(right) / float64(right+missed); recall < least {
			t.Errorf("%s: recall %.2f, want at least %.2f", file, recall, least)
		}
	}
}

// Of the answers that name a question's concepts rightly, none is told that it holds a misconception.
func TestRightAnswersHoldNoMisconception(t *testing.T) {
	m := library(t).Misconceptions()
	files, err := filepath.Glob("hint/testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no labelled answers", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := hint.ReadLabelled(source)
		if err != nil {
			t.Fatal(file, err)
		}
		for _, a := range answers {
			switch a.Kind {
			case "wrong", "negated", "swapped", "adversarial", "misconception", "false":
				continue
			}
			for _, one := range m.In(a.Text) {
				t.Errorf("%s: %s is said to hold %s", file, a.Text, one.Slug)
			}
		}
	}
}

// Answers by a reader who had the text of the lessons and nothing else: each names all that its question asks for, of question 2
// four and more, and holds no misconception.
func TestWhoeverReadsTheLessonsAnswersTheQuestions(t *testing.T) {
	l := library(t)
	for _, q := range l.Questions() {
		file := filepath.Join("testdata/reader", q.Slug+".yaml")
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := hint.ReadLabelled(source)
		if err != nil {
			t.Fatal(file, err)
		}
		named := map[string]bool{}
		for _, a := range answers {
			for _, f := range q.Rubric.Find(a.Text) {
				if held := slices.Contains(a.Found, f.ID); f.Found != held {
					t.Errorf("%s: %s found %v, want %v", file, f.ID, f.Found, held)
				}
				named[f.ID] = named[f.ID] || f.Found
			}
			for _, one := range l.Misconceptions().In(a.Text) {
				t.Errorf("%s is said to hold %s", file, one.Slug)
			}
		}
		want := len(q.Concepts)
		if q.Slug == "four-limitations" {
			want = 4
		}
		n := 0
		for _, found := range named {
			if found {
				n++
			}
		}
		if n < want {
			t.Errorf("%s names %d concepts, want %d and more", file, n, want)
		}
	}
}
