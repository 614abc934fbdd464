package lessons

import (
	"html"
	"regexp"
	"strings"
)

var (
	mathElement = regexp.MustCompile(`(?s)<(span|div) class="math"[^>]*>.*?</(span|div)>`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
)

// wordsOf are the words of HTML that this package made: no tags, and an ellipsis for each formula.
func wordsOf(markup string) string {
	markup = mathElement.ReplaceAllString(markup, " … ")
	return words(html.UnescapeString(anyTag.ReplaceAllString(markup, " ")))
}

// plainText is a lesson in plain words.
func plainText(l Lesson) string {
	parts := []string{wordsOf(l.HookHTML)}
	for _, b := range l.Blocks {
		switch {
		case b.HTML != "":
			parts = append(parts, wordsOf(b.HTML))
		case b.Lab != nil:
			parts = append(parts, wordsOf(b.Lab.CaptionHTML))
		case b.Predict != nil:
			parts = append(parts, wordsOf(b.Predict.QuestionHTML))
		}
	}
	return strings.Join(append(parts, wordsOf(l.TakeawayHTML)), " ")
}
