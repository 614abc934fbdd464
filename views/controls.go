package views

import (
	"cmp"
	"context"
	"net/url"
)

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
	Most                       int // characters of a text; 0 of numbers and choices
	Rare                       bool
	Mute                       bool // left out of readouts and pictures: it says little, as the usual value of a setting that is rarely another
	Error                      string
}

type typedKey struct{}

// WithTyped returns a context in which pages are rendered to whoever sent that query: a field that was given badly keeps what was
// typed in it, while the lab goes on with its default.
func WithTyped(ctx context.Context, query url.Values) context.Context {
	return context.WithValue(ctx, typedKey{}, query)
}

// typed is what a field shows.
func typed(ctx context.Context, c Control) string {
	if query, _ := ctx.Value(typedKey{}).(url.Values); c.Error != "" {
		return cmp.Or(query.Get(c.Name), c.Value)
	}
	return c.Value
}

// Number says whether the control is a number with a slider, neither a choice nor a text.
func (c Control) Number() bool { return len(c.Options) == 0 && c.Most == 0 }

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
