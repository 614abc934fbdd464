package views

import "strconv"

// A TrainStrip is a run's net, drawn: a row for each twin, its units in columns, and below them what gradient each gets.
type TrainStrip struct {
	Columns []StripColumn
	Stages  []StripStage
	Rows    []StripRow
	Ends    [2]string // the names of the first and the last unit
	Chosen  *StripBlock
}

// A StripColumn is one unit of the net, which has its column in each row: the stem, a block or the head.
type StripColumn struct {
	Says   string  // its place in words: "block 4 of 9, stage 2"
	Left   float64 // of the column, in % of the width; Width, too
	Width  float64
	Box    float64 // where its box begins; BoxWidth is its width
	BoxW   float64
	Choose SetLink // takes it in hand, or puts it away
	Chosen bool
}

// A StripStage is a run of blocks whose outputs have one shape, in % of the width.
type StripStage struct {
	From, To float64
	Label    string // "stage 2"; "" where there is one
	Shape    string // "8 × 7 × 7"
}

// A StripRow is one twin: boxes, arcs over those that a skip leads past, and its ribbons.
type StripRow struct {
	Twin, Skip string      // "residual", "A"
	Arcs       string      // an SVG path, a column a unit wide, from y = 0 on top to y = 1 on the wire
	Detours    string      // of the shortcuts that are no identity
	Marks      []StripMark // letters on top of arcs
	Tab        bool        // its boxes are stops of the Tab key
	Ribbons    []StripRibbon
}

// A StripMark is a letter on top of an arc.
type StripMark struct {
	At     float64 // %
	Letter string
}

// A StripRibbon is what gradient reaches each unit at one moment.
type StripRibbon struct {
	Moment string // "start" or "now"
	Name   string // "step 0", "now"
	Path   string // a column a unit wide, from y = -1 to y = 1
	Share  Text   // what the first unit gets for each 1 in the last
	Word   string // what that means
}

// A StripBlock is the unit in hand, in numbers: its layers, and their gradients in each twin at each moment.
type StripBlock struct {
	Title   string
	Links   []SetLink
	Twins   []string
	Moments []string
	Rows    []StripLayer
}

// A StripLayer is one layer of the unit in hand.
type StripLayer struct {
	Name, Kind, Shape, Parameters string
	Cells                         []StripCell // by twin, then by moment
}

// A StripCell is one gradient; Layer is the place among its twin's weighted layers, -1 where the twin has no such layer or
// it has no weights that multiply.
type StripCell struct {
	Twin, Moment string
	Layer        int
	Value        Text
}

// StripRun is what the script needs to move the ribbons.
type StripRun struct {
	Columns int              `json:"columns"`
	Units   map[string][]int `json:"units"`  // by twin: the column of each weighted layer
	Places  map[string][]int `json:"places"` // by twin: where each weighted layer stands among those of both
	Words   []StripWord      `json:"words"`
}

// A StripWord says what a share below a bound means; the bound 0 is none.
type StripWord struct {
	Below float64 `json:"below"`
	Word  string  `json:"word"`
}

func percents(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) + "%" }

// box is a ribbon's or a row of arcs' coordinates: a column a unit wide.
func (s TrainStrip) box(top, height string) string {
	return "0 " + top + " " + strconv.Itoa(len(s.Columns)) + " " + height
}
