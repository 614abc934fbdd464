package views

// Transformer is the lab in which a Transformer learns.
type Transformer struct {
	Frame    Frame
	Controls Controls
	View     Hidden // the step in hand
	Board    TransformerBoard
}

// TransformerBoard is everything of the lab that depends on its config and on whether its nets are trained.
type TransformerBoard struct {
	Verdict  Verdict
	Refusal  string // why this config cannot be run; "" if it can
	Run      TransformerRun
	Press    *Press // how it is run without scripts; nil where it is known or cannot be run
	Figures  []Figure
	Sequence []SequenceRow  // what both make of a new sequence; nil before they are trained, as the next two
	Rows     []SequenceStep // their losses
	Norms    *NormTable     // their gradients
	APILink  string         // "" where it cannot be run
	Exports  []Link
}

// TransformerRun is what the script needs to train both.
type TransformerRun struct {
	Stream   string         `json:"stream"` // "" if they cannot be trained
	Known    bool           `json:"known"`  // they are trained
	Steps    int            `json:"steps"`  // how many there will be
	Step     int            `json:"step"`   // in hand, from 0
	Layers   []string       `json:"layers"`
	Finished map[string]any `json:"finished" ts:"Record<string, Step[]> | null"` // the steps of post and pre, if they are known
}

// A SequenceRow is a sequence: what is read or wanted, or what one of the nets says.
type SequenceRow struct {
	Name, Twin string // Twin is the class of its colour; "" for none
	Right      string // how many are; "" of no net
	Tokens     []SequenceToken
}

// A SequenceToken is one place of it.
type SequenceToken struct {
	Token string
	Wrong bool
}

// A SequenceStep is a row of the table: loss and accuracy of post-LN, then of pre-LN.
type SequenceStep struct {
	Name  string
	Cells []Text
}
