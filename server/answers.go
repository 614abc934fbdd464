package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gradlab/lessons"
	"gradlab/lessons/hint"
)

// checkAnswers says what the rules of a question make of labelled answers: what is found wrongly or missed, and each
// rule's hits and errors. The file is called as the question is, SLUG.yaml.
func checkAnswers(library *lessons.Library, file string, out io.Writer) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	answers, err := hint.ReadLabelled(source)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	slug := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	q, found := library.Question(slug)
	if !found {
		return fmt.Errorf("%s: there is no question %q; the file has the name of its question", file, slug)
	}
	if q.Rubric == nil {
		return fmt.Errorf("question %s has no rules", slug)
	}
	parts := map[string]string{} // by concept
	for _, c := range q.Concepts {
		parts[c.ID] = c.Part
	}
	counts := func(a hint.Labelled, concept string) bool { return a.Part == "" || a.Part == parts[concept] }
	right, wrong, missed := 0, 0, 0
	for i, a := range answers {
		for _, id := range a.Found {
			if _, known := parts[id]; !known {
				return fmt.Errorf("%s: answer %d: the question has no concept %q", file, i+1, id)
			}
		}
		for _, f := range q.Rubric.Find(a.Text) {
			named := slices.Contains(a.Found, f.ID)
			switch {
			case !counts(a, f.ID) || !f.Found && !named:
			case f.Found && named:
				right++
			case f.Found:
				wrong++
				fmt.Fprintf(out, "answer %d: %s is found and should not be: %s\n", i+1, f.ID, firstWords(a.Text))
			default:
				missed++
				fmt.Fprintf(out, "answer %d: %s is missed: %s\n", i+1, f.ID, firstWords(a.Text))
			}
		}
	}
	fmt.Fprintf(out, "\n%5s %5s %5s  rule\n", "right", "wrong", "alone")
	never, redundant := 0, 0
	for _, s := range q.Rubric.ScoreRules(answers, counts) {
		switch {
		case s.Right+s.Wrong == 0:
			never++
		case s.Alone == 0:
			redundant++
		}
		fmt.Fprintf(out, "%5d %5d %5d  %s %s\n", s.Right, s.Wrong, s.Alone, strings.TrimPrefix(s.Path, "$."), s.Rule)
	}
	fmt.Fprintf(out, "\n%d answers: %d concepts found rightly, %d wrongly, %d missed; F1 %.2f\n", len(answers), right, wrong, missed,
		float64(2*right)/float64(max(2*right+wrong+missed, 1)))
	fmt.Fprintf(out, "%d rules hold in none of them, %d only where another rule does the same\n", never, redundant)
	return nil
}

// firstWords returns the start of a text on one line.
func firstWords(text string) string {
	words := strings.Fields(text)
	if len(words) > 20 {
		words = append(words[:20], "…")
	}
	return strings.Join(words, " ")
}
