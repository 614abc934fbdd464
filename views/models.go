package views

import "time"

// A Frame is what every page shares.
type Frame struct {
	Title       string // of the document, before the product's name
	Description string
	Section     string // the part of the navigation that is current: "labs", "questions", "about" or ""
	Theme       string // "light", "dark", "projector", or "" to follow the system
	Path        string // where a change of theme leads back to: the page's path and query
	Scripts     []string
	Bare        bool // without the site's bar: a page for the wall
}

// A Control is one labelled input of a lab.
type Control struct {
	Name, Label, Help          string
	Value, Default             string
	Min, Max                   string // accepted; of numbers
	SliderMin, SliderMax, Step string // of the handle; of numbers
	SliderValue                string // where the handle stands; of numbers
	Log                        bool   // the handle moves over powers of ten: its numbers are logarithms
	Whole                      bool   // a whole number
	Options                    []Option
	Rare                       bool
	Note                       string // what holds at the present value; "" for nothing
	Error                      string
}

// Number says whether the control is a number with a slider, not a choice.
func (c Control) Number() bool { return len(c.Options) == 0 }

// Switch says whether the control is a pair to flip between, rather than a list to choose from.
func (c Control) Switch() bool { return len(c.Options) == 2 }

// An Option is one choice of a control.
type Option struct{ Value, Label string }

// A Link leads somewhere.
type Link struct{ Label, Href string }

// Controls is the form of a lab: what is shown first, and what waits behind "More".
type Controls struct {
	Action  string // where the form goes without scripts
	Shown   []Control
	Rare    []Control
	Presets []Link
}

// Press is the button that runs an experiment where there are no scripts.
type Press struct {
	Progress string // how far it is, in a sentence; "" before the first press
}

// A Figure is one chart: its caption, the ECharts option that draws it and what it shows in words.
type Figure struct {
	ID      string
	Caption Text
	Option  any
	Label   string   // for screen readers
	Height  string   // a class: "tall" or "short"
	Keys    []string // the twins shown, "plain" and "residual": their colours are named beside the caption
}

// Home is the first page.
type Home struct {
	Frame     Frame
	Controls  Controls
	Board     ChainBoard
	Lessons   []LessonLine
	Questions []QuestionLine
}

// QuestionLine is a question in a list, with how far the visitor is with it.
type QuestionLine struct {
	Number      int
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

// QuestionPart is one box to answer in. A question without parts has one, with an empty ID and Text.
type QuestionPart struct {
	ID, Text  string
	Action    string
	Lesson    string // that it stands in, by its slug; "" on the question's own page
	Answer    string
	Revision  int64
	Saved     time.Time // 0: never
	Attempted bool
	ModelHTML string // safe HTML, only after an attempt
	Error     string
	Other     string // the text another tab saved meanwhile, when the two are in conflict
	Most      int    // characters
	Hints     *Hints // if the reader asked for them
	Run       *Run   // the experiment that the answer argues from
	Offer     string // a run that the reader brought, to be attached
}

// Source is a paper or page that an answer rests on.
type Source struct{ Text, Href string }

// Message is a page that says one thing: an error, mostly.
type Message struct {
	Frame     Frame
	Heading   string
	Text      string
	RequestID string
}

// About is the page on how things are computed.
type About struct {
	Frame                Frame
	Version, Go, Kernels string
}
