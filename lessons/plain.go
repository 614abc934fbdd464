package lessons

import (
	"html"
	"regexp"
	"strings"
)

var (
	mathElement = regexp.MustCompile(`(?s)<tex-math[^>]*>.*?</tex-math>`)
	inlineTag   = regexp.MustCompile(`</?(a|b|code|em|i|kbd|small|span|strong|sub|sup)( [^>]*)?>`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
)

// wordsOf are the words of HTML that this package made: no tags, and an ellipsis for each formula. A tag within a line
// parts no words: what follows a link is often a full stop.
func wordsOf(markup string) string {
	markup = mathElement.ReplaceAllString(markup, " … ")
	markup = inlineTag.ReplaceAllString(markup, "")
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
