package lessons

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"gradlab/lessons/hint"
)

// What is called a misconception is one, nineteen times of twenty, and two of three are found.
func TestMisconceptionsAreFound(t *testing.T) {
	m := library(t).Misconceptions()
	source, err := os.ReadFile("testdata/misconceptions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var answers []struct {
		Held []string `yaml:"held"`
		Text string   `yaml:"text"`
	}
	if err := yaml.UnmarshalWithOptions(source, &answers, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	right, wrong, missed := 0, 0, 0
	for _, a := range answers {
		var found []string
		for _, one := range m.In(a.Text) {
			found = append(found, one.Slug)
		}
		for _, one := range m.All {
			switch held, said := slices.Contains(a.Held, one.Slug), slices.Contains(found, one.Slug); {
			case held && said:
				right++
			case said:
				wrong++
				t.Logf("wrongly %s: %s", one.Slug, a.Text)
			case held:
				missed++
				t.Logf("missed %s: %s", one.Slug, a.Text)
			}
		}
	}
	t.Logf("%d answers: %d found rightly, %d wrongly, %d missed", len(answers), right, wrong, missed)
	if precision := float64(right) / float64(right+wrong); precision < 0.95 {
		t.Errorf("precision %.2f, want at least 0.95", precision)
	}
	if recall := float64(right) / float64(right+missed); recall < 2./3 {
		t.Errorf("recall %.2f, want at least two thirds", recall)
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
			if a.Kind != "good" && a.Kind != "corrected" && a.Kind != "partial" && a.Kind != "plain" {
				continue
			}
			for _, one := range m.In(a.Text) {
				t.Errorf("%s: %s is said to hold %s", file, a.Text, one.Slug)
			}
		}
	}
}
