package views

import "time"

// PlansPage is /plans: the plans of a visitor, and how to begin one.
type PlansPage struct {
	Frame    Frame
	Plans    []PlanLine
	Key      string // the link to keep; "" where there are none yet
	Password bool   // the operator wants one for the first plan
	Notice   string
	SignIn   bool   // the first plan takes signing in as a teacher
	Account  bool   // somebody has signed in
	KeptFor  string // how long plans are kept that nobody looks at
	Claim    bool   // who could keep there what this browser has the key of

	Title, TitleError       string // as typed
	Markdown, MarkdownError string
}

// A PlanLine is a plan in the list.
type PlanLine struct {
	ID, Title string
	Stops     int
	Saved     time.Time
}

// PlanPage is a plan: the editor for its owner, a list to look at for others.
type PlanPage struct {
	Frame              Frame
	ID, Title          string
	Named              string // the title that is stored, where Title is one that was refused
	TitleError         string
	Saved              time.Time
	Owned, Copies      bool
	Notice             string
	Stops              []PlanStop
	Most               int // stops
	AddError           string
	Token              string // of a form that adds a stop: sent twice, it adds one
	ViewLink, CopyLink string

	// The stop that is written.
	Stop         string
	Gone         bool // it was taken out meanwhile: the form makes a new one
	Revision     int64
	Form         StopForm
	Conflict     string // what another tab did
	Other        string // what stands there now, as Markdown
	Picture, Alt string
	PictureError string
	Lab          string // what the frame shows, "" for none
	Labs         []Link // to choose from
	Wall, Phone  ClassStage
}

// A PlanStop is a stop in the list of a plan. Stage, Notes and Lab are there for who looks at it.
type PlanStop struct {
	ID, Title, Kind      string
	TitleHTML            string // Title with its formulas typeset; "" where it has none
	Current, First, Last bool
	Stage                *ClassStage
	Notes, Lab           string
}

// PlanVersions lists what a plan was before.
type PlanVersions struct {
	Frame     Frame
	ID, Title string
	Most      int
	Versions  []PlanVersion
	Shown     string // the number of the one to look at, "" for none
	Markdown  string // of it
}

// A PlanVersion is a plan as it was until a moment.
type PlanVersion struct {
	Revision, Title string
	Stops           int
	Until           time.Time
}
