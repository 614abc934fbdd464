package views

// Sweep is the sweep lab.
type Sweep struct {
	Frame    Frame
	Controls Controls
	Show     string
	Tabs     []SweepTab
	Remedies *SweepRemedies // nil where there are none to choose
	Together Control        // beside them
	Board    SweepBoard
}

// A SweepTab leads to one of the lab's questions.
type SweepTab struct {
	Label, Href string
	Current     bool
}

// SweepRemedies are the boxes to tick.
type SweepRemedies struct {
	Label, Help, Default, Error string
	Value                       string // those chosen, by commas
	Boxes                       []SweepBox
}

// A SweepBox is one remedy.
type SweepBox struct {
	Value, Label string
	Checked      bool
}

// SweepBoard is everything of the sweep lab that depends on the config and on which of its runs are known.
type SweepBoard struct {
	Verdict Verdict
	Refusal string     // why this config cannot be run; "" if it can
	Figure  *Figure    // over depth; nil for the grid
	Keys    []SweepKey // of the figure's lines
	Grid    *SweepGrid // nil for the others
	Lines   []SweepLine
	Rows    []SweepRow
	Losses  bool // the table has losses beside the gradients
	Axis    string
	Run     SweepRun
	Press   *Press // how it is run without scripts; nil where it is known or cannot be run
	APILink string // "" if it cannot be run, as the next
	CSVLink string
}

// A SweepKey tells one line from the others: by its marker, and by its shade of the colour of its twin.
type SweepKey struct {
	Glyph, Name, Twin string
	Tone              int
}

// SweepRun is what the script needs to run a sweep.
type SweepRun struct {
	Stream string `json:"stream"` // "" if it cannot be run
	Known  int    `json:"known"`  // points
	Of     int    `json:"of"`
	Cheap  bool   `json:"cheap"` // it runs without being asked
}

// A SweepLine is a column, or a pair of them, of the table.
type SweepLine struct{ Name, Twin string }

// A SweepRow is one depth in the table.
type SweepRow struct {
	Depth int
	Cells []SweepCell // by line
}

// A SweepCell is what one run gave; its texts are nil while it is not known.
type SweepCell struct {
	Point          string // names the run to the script: the line and the depth
	Gradient, Loss Text
	Href           string // the run in the train lab
	Label          string // for the link's reader
}

// SweepGrid is the 2 × 2 of normalisation and skip.
type SweepGrid struct {
	Caption Text
	Columns []SweepLine // without and with the skip
	Rows    []SweepGridRow
}

// A SweepGridRow has or lacks the normalisation.
type SweepGridRow struct {
	Name  string
	Cells []SweepCell
}
