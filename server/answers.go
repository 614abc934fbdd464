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

// judged are labelled answers, and the rules that they judge: those of a question, or of the misconceptions.
type judged struct {
	file    string
	rubric  *hint.Rubric
	parts   map[string]string // by concept
	answers []hint.Labelled
}

// readJudged reads labelled answers. The file is called as the question is, SLUG.yaml, or misconceptions.yaml.
func readJudged(library *lessons.Library, file string) (j judged, err error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return j, err
	}
	j = judged{file: file, parts: map[string]string{}}
	if j.answers, err = hint.ReadLabelled(source); err != nil {
		return j, fmt.Errorf("%s: %w", file, err)
	}
	slug := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if slug == "misconceptions" {
		m := library.Misconceptions()
		j.rubric = m.Rubric
		for _, one := range m.All {
			j.parts[one.Slug] = ""
		}
	} else {
		q, found := library.Question(slug)
		if !found {
			return j, fmt.Errorf("%s: there is no question %q; the file has the name of its question, or is misconceptions.yaml", file, slug)
		}
		j.rubric = q.Rubric
		for _, c := range q.Concepts {
			j.parts[c.ID] = c.Part
		}
	}
	if j.rubric == nil {
		return j, fmt.Errorf("%s has no rules", slug)
	}
	for i, a := range j.answers {
		for _, id := range a.Found {
			if _, known := j.parts[id]; !known {
				return j, fmt.Errorf("%s: answer %d: there is no concept %q", file, i+1, id)
			}
		}
	}
	return j, nil
}

// counts says whether an answer may name a concept at all, or answers another part of the question.
func (j judged) counts(a hint.Labelled, concept string) bool {
	return a.Part == "" || a.Part == j.parts[concept]
}

// check says what the rules make of the answers: what is found wrongly or missed, and each rule's hits and errors.
func (j judged) check(out io.Writer) {
	var t tally
	j.each(j.rubric, func(i int, id string, found, named bool) {
		t.count(found, named)
		switch {
		case found && !named:
			fmt.Fprintf(out, "answer %d: %s is found and should not be: %s\n", i+1, id, firstWords(j.answers[i].Text))
		case named && !found:
			fmt.Fprintf(out, "answer %d: %s is missed: %s\n", i+1, id, firstWords(j.answers[i].Text))
		}
	})
	fmt.Fprintf(out, "\n%5s %5s %5s  rule\n", "right", "wrong", "alone")
	never, redundant := 0, 0
	for _, s := range j.rubric.ScoreRules(j.answers, j.counts) {
		switch {
		case s.Right+s.Wrong == 0:
			never++
		case s.Alone == 0:
			redundant++
		}
		fmt.Fprintf(out, "%5d %5d %5d  %s %s\n", s.Right, s.Wrong, s.Alone, strings.TrimPrefix(s.Path, "$."), s.Rule)
	}
	fmt.Fprintf(out, "\n%d answers: %v\n", len(j.answers), t)
	fmt.Fprintf(out, "%d rules hold in none of them, %d only where another rule does the same\n", never, redundant)
}

// try says in which answers another thing is found with a new rule, written CONCEPT=RULE or misconceptions.CONCEPT=RULE, or
// with the rules of a file in the place of those that are kept. Nothing is saved.
func (j judged) try(what string, out io.Writer) error {
	var tried *hint.Rubric
	id, rule, isRule := strings.Cut(what, "=")
	source, err := []byte(nil), error(nil)
	if isRule {
		tried, err = j.rubric.With(strings.TrimSpace(id), rule)
	} else if source, err = os.ReadFile(what); err == nil {
		tried, err = j.rubric.Replaced(source)
	}
	if err != nil {
		return fmt.Errorf("--try %s: %w", what, err)
	}
	type pair struct {
		answer int
		id     string
	}
	var before, after tally
	was, changed := map[pair]bool{}, 0
	j.each(j.rubric, func(i int, id string, found, named bool) {
		was[pair{i, id}] = found
		before.count(found, named)
	})
	j.each(tried, func(i int, id string, found, named bool) {
		after.count(found, named)
		if found == was[pair{i, id}] {
			return
		}
		changed++
		does, right := "would be found", "rightly"
		if !found {
			does = "would be found no more"
		}
		if found != named {
			right = "wrongly"
		}
		fmt.Fprintf(out, "answer %d: %s %s, %s: %s\n", i+1, id, does, right, firstWords(j.answers[i].Text))
	})
	if changed == 0 {
		fmt.Fprintln(out, "nothing would change in these answers")
	}
	fmt.Fprintf(out, "\n%d answers\nnow:  %v\nthen: %v\n", len(j.answers), before, after)
	return nil
}

// each visits the pairs of an answer and a concept that count: whether a rubric finds it there, and whether it is named.
func (j judged) each(rubric *hint.Rubric, visit func(answer int, id string, found, named bool)) {
	for i, a := range j.answers {
		for _, f := range rubric.Find(a.Text) {
			if j.counts(a, f.ID) {
				visit(i, f.ID, f.Found, slices.Contains(a.Found, f.ID))
			}
		}
	}
}

// A tally counts pairs of an answer and a concept.
type tally struct{ right, wrong, missed int }

func (t *tally) count(found, named bool) {
	switch {
	case found && named:
		t.right++
	case found:
		t.wrong++
	case named:
		t.missed++
	}
}

func (t tally) String() string {
	share := func(part, of int) float64 { return float64(part) / float64(max(of, 1)) }
	return fmt.Sprintf("%d concepts found rightly, %d wrongly, %d missed; precision %.2f, recall %.2f, F1 %.2f", t.right, t.wrong, t.missed,
		share(t.right, t.right+t.wrong), share(t.right, t.right+t.missed), share(2*t.right, 2*t.right+t.wrong+t.missed))
}

// firstWords returns the start of a text on one line.
func firstWords(text string) string {
	words := strings.Fields(text)
	if len(words) > 20 {
		words = append(words[:20], "…")
	}
	return strings.Join(words, " ")
}
