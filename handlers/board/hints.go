package board

import (
	"fmt"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/lessons/hint"
	"gradlab/views"
)

// Hints says what a text seems to mention of a part's concepts, and marks the words by which.
func Hints(q lessons.Question, part, text string) *views.Hints {
	findings := map[string]hint.Finding{}
	for _, f := range q.Rubric.Find(text) {
		findings[f.ID] = f
	}
	h := &views.Hints{List: "Show what is missing"}
	marked := make([]bool, len(text))
	for _, c := range q.Concepts {
		if c.Part != part {
			continue
		}
		f := findings[c.ID]
		if !f.Found {
			h.Missing = append(h.Missing, views.Hint{Text: c.Label, Ask: c.Ask, See: views.Link{Href: c.See}})
			continue
		}
		h.Found = append(h.Found, views.Hint{Text: c.Label, See: views.Link{Href: c.See}})
		for _, span := range f.Spans {
			for i := span.Start; i < span.End; i++ {
				marked[i] = true
			}
		}
	}
	switch left := q.Pick - len(h.Found); {
	case q.Pick > 0 && left <= 0:
		h.Missing = nil // any of them make a full answer
	case q.Pick > 0:
		h.List = fmt.Sprintf("Show what is left to choose from: %d more would do", left)
	}
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && marked[j] == marked[i] {
			j++
		}
		h.Words = append(h.Words, views.Marked{Text: text[i:j], Mark: marked[i]})
		i = j
	}
	return h
}

// ConceptBars counts in how many answers each concept of a question seems to be named; nil for a question made up on the
// spot, and where nobody wrote rules for it.
func ConceptBars(q lessons.Question, part string, answers []classroom.Answer) []views.ClassBar {
	if q.Rubric == nil || len(answers) == 0 {
		return nil
	}
	count := map[string]int{}
	for _, a := range answers {
		named, _ := a.Hinted(q.Rubric.Version())
		for _, id := range named {
			count[id]++
		}
	}
	return conceptBars(q, part, count)
}

// conceptBars are how often each concept of a question's part was found.
func conceptBars(q lessons.Question, part string, count map[string]int) []views.ClassBar {
	var lines []views.ClassBar
	for _, c := range concepts(q, part) {
		lines = append(lines, views.ClassBar{Label: c.Label, Count: count[c.ID]})
	}
	return shared(lines)
}
