package views

import "time"

// ClassReport is what came of a class, for its teacher.
type ClassReport struct {
	Frame        Frame
	Code, Title  string
	Spelled      string
	Opened       time.Time
	Joined       int
	Nothing      int // have handed in nothing
	There        []ClassBar
	Talks        []ClassBar // per cent right in the first vote and in the second
	Votes        []ReportVote
	Questions    []ReportQuestion
	Explorations []ReportExploration
	Pending      bool // truths, or what answers name, are being computed
	Shows        []Filter
	Students     []ReportStudent // one page of them
	Marked       bool            // there are points
	Page, Pages  int             // from 1
	Previous     string          // the addresses of the pages beside this one; "" for none
	Next         string
	Whole        string // the address of all students on one page, "" where they are
}

// A Filter is what a list can be narrowed to.
type Filter struct {
	Href, Label string
	Count       int
	Current     bool
}

// A ReportVote is a prediction: the votes against the truth.
type ReportVote struct {
	Number int // in the plan, from 1
	Title  string
	Truth  Text
	Says   []string // how many were right, in each vote
	Gain   Text     // of a second vote
	Flows  []string
	Bars   []ClassBar
}

// A ReportQuestion is a question: what was handed in, and what it names.
type ReportQuestion struct {
	Number int
	Title  string
	Stop   string
	Says   string // how many handed in, and the marks
	Most   string // the most points, as they stand in their box; "" where nobody said
	Error  string // why what was typed there was refused
	Found  []ClassBar
	Ticked []ClassBar // by who marked
	Points []ClassBar
}

// A ReportExploration is an exploration: what was submitted.
type ReportExploration struct {
	Number int
	Title  string
	Says   string
	Best   Text
	Run    *Run // the best
}

// A ReportStudent is a line of the report.
type ReportStudent struct {
	Name        string
	First, Last time.Time // when the student was there
	There       string    // "5 of 8"
	HandedIn    string
	Points      string // "" for none
	Nothing     bool
}
