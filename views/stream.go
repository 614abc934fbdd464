package views

// Stream is the lab of the residual stream.
type Stream struct {
	Frame    Frame
	Controls Controls
	Layer    string // the value of the field that no control of the form shows
	Board    StreamBoard
}

// StreamBoard is everything of the lab that depends on its config and on the layer in hand.
type StreamBoard struct {
	Verdict  Verdict
	Refusal  string        // why the config cannot be computed, in the verdict's place; "" if it can
	Panels   []StreamPanel // plain, residual
	Previous *SetLink      // to the layer before; nil at the first, as the next at the last
	Next     *SetLink
	Note     Text
	Figure   Figure
	Rows     []StreamRow // by layer, the words as they come in first
	State    StreamState
	APILink  string
	Exports  []Link
}

// A StreamPanel is the plane of one twin: the words as dots after the layer in hand.
type StreamPanel struct {
	Twin, Title string
	Dots        []StreamDot
	Said        Text // how far the words are apart
	One         bool // they are one dot
	Aside       bool // the twin that is not in hand
}

// A StreamDot is a word at its place, in the panel's units: from -500 to 500, y upwards.
type StreamDot struct {
	Word string
	X, Y int
	Name string // where the word stands: "right", "left", "above" or "below" of its dot; "off" where there is no room
}

// A StreamRow is one layer of the table.
type StreamRow struct {
	Name            string
	Plain, Residual StreamCells
}

// StreamCells are a layer's numbers in one of the twins.
type StreamCells struct {
	Difference, Size Text
	Rounding         bool // the difference is nothing but rounding
}

// StreamState is what the script moves the dots by.
type StreamState struct {
	Layer  int                   `json:"layer"` // in hand
	Words  []string              `json:"words"`
	Places map[string][][][2]int `json:"places"` // by twin, layer and word
	Names  map[string][][]string `json:"names"`  // likewise, where the word's name stands
	One    map[string][]bool     `json:"one"`    // by twin and layer
}
