package views

// Blocks is the lab in which trained nets lose blocks.
type Blocks struct {
	Frame    Frame
	Controls Controls
	View     []Hidden // fields of the form without a control of their own
	Board    BlocksBoard
}

// BlocksBoard is everything of the blocks lab that depends on the config and on whether its nets are trained.
type BlocksBoard struct {
	Verdict Verdict
	Refusal string // why this config cannot be run; "" if it can
	Run     BlocksRun
	Press   *Press       // how it is run without scripts; nil where it is known or cannot be run
	Clicks  []BlocksTab  // what a click on a block may do
	Mend    string       // leads to the whole nets; "" where they are whole
	Nets    []BlocksNet  // plain, residual
	Why     Text         // what the change means for the paths through the nets
	Note    Text         // what a block that changes the size leaves
	Figures []Figure     // nil while the nets are not trained
	Tables  []BlockTable // their numbers
	APILink string       // "" where it cannot be run
	Exports []Link
}

// BlocksRun is what the script needs to train the nets.
type BlocksRun struct {
	Stream string `json:"stream"` // "" if they cannot be trained
	Known  bool   `json:"known"`  // they are trained
	// Bars are the accuracies of the nets as they stand, by twin, 0 to 1; nothing of nets that are not trained.
	Bars map[string]float64 `json:"bars"`
	// Wholes are those as they were trained.
	Wholes map[string]float64 `json:"wholes"`
}

// A BlocksTab is one of the things that a click may do.
type BlocksTab struct {
	Label, Href string
	Current     bool
}

// A BlocksNet is one of the nets, drawn.
type BlocksNet struct {
	Twin   string // "plain" or "residual"
	Stages []BlocksStage
	Known  bool    // it is trained: there are accuracies
	Now    float64 // accuracy as it stands, 0 to 1
	Whole  float64 // as it was trained
	Said   Text    // both in words
}

// A BlocksStage is the blocks between two changes of size.
type BlocksStage struct {
	Label  string // its channels and pixels
	Blocks []BlockBox
}

// A BlockBox is a place in a net, and the block that stands there.
type BlockBox struct {
	Number   int    // of the block
	Href     string // where a click leads; "" where it does nothing
	Label    string // what it does
	Shortcut string // "identity", "padding" or "projection"; "" of a plain net
	Narrows  bool   // it changes the size
	Out      bool
	Moved    bool // it stands in another's place
	Held     bool // it waits for another to change places with
}

// A BlockTable is one of the lab's tables.
type BlockTable struct {
	Caption string
	Head    []Text
	Rows    [][]Text // the first of a row is its name
}

// Classes are a box's looks.
func (b BlockBox) Classes() string {
	classes := "block"
	for _, c := range []struct {
		on   bool
		name string
	}{{b.Out, " out"}, {b.Moved, " moved"}, {b.Held, " held"}, {b.Narrows, " narrows"}} {
		if c.on {
			classes += c.name
		}
	}
	return classes
}
