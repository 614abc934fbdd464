package web

import "time"

// A Refusal is what a script is told where there is no result.
type Refusal struct {
	Error   string            `json:"error"`
	Fields  map[string]string `json:"fields,omitempty"`  // what is wrong, by the field's name
	Request string            `json:"request,omitempty"` // its number in the log, where the server is to blame
	Current *Kept             `json:"current,omitempty"` // what is stored instead, where another tab was first
}

// A Kept is a text as it is stored.
type Kept struct {
	Revision int64  `json:"revision"`
	Text     string `json:"text"`
}

// A Saved acknowledges a text.
type Saved struct {
	Revision int64  `json:"revision"`
	Saved    string `json:"saved"` // when
}

// SavedAt acknowledges a text that is stored since that moment.
func SavedAt(revision int64, at time.Time) Saved { return Saved{revision, Clock(at)} }

// A Failure is the event failed, which ends a stream.
type Failure struct {
	Error string `json:"error"`
	Again bool   `json:"again,omitempty"` // who comes back later may be served
}

// Sent are the shapes of all JSON of this package that the site's own scripts read.
var Sent = []any{Refusal{}, Saved{}, Failure{}}
