package lessons

import (
	"html"
	"regexp"
)

// mathML matches what KaTeX writes for those who listen, and for browsers that draw it themselves.
var mathML = regexp.MustCompile(`(?s)<math .*</math>`)

// HTML converts a text that somebody writes while the site runs, by the rules of lessons, into safe HTML. Formulas come as KaTeX's MathML,
// which needs no style sheet beside it; one that KaTeX refuses stays TeX.
func HTML(source string) (string, error) {
	markup, err := markdownHTML([]byte(source))
	if err != nil {
		return "", err
	}
	return formulaElement.ReplaceAllStringFunc(markup, func(element string) string {
		m := formulaElement.FindStringSubmatch(element)
		set := typesetter().Typeset(html.UnescapeString(m[2]), m[1] == "true")
		if set.Fault != nil {
			return `<code>` + m[2] + `</code>`
		}
		return mathML.FindString(set.HTML)
	}), nil
}
