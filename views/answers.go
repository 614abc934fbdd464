package views

import (
	"slices"
	"time"
)

// Hints are what an answer seems to mention, and what its writer may want to add; never a grade.
type Hints struct {
	Doubts         []Doubt // first: a wrong belief stands in the way of the rest
	Found, Missing []Hint
	Words          []Marked // the answer, with the words that were recognised
	List           string   // what the list of what is missing is called
}

// asked are the concepts to ask back about.
func (h Hints) asked() []Hint {
	return slices.DeleteFunc(slices.Clone(h.Missing), func(m Hint) bool { return m.Ask == "" })
}

// Hint is a concept in a sentence, a question that leads to it, and what shows it; See has no Href where nothing does.
type Hint struct {
	Text string
	Ask  string // "" for none
	See  Link
}

// Marked is a run of an answer's text.
type Marked struct {
	Text string
	Mark bool
}

// A Tick is one line of the writer's own list of what an answer holds.
type Tick struct {
	ID, Label string
	On        bool
}

// A Run is an experiment that an answer argues from: where it reopens, and a small picture of it.
type Run struct {
	Href  string // the path and query of the lab
	Label string // "the chain: depth 20, sigmoid"
	Image string // where its picture is; "" if there is none
}

// Answers is /answers: all of one's answers.
type Answers struct {
	Frame  Frame
	Items  []AnswerItem
	Move   string // the private link that opens these answers in another browser; "" without answers
	Notice string
	Person bool // somebody has signed in, and finds them in every browser
	// Visitor says that there is somebody whose data could be deleted, be it a student's in a class alone.
	Visitor bool
}

// An AnswerItem is one answer, or one part's.
type AnswerItem struct {
	Question, Part, Text  string
	Href                  string
	Saved                 time.Time // 0: a run without words
	Attempted, FirstOfAll bool      // FirstOfAll: its question's title stands above it
	Run                   *Run
}
