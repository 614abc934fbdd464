package lessons

import (
	"html"
	"regexp"
	"strings"
)

// mathML matches what KaTeX writes for those who listen, and for browsers that draw it themselves.
var mathML = regexp.MustCompile(`(?s)<math .*</math>`)

// HTML converts a text that somebody writes while the site runs, by the rules of lessons, into safe HTML. Formulas come as KaTeX's MathML,
// which needs no style sheet beside it; one on lines of its own can be reached by the keyboard, to be scrolled where it is wider than
// the page. One that KaTeX refuses stays TeX.
func HTML(source string) (string, error) {
	markup, err := markdownHTML([]byte(source))
	if err != nil {
		return "", err
	}
	return formulaElement.ReplaceAllStringFunc(markup, func(element string) string {
		m := formulaElement.FindStringSubmatch(element)
		display := m[1] == "true"
		set := typesetter().Typeset(html.UnescapeString(m[2]), display)
		if set.Fault != nil {
			return `<code>` + m[2] + `</code>`
		}
		formula := mathML.FindString(set.HTML)
		if display {
			formula = strings.Replace(formula, "<math ", `<math tabindex="0" `, 1)
		}
		return formula
	}), nil
}
