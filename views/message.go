package views

// Message is a page that says one thing: an error, mostly.
type Message struct {
	Frame     Frame
	Heading   string
	Text      string
	Written   []string // what was typed in the form that could not be taken
	RequestID string
	Again     string // where to try again, "" where that would bring nothing else
}
