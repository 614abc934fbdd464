package classroom

import "time"

// A Public is what everybody in a class, and whoever looks at the projector, may see of it now.
type Public struct {
	Version  int64
	Ended    bool
	Released bool
	EyesUp   bool // students' pages wait

	Stop    string // its id
	Number  int    // from 1
	Of      int
	Kind    Kind
	Heading string // the stop's title
	Text    string // below it, in Markdown
	Picture string // its name
	Alt     string
	Form    Form
	Choices []string
	Phase   Phase
	Round   int
	Votes   bool      // the votes are shown
	Closes  time.Time // when a timer ends; see Stop.Closes
	Path    string    // the page that is shown; "" where it would give the truth away
	Runs    int
	Staged  bool // Path is a run that was submitted, and is shown to all
	Goal    Goal
	Budget  float64
}

// Public returns what may be seen of the class. Of a prediction, the lab that shows the truth comes with the run, after the
// last guess; the truth itself is never in here.
func (c Class) Public(now time.Time) Public {
	s := c.Shown()
	p := Public{
		Version: c.Version, Ended: c.Ended(now), Released: c.Released(), EyesUp: c.EyesUp,
		Stop: s.ID, Number: c.Current + 1, Of: len(c.Plan), Kind: s.Kind, Heading: s.Title, Text: s.Text, Picture: s.Picture, Alt: s.Alt, Form: s.Form, Choices: s.Choices,
		Phase: s.Phase, Round: s.Round(), Votes: s.Votes, Closes: s.Closes, Goal: s.Goal, Budget: s.Budget,
	}
	if s.Kind != Predict || s.Phase.Reached(Ran) {
		p.Path, p.Runs = s.Path, s.Runs
	}
	if s.Staged != "" {
		p.Path, p.Staged = s.Staged, true
	}
	return p
}

// TruthShown says whether the truth of a prediction may be told.
func (s Stop) TruthShown() bool { return s.Kind == Predict && s.Phase == Revealed }
