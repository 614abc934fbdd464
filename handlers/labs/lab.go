package labs

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// A Lab is all that is particular to one lab. Its address is /labs/{name}, the embedded one /embed/{name}.
type Lab struct {
	Experiment
	Menu  string // what the navigation calls it
	Title string // of its card
	Text  string // of its card: what there is to see
	Start string // where its card leads: a query with its ?; "" for the page as it is
	Noun  string // in the midst of a sentence: "the chain"

	Script string   // of its page, in static/js; "" for none
	Sheet  string   // its style sheet, static/css/{sheet}.css; "" for none of its own
	Parts  []string // of its board that who embeds it may name among the controls, beside those that every lab has
	Hand   []string // the controls in the frame of a class for one who may move them; nil for all

	// Page reads the address of its page, which says what is computed and how it is shown. To check it may take as long as all the
	// rest of an answer: it is read once for each.
	Page func(query url.Values) Page
	// Progress says how far the runs are that the button Run trains, in a sentence. It is nil of a lab that has no such button.
	Progress func(query url.Values, v runner.GroupView) string

	Picture func(query url.Values) templ.Component // a small picture of a state, as SVG, at /labs/{name}/picture.svg; nil for none
	Truths  []Truth
	Exports []Export
	More    []Experiment // what else of it can be asked for under /api
	Own     []Route      // what else its page asks for
}

// An Experiment is what the API computes: /api/{name}.
type Experiment struct {
	Name string
	// Run reads the parameters of a run: which fields apply, and what is wrong.
	Run func(query url.Values) ([]experiment.Field, experiment.FieldErrors)
	// Takes is the training that a run takes; nil for none.
	Takes func(query url.Values) []experiment.Run
	// Sized says that it is for the run's own fields to keep that within the memory of a server.
	Sized bool
	// Work is what Result and the lab's page take of a core beside the training, in the multiply-adds of float32 by which runs are
	// scheduled; nil where that is some milliseconds. It is asked with the page's query, too.
	Work func(query url.Values) float64
	// Result is what the API answers, given the outcomes of the training.
	Result func(query url.Values, outcomes []*experiment.Outcome) (any, error)
	// Facts is what lessons may name of it; nil where they may not.
	Facts func(query url.Values, outcomes []*experiment.Outcome) (any, error)
	Doc   Doc

	// Asks takes from a query what belongs to the API alone; nil where nothing does.
	Asks func(query url.Values) (own url.Values, errs experiment.FieldErrors)
	// Stream answers with events where a request accepts them; nil where there are none.
	Stream func(s *Site, w http.ResponseWriter, r *http.Request) error
	// DOT writes the result in Graphviz's language, for who accepts that; nil where it is no graph.
	DOT func(w io.Writer, query url.Values) error
}

// A Route is an address of one lab: /labs/{name}/{path}.
type Route struct {
	Path  string
	Serve func(s *Site, w http.ResponseWriter, r *http.Request) error
}

// A Doc documents an experiment on the page of the API.
type Doc struct {
	Answer  string
	Shape   any     // a value of the type that Result returns
	Example string  // the query of an example, with its ?
	Flags   string  // of curl, with a space behind
	Fields  []Group // whose parameters are listed; none where they are those of its lab
}

// A Group is the parameters that apply in one case, which the query names.
type Group struct {
	Title string // "" where there is but one case
	Query url.Values
}

// A Page is what the address of a lab's page says.
type Page struct {
	Fields []experiment.Field // that apply, those of what is shown included
	Errs   experiment.FieldErrors
	Run    url.Values // the experiment alone, defaults left out
	// Twin is the same page with the skip the other way; nil where there is none. Residual says which of the two this page is.
	Twin     url.Values
	Residual bool

	Trains []experiment.Run // that the button Run trains: twins, points of a sweep; none where something is wrong
	Before []experiment.Run // that are trained before the page is shown, as long as its reader has patience
	// Outcomes looks up the runs that the page shows, where these are others than those that it trains, or worth a moment's wait. What
	// is not known is nil.
	Outcomes func(ctx context.Context, runs *Runs) []*experiment.Outcome
	// Show fills the page and the board, given those outcomes, or what is wrong: Errs, or else why what it trains is too large for this
	// server. It waits for nothing.
	Show func(outcomes []*experiment.Outcome, errs experiment.FieldErrors) Shown
}

// Shown is a lab in one state: the page, and the pieces of it that its script puts in place when the state changes.
type Shown struct {
	Query   url.Values // as the address has it, defaults left out
	Errs    experiment.FieldErrors
	Known   bool // whether all that it takes has been computed: it will never look otherwise
	Page    func(f views.Frame, press *views.Press) templ.Component
	Parts   map[string]templ.Component // by the name in data-part
	Figures []views.Figure
	// Answer adds to what every script gets what this lab's needs; nil for nothing.
	Answer func(Drawn) any
}

// A Truth is a number that a lab computes for a prediction of a class.
type Truth struct {
	Path  string // where the result has it: "grad_w[0]"
	Lower bool   // the question is which twin has less of it, plain or residual
	Label string
}

// An Export is an experiment as a file: /export/{name}.{ending}.
type Export struct {
	Ending string
	// Takes are the runs whose outcomes the file holds; nil for none.
	Takes func(query url.Values) []experiment.Run
	// Write writes the file and returns its name, without the ending. link is the address of the lab's page.
	Write func(w io.Writer, link string, query url.Values, outcomes []*experiment.Outcome) (name string, err error)
}

func (e Export) takes(query url.Values) []experiment.Run {
	if e.Takes == nil {
		return nil
	}
	return e.Takes(query)
}

func (e Experiment) takes(query url.Values) []experiment.Run {
	if e.Takes == nil {
		return nil
	}
	return e.Takes(query)
}

// work is what a request takes of a core that computes its answer itself.
func (e Experiment) work(query url.Values) float64 {
	if e.Work == nil {
		return ownWork
	}
	return ownWork + e.Work(query)
}

// asked is what a request of the API is about, and what is wrong with it.
func (e Experiment) asked(query url.Values) (own url.Values, errs experiment.FieldErrors) {
	if e.Asks != nil {
		query, errs = e.Asks(query)
	}
	_, wrong := e.Run(query)
	if wrong == nil {
		return query, errs
	}
	for name, reason := range errs {
		wrong[name] = reason
	}
	return query, wrong
}

// lesson is an experiment as lessons know it.
func (e Experiment) lesson() lessons.Experiment {
	return lessons.Experiment{
		Name: e.Name, Runs: e.Takes, Work: e.Work, Facts: e.Facts,
		Check: func(query url.Values) experiment.FieldErrors { _, errs := e.Run(query); return errs },
	}
}
