package lessons

import (
	"html"
	"regexp"
)

// A Formula is a piece of TeX of the library, and whose it is.
type Formula struct {
	Of      string // "lesson why-it-vanishes"
	TeX     string
	Display bool
}

// formulaElement matches what formulaRenderer writes.
var formulaElement = regexp.MustCompile(`(?s)<(?:span|div) class="math" data-display="(true|false)">(.*?)</(?:span|div)>`)

// Formulas lists every formula of the lessons, the questions, the misconceptions and the glossary.
func (l *Library) Formulas() []Formula {
	var all []Formula
	add := func(of string, texts ...string) {
		for _, text := range texts {
			for _, match := range formulaElement.FindAllStringSubmatch(text, -1) {
				all = append(all, Formula{of, html.UnescapeString(match[2]), match[1] == "true"})
			}
		}
	}
	for _, lesson := range l.Lessons() {
		of := "lesson " + lesson.Slug
		add(of, lesson.HookHTML, lesson.TakeawayHTML)
		for _, b := range lesson.Blocks {
			add(of, b.HTML)
			switch {
			case b.Lab != nil:
				add(of, b.Lab.CaptionHTML)
			case b.Predict != nil:
				add(of, b.Predict.texts()...)
			case b.Step != nil:
				add(of, b.Step.TitleHTML)
			}
		}
	}
	for _, q := range l.Questions() {
		for _, p := range q.Parts {
			add("question "+q.Slug, p.ModelHTML)
		}
	}
	for _, m := range l.Misconceptions().All {
		add("misconception "+m.Slug, m.MeansHTML)
	}
	for _, t := range l.Terms() {
		add("term "+t.Slug, t.MeansHTML)
	}
	return all
}
