package views

import (
	"fmt"
	"time"
)

// QuestionsTitle heads the list of so many questions: a folder of lessons may bring more than ours.
func QuestionsTitle(n int) string {
	words := []string{"No questions yet", "One question", "Two questions", "Three questions", "Four questions", "Five questions", "Six questions",
		"Seven questions", "Eight questions", "Nine questions", "Ten questions", "Eleven questions", "Twelve questions"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("%d questions", n)
}

// QuestionLine is a question in a list, with how far the visitor is with it.
type QuestionLine struct {
	Title, Href string
	State       string // "answered", "draft" or ""
}

// Questions is the list of questions.
type Questions struct {
	Frame Frame
	Lines []QuestionLine
}

// Question is the page of one question.
type Question struct {
	Frame          Frame
	Slug           string
	Number, Of     int
	Title          string
	Parts          []QuestionPart
	Ticks          []Tick // after an attempt
	Labs           []Link
	Sources        []Source
	Previous, Next *Link
	Notice         string // a message about the whole page
}

// keep is where what is typed on the page is kept.
func (q Question) keep() string { return "/questions/" + q.Slug + "/keep" }

// QuestionPart is one box to answer in. A question without parts has one, with an empty ID and Text.
type QuestionPart struct {
	ID, Text  string
	Question  string // its slug
	Answer    string
	Revision  int64
	Drawn     string    // the digest of the text that is kept, so that the server knows which boxes were typed in
	Saved     time.Time // 0: never
	Attempted bool
	ModelHTML string // safe HTML, only after an attempt
	Error     string
	Other     string // the text another tab saved meanwhile, when the two are in conflict
	Most      int    // characters
	Hints     *Hints // if the reader asked for them
	Run       *Run   // the experiment that the answer argues from
	Offer     string // a run that the reader brought, to be attached
	NoRun     string // why what is offered is no run; "" where it is one
	Focus     string // the field that has the focus: "text", "run" or ""
}

// Source is a paper or page that an answer rests on.
type Source struct{ Text, Href string }
