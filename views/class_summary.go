package views

import "time"

// ClassSummary is what a student has of a class.
type ClassSummary struct {
	Frame                Frame
	Code, Spelled, Title string
	Nickname             string
	Until                time.Time // when it is deleted
	Ended                bool
	Released             bool   // the marks
	Total                string // "" for none
	Stops                []SummaryStop
}

// A SummaryStop is what a student did at a stop.
type SummaryStop struct {
	Number    int // in the plan, from 1
	Title     string
	TitleHTML string // with its formulas typeset; "" where it has none
	Kind      string // "predict", "ask" or "explore"
	Lab       string // the page of its lab, "" for none
	Nothing   bool   // was handed in
	Waits     bool   // something is being computed
	Votes     []SummaryVote
	Truth     Text   // once it is revealed
	Reply     string // to the last vote
	Text      string // the answer
	Run       *Run
	Points    string
	Comment   string
	Names     []string // the ideas that the teacher found
	Model     string   // the model answer as HTML, once the teacher has revealed the stop
	Runs      ClassExplored
}

// A SummaryVote is one vote.
type SummaryVote struct {
	Name    string
	Says    Text
	Verdict string // "" before the truth is told
	Right   bool
}
