package views

import "strconv"

// A ChainNet is the chain, drawn: a row of its layers for each twin that is shown, with the ribbon of the gradient that comes back
// beneath. Everything across is in shares of the row, so that a row is as wide as its place; everything down is in pixels, from
// the top of a row that is [NetRowHeight] high.
type ChainNet struct {
	Layers int
	Curve  string // the path of the activation within a unit's box, whose sides are from −17 to 17; "" where no row has room for it
	Roomy  string // a class: how wide a row must be for its units to show their curves
	Goes   string // what goes forward and what comes back
	Back   string // what comes back, in short
	Rows   []ChainNetRow
	Hits   []ChainNetColumn
	InHand string // where the column of the layer in hand begins, in percent of the row; "" for none
	Column string // how wide a column is, so
	Zeros  []ZeroRun
}

// NetRowHeight is how high a row is: its layers' middle is at NetRowMiddle, its ribbon's at NetRibbonMiddle.
const (
	NetRowHeight    = 122
	NetRowMiddle    = 46
	NetRibbonMiddle = 96
	NetRibbonHeight = 26
)

// box is the coordinates of what is drawn in layers across.
func (n ChainNet) box(top, height int) string {
	return "0 " + strconv.Itoa(top) + " " + strconv.Itoa(n.Layers) + " " + strconv.Itoa(height)
}

// A ChainNetRow is one twin.
type ChainNetRow struct {
	Twin   string // "plain" or "residual"
	Name   string // as it stands at its left
	Amount Text   // what of the last layer's gradient arrives at the first
	Fate   string // the same in words
	Label  string // the whole row in words, for who does not see it
	Boxes  string // the path of the units' boxes, in layers across, where they are too narrow for anything in them
	Units  []ChainNetUnit
	Arcs   string   // the path of the skips, in layers across; "" for none
	Sums   []string // where a skip is added, in percent of the row
	Ribbon string   // the path of what is left of the gradient, in layers across, −1 to 1 down; "" where there is none to draw
	Shares string   // what the ribbon is at each layer, as a share of its widest, for who animates it
	Marks  []ChainNetMark
}

// A ChainNetUnit is a layer's box: where it stands on its activation's curve.
type ChainNetUnit struct {
	Left, Width string // in percent of the row
	X, Y        string // of the dot, within the box
}

// A ChainNetMark is a word under the ribbon. From is the class of the narrowest row that has room for it.
type ChainNetMark struct {
	At, From, Words string
}

// A ChainNetColumn is the column of a layer through the whole figure: what it says when it is pointed at, and where it leads.
type ChainNetColumn struct {
	Layer  int
	Href   string
	InHand bool
	First  bool // of those that the tabulator key stops at
	Lines  []ChainNetLine
	Late   bool // in the right half: what it says stands to its left
}

// A ChainNetLine is what a column says of one twin.
type ChainNetLine struct{ Twin, Words string }

// A ZeroRun is a run of layers whose bars are all 0, as one bracket on the floor of the bars. Row is 0 or 1: two runs in one place
// stand one above the other.
type ZeroRun struct {
	Twin          string
	From, To, Mid string // in percent of the row
	Row           int
	Words         string
	Anchor        string // of the words: "start", "middle" or "end"
}
