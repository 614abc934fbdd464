package lessons

import (
	"fmt"
	"hash/fnv"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gradlab/lessons/katex"
	"gradlab/static"
)

// A Formula is a piece of TeX of the library, and whose it is.
type Formula struct {
	Of    string // "lesson why-it-vanishes"
	TeX   string
	Fault error // why KaTeX refuses it; such a formula stays TeX on its page
}

// A Sheet is the style sheet of typeset formulas, with a version that changes when it does.
type Sheet struct{ CSS, Version string }

// Formulas lists every formula of the lessons, the questions, the misconceptions and the glossary.
func (l *Library) Formulas() []Formula { return l.shelf.Load().formulas }

// Sheet is what the library's formulas need beside KaTeX's own style sheet.
func (l *Library) Sheet() Sheet { return l.shelf.Load().sheet }

// typesetter is KaTeX, loaded at the first formula.
var typesetter = sync.OnceValue(func() *katex.Typesetter {
	source, err := static.Read("vendor/katex/katex.min.js")
	if err == nil {
		var t *katex.Typesetter
		if t, err = katex.New(string(source)); err == nil {
			return t
		}
	}
	panic("lessons: " + err.Error()) // an embedded script that cannot be run is a broken build
})

// formulaElement matches what formulaRenderer writes.
var formulaElement = regexp.MustCompile(`(?s)<tex-math data-display="(true|false)">(.*?)</tex-math>`)

// typeset sets all formulas of the shelf, and writes the style sheet for them.
func (s *shelf) typeset() {
	rules := map[string]string{}
	s.texts(func(of string, text *string) {
		*text = formulaElement.ReplaceAllStringFunc(*text, func(element string) string {
			m := formulaElement.FindStringSubmatch(element)
			tex := html.UnescapeString(m[2])
			set := typesetter().Typeset(tex, m[1] == "true")
			s.formulas = append(s.formulas, Formula{of, tex, set.Fault})
			if set.Fault != nil {
				return element
			}
			maps.Copy(rules, set.Rules)
			return `<tex-math data-display="` + m[1] + `" data-tex="` + html.EscapeString(tex) + `">` + set.HTML + `</tex-math>`
		})
	})
	var css strings.Builder
	for _, class := range slices.Sorted(maps.Keys(rules)) {
		css.WriteString(katex.Rule(class, rules[class]) + "\n")
	}
	sum := fnv.New64a()
	sum.Write([]byte(css.String()))
	s.sheet = Sheet{css.String(), fmt.Sprintf("%x", sum.Sum64())}
}

// texts hands out all HTML of the shelf, with whose it is.
func (s *shelf) texts(do func(of string, text *string)) {
	of := func(all []Lesson) (each []*Lesson) {
		for i := range all {
			each = append(each, &all[i])
		}
		return each
	}
	for _, l := range append(of(s.lessons), of(s.inventory)...) {
		each := func(texts ...*string) {
			for _, text := range texts {
				do("lesson "+l.Slug, text)
			}
		}
		each(&l.HookHTML, &l.TakeawayHTML)
		for j := range l.Blocks {
			b := &l.Blocks[j]
			each(&b.HTML)
			if b.Lab != nil {
				each(&b.Lab.CaptionHTML)
			}
			if b.Predict != nil {
				each(b.Predict.texts()...)
			}
			if b.Step != nil {
				each(&b.Step.TitleHTML)
			}
		}
	}
	for _, q := range s.questions {
		for i := range q.Parts {
			do("question "+q.Slug, &q.Parts[i].ModelHTML)
		}
	}
	for i := range s.misconceptions.All {
		m := &s.misconceptions.All[i]
		do("misconception "+m.Slug, &m.MeansHTML)
	}
	for i := range s.terms {
		do("term "+s.terms[i].Slug, &s.terms[i].MeansHTML)
	}
}

// typesetElement matches what typeset writes.
var typesetElement = regexp.MustCompile(`(?s)<tex-math [^>]*data-tex="([^"]*)">.*?</tex-math>`)

// TextOf are the words of HTML of a library in one line, formulas as TeX.
func TextOf(markup string) string {
	return words(html.UnescapeString(anyTag.ReplaceAllString(typesetElement.ReplaceAllString(markup, "$1"), "")))
}
