package answers

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxCharacters is the longest answer that is kept, in Unicode code points.
const MaxCharacters = 20_000

// A TextProblem says what is wrong with an answer's text.
type TextProblem string

// The problems that CheckText and Submit report.
const (
	TooLong     TextProblem = "too long"
	NotUTF8     TextProblem = "not UTF-8"
	HoldsNUL    TextProblem = "holds NUL"
	NothingSaid TextProblem = "nothing said"
)

// A TextError refuses an answer's text. Its message is a sentence for the writer, to be shown at the
// text box.
type TextError struct {
	Problem    TextProblem
	Characters int // the length of the refused text, in Unicode code points
}

func (e *TextError) Error() string {
	switch e.Problem {
	case TooLong:
		return fmt.Sprintf("An answer may have up to %s characters; this one has %s.", grouped(MaxCharacters), grouped(e.Characters))
	case NotUTF8:
		return "The answer holds bytes that are not text (UTF-8)."
	case HoldsNUL:
		return "The answer holds an invisible NUL character, which cannot be kept; please remove it."
	case NothingSaid:
		return "Write something first: an empty answer cannot be submitted."
	}
	return "The answer cannot be kept: " + string(e.Problem) + "."
}

// grouped writes n with a comma between thousands, as the sentences of the page do.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// CheckText returns nil for a text that SaveDraft keeps, else a *TextError: valid UTF-8, no NUL
// character (PostgreSQL keeps none), at most MaxCharacters. The empty text is a draft like any other.
func CheckText(text string) error {
	characters := utf8.RuneCountInString(text)
	switch {
	case characters > MaxCharacters:
		return &TextError{TooLong, characters}
	case !utf8.ValidString(text):
		return &TextError{NotUTF8, characters}
	case strings.ContainsRune(text, 0):
		return &TextError{HoldsNUL, characters}
	}
	return nil
}
