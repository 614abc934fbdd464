package views

import "strconv"

// A TrainNet is a run's net, drawn: a row for each twin, its units in columns, and below them what gradient each gets.
type TrainNet struct {
	Columns []TrainNetColumn
	Stages  []TrainNetStage
	Rows    []TrainNetRow
	Ends    [2]string // the names of the first and the last unit
	Chosen  *TrainNetUnit
}

// A TrainNetColumn is one unit of the net, which has its column in each row: the stem, a block or the head.
type TrainNetColumn struct {
	Says   string  // its place in words: "block 4 of 9, stage 2"
	Left   float64 // of the column, in % of the width; Width, too
	Width  float64
	Box    float64 // where its box begins; BoxWidth is its width
	BoxW   float64
	Choose SetLink // takes it in hand, or puts it away
	Chosen bool
}

// A TrainNetStage is a run of blocks whose outputs have one shape, in % of the width.
type TrainNetStage struct {
	From, To float64
	Label    string // "stage 2"; "" where there is one
	Shape    string // "8 × 7 × 7"
}

// A TrainNetRow is one twin: boxes, arcs over those that a skip leads past, and its ribbons.
type TrainNetRow struct {
	Twin, Skip string           // "residual", "A"
	Arcs       string           // an SVG path, a column a unit wide, from y = 0 on top to y = 1 on the wire
	Detours    string           // of the shortcuts that are no identity
	Marks      []TrainNetLetter // letters on top of arcs
	Tab        bool             // its boxes are stops of the Tab key
	Ribbons    []TrainNetRibbon
}

// A TrainNetLetter is a letter on top of an arc.
type TrainNetLetter struct {
	At     float64 // %
	Letter string
}

// A TrainNetRibbon is what gradient reaches each unit at one moment.
type TrainNetRibbon struct {
	Moment string // "start" or "now"
	Name   string // "step 0", "now"
	Path   string // a column a unit wide, from y = -1 to y = 1
	Share  Text   // what the first unit gets for each 1 in the last
	Word   string // what that means
}

// A TrainNetUnit is the unit in hand, in numbers: its layers, and their gradients in each twin at each moment.
type TrainNetUnit struct {
	Title   string
	Links   []SetLink
	Twins   []string
	Moments []string
	Rows    []TrainNetLayer
}

// A TrainNetLayer is one layer of the unit in hand.
type TrainNetLayer struct {
	Name, Kind, Shape, Parameters string
	Cells                         []TrainNetCell // by twin, then by moment
}

// A TrainNetCell is one gradient; Layer is the place among its twin's weighted layers, -1 where the twin has no such layer or
// it has no weights that multiply.
type TrainNetCell struct {
	Twin, Moment string
	Layer        int
	Value        Text
}

// TrainNetRun is what the script needs to move the ribbons.
type TrainNetRun struct {
	Columns int              `json:"columns"`
	Units   map[string][]int `json:"units"`  // by twin: the column of each weighted layer
	Places  map[string][]int `json:"places"` // by twin: where each weighted layer stands among those of both
	Words   []Reach          `json:"words"`
}

// A Reach says what a share below a bound means; the bound 0 is none.
type Reach struct {
	Below float64 `json:"below"`
	Word  string  `json:"word"`
}

func percents(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) + "%" }

// box is a ribbon's or a row of arcs' coordinates: a column a unit wide.
func (s TrainNet) box(top, height string) string {
	return "0 " + top + " " + strconv.Itoa(len(s.Columns)) + " " + height
}
