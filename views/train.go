package views

import "fmt"

// Train is the train lab.
type Train struct {
	Frame    Frame
	Controls Controls
	View     []Hidden // what is shown of the run: fields of the form without a control of their own
	Board    TrainBoard
}

// Hidden is a field of a form that links change.
type Hidden struct{ Name, Value, Default string }

// TrainBoard is everything of the train lab that depends on the config.
type TrainBoard struct {
	Verdict      Verdict
	Refusal      string    // why this config cannot be run; "" if it can
	Strip        *TrainNet // the net, drawn; nil where the config cannot be run
	Loss         Figure    // the curves over the steps, whichever are chosen
	Gradients    Figure    // the layers' gradients, as bars or as a map
	CurveTabs    []Tab
	GradientTabs []Tab
	Run          TrainRun
	Press        *Press        // how it is run without scripts; nil where it is known or cannot be run
	Numbers      []StepRow     // the finished run in brief; empty before it
	Norms        *NormTable    // its gradients in brief; nil before it
	Learnt       []LearntTwin  // what each twin learnt; none before
	Samples      []SampleView  // the images that it is shown on
	Chosen       *SampleDetail // the image in hand
	Untaught     string        // why there are no kernels to show; "" where there are
	Ledger       *TrainLedger  // nil where the config cannot be run
	APILink      string
	KernelsAt    string // the kernels that the run learnt, in their lab; "" while it has none
	Exports      []Link // the run as files; none where it cannot be run
}

// A Tab is one of several ways to show a figure.
type Tab struct {
	SetLink
	Current bool
}

// TrainRun is what the script needs to play a run.
type TrainRun struct {
	Stream    string         `json:"stream"`                                       // the event stream of both twins
	Query     string         `json:"query"`                                        // the run's own query, defaults left out: its identity
	Steps     int            `json:"steps"`                                        // how many there will be
	Layers    []string       `json:"layers"`                                       // names of the weighted layers of both twins, input first
	Twins     bool           `json:"twins"`                                        // whether plain and residual differ
	Subject   string         `json:"subject"`                                      // the twin that the config names: "plain" or "residual"
	Curve     string         `json:"curve"`                                        // what is drawn over the steps: "loss", "log" or "accuracy"
	Gradients string         `json:"gradients"`                                    // "bars" or "heat"
	Strip     *TrainNetRun   `json:"strip"`                                        // how the drawn net's ribbons move; null where there is none
	Settings  []Setting      `json:"settings"`                                     // the run in words, to say what differs between two
	Finished  map[string]any `json:"finished" ts:"Record<string, Step[]> | null"`  // the steps of each twin, if they are known already
	Tests     map[string]any `json:"tests" ts:"Record<string, Evaluation> | null"` // what the test images say of each twin after its last update, if known
}

// A Setting is one field of a run in words: "seed 3", "no skip".
type Setting struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A StepRow is one step of the finished run in the table.
type StepRow struct {
	Step            int
	Plain, Residual StepCells
}

// StepCells are a step's numbers in one of the twins; nil where it has none.
type StepCells struct{ Loss, Accuracy, TestLoss, TestAccuracy Text }

// NormTable is the layers' gradients at some steps.
type NormTable struct {
	Twins []NormTwin
	Steps []int
	Rows  []NormRow
}

// A NormTwin is a net by the class of its colour, and its name.
type NormTwin struct{ Twin, Name string }

// A NormRow is one layer: for each twin a number for each step.
type NormRow struct {
	Layer string
	Cells [][]Text
}

// LearntTwin is what one twin's first layer has become.
type LearntTwin struct {
	Twin    string // "plain" or "residual"
	Kernels []NumberGrid
}

// A SampleView is one image and what each twin says that it is.
type SampleView struct {
	Picture Picture
	Set     string // "trained on" or "new"
	Label   string
	Answers []SampleAnswer
	Choose  SetLink
	Chosen  bool
}

// A Picture is a part of an image that holds several beside each other: that at column Left of an image Across wide.
type Picture struct {
	Source             string // address of the whole image
	Left, Across, Side int    // pixels
	Describe           string
}

// A SampleAnswer is a net's answer to an image: "right", or "wrong: Sandal", and how sure it is.
type SampleAnswer struct {
	Twin, Text, Share string
	Right             bool
}

// SampleDetail is the image in hand: its feature maps and every probability.
type SampleDetail struct {
	Title string
	Maps  []TwinMaps
	Odds  []OddsRow
	Twins []string
}

// TwinMaps are the maps of one twin.
type TwinMaps struct {
	Twin     string
	Pictures []Picture
	Rows     []MapRow
	Caption  Text // what black and white mean
}

// A MapRow is one feature map in numbers.
type MapRow struct {
	Channel         int
	Low, High, Mean Text
	Quiet           string // the share of pixels that are exactly 0
}

// An OddsRow is one class: what each twin gives it.
type OddsRow struct {
	Class  string
	Wanted bool
	Shares []Text
}

// TrainLedger is the parameters of a net, layer by layer, for each kind of skip side by side.
type TrainLedger struct {
	Variants []string // "plain", "A: identity, zero-padded", …
	Current  int      // the one that the config names
	Rows     []LedgerRow
	Totals   []LedgerCell
	Extra    []LedgerCell // more than the plain net has
	Work     []string     // multiply-adds an image
	Note     Text
}

// A LedgerRow is one layer.
type LedgerRow struct {
	Name, Kind, Shape, Formula string
	Cells                      []LedgerCell // by variant
}

// A LedgerCell is a count of parameters; it differs from that of the plain net, or the variant has no such layer.
type LedgerCell struct {
	Count   string
	Differs bool
}

// ViewBox cuts the picture out of the image that holds it.
func (p Picture) ViewBox() string { return fmt.Sprintf("%d 0 %d %d", p.Left, p.Side, p.Side) }
