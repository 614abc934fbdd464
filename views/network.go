package views

// A Network is a net drawn as a row of its layers, once for each twin that is shown, with the ribbon of the gradient that comes
// back beneath. Everything across is in shares of the row, so that a row is as wide as its place; everything down is in pixels,
// from the top of a row that is [StripHeight] high.
type Network struct {
	Layers int
	Curve  string // the path of the activation within a unit's box, whose sides are from −17 to 17; "" for none
	Roomy  string // a class: how wide a row must be for its units to show their curves
	Strips []Strip
	Hits   []LayerHit
	Zeros  []ZeroRun
}

// StripHeight is how high a row is: its layers' middle is at StripMiddle, its ribbon's at RibbonMiddle.
const (
	StripHeight  = 122
	StripMiddle  = 46
	RibbonMiddle = 96
	RibbonHeight = 26
)

// A Strip is one twin.
type Strip struct {
	Twin   string // "plain" or "residual"
	Name   string // as it stands at its left
	Amount Text   // what of the last layer's gradient arrives at the first
	Fate   string // the same in words
	Label  string // the whole row in words, for who does not see it
	Units  []NetUnit
	Arcs   string   // the path of the skips, in layers across; "" for none
	Sums   []string // where a skip is added, in percent of the row
	Ribbon string   // the path of what is left of the gradient, in layers across and pixels down; "" where there is none to draw
	Shares string   // what the ribbon is at each layer, as a share of its widest, for who animates it
	Marks  []NetMark
}

// A NetUnit is a layer's box: where it stands on its activation's curve.
type NetUnit struct {
	Left, Width string // in percent of the row
	X, Y        string // of the dot, within the box
}

// A NetMark is a word under the ribbon. From is the class of the narrowest row that has room for it.
type NetMark struct {
	At, From, Words string
}

// A LayerHit is the column of a layer through the whole figure: what it says when it is pointed at, and where it leads.
type LayerHit struct {
	Layer  int
	Href   string
	InHand bool
	First  bool // of those that the tabulator key stops at
	Words  string
	Lines  []Text // the same, short, one line a twin
	Late   bool   // in the right half: what it says stands to its left
}

// A ZeroRun is a run of layers whose bars are all 0, as one bracket on the floor of the bars. Row is 0 or 1: two runs in one place
// stand one above the other.
type ZeroRun struct {
	Twin          string
	From, To, Mid string // in percent of the row
	Row           int
	Words         string
	Anchor        string // of the words: "start", "middle" or "end"
}
