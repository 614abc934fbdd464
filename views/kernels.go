package views

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kernels is the kernels lab.
type Kernels struct {
	Frame    Frame
	Controls KernelControls
	Board    KernelBoard
}

// KernelControls is the form of the kernels lab.
type KernelControls struct {
	Action        string
	Image, Scale  Control
	Garment       Control
	Classes       []GarmentLink
	Pixels        Control // a picture of the reader's own, as the query has it
	Own           bool    // the image is the reader's own
	Stages        []StageControls
	Trained       Control // the run that learnt the kernels
	Learnt        bool    // a stage has a learnt kernel
	Pixel         []Control
	PixelIsBroken bool // one of Pixel has an error
	Presets       []Link
}

// A GarmentLink leads to the first garment of a class.
type GarmentLink struct {
	Label, Href string
	Index       string
}

// StageControls are the controls of one stage.
type StageControls struct {
	Number                int
	Title                 string
	Kernel, Weights, Unit Control
	Rest                  []Control // stride, padding, activation, pooling
	On, Custom, Learnt    bool
}

// KernelBoard is what the kernels lab computes.
type KernelBoard struct {
	Verdict Verdict
	TrainAt string // where the run that learns the kernels can be trained, if that is still to do
	Stages  []StageView
	Pixel   *PixelView // nil where no stage could be computed
	Rows    []StageRow
	Grid    *NumberGrid
	State   KernelState
	APILink string
	Exports []Link
	RunAt   string // the run that learnt the kernels, in the train lab; "" where none is learnt
}

// KernelState is what the script needs beside the rendered parts.
type KernelState struct {
	Picture string             `json:"picture"` // the image, as a picture in a query
	Stages  map[string]string  `json:"stages"`  // by the stage's number: its weights, as the field has them
	Pixel   map[string]int     `json:"pixel"`   // stage, row and column looked at
	Marks   map[string]MapMark `json:"marks"`   // by the map's key
	Waiting bool               `json:"waiting"` // the run that learnt the kernels is being trained: ask again
}

// A StageView is one stage: the map it reads, its kernel, its sums and what comes out.
type StageView struct {
	Caption Text
	Tiles   []MapTile
	Kernel  NumberGrid
}

// A MapTile is a map drawn in greys.
type MapTile struct {
	Key      string // "in-1", "sum-1", "out-1"
	Title    string
	Side     int
	Padding  int // rows and columns of zeros drawn around it
	Paths    []PixelPath
	Mark     *MapMark
	Low      Text // what black means
	High     Text // what white means
	Signed   bool // grey is 0
	Movable  bool // the pixel looked at can be moved on it
	Stage    int
	Describe string // for screen readers
}

// A MapMark is the frame around the pixels in hand: column, row, width and height.
type MapMark [4]int

// ViewBox is the tile's part of the drawing: a unit a pixel.
func (m MapTile) ViewBox() string {
	return fmt.Sprintf("%d %d %d %d", -m.Padding, -m.Padding, m.Side+2*m.Padding, m.Side+2*m.Padding)
}

// A PixelPath is every pixel of one grey.
type PixelPath struct{ Fill, D string }

// greys is the number of greys that a map is drawn in.
const greys = 64

// Pixels draws a square of values in greys, from low in black to high in white, as one path for each grey: runs of equal
// pixels in a row are one piece of it. What is not finite is left out.
func Pixels(side int, values []float64, low, high float64) []PixelPath {
	return pixelRows(side, side, values, low, high)
}

// pixelRows is [Pixels] of rows that are not as many as they are long.
func pixelRows(rows, width int, values []float64, low, high float64) []PixelPath {
	var pieces [greys]strings.Builder
	for y := range rows {
		for x := 0; x < width; {
			level, from := shade(values[y*width+x], low, high, greys), x
			for x < width && shade(values[y*width+x], low, high, greys) == level {
				x++
			}
			if level >= 0 {
				fmt.Fprintf(&pieces[level], "M%d %dh%dv1H%dz", from, y, x-from, from)
			}
		}
	}
	var paths []PixelPath
	for level := range pieces {
		if pieces[level].Len() > 0 {
			grey := strconv.FormatInt(int64(level*255/(greys-1)), 16)
			if len(grey) == 1 {
				grey = "0" + grey
			}
			paths = append(paths, PixelPath{Fill: "#" + grey + grey + grey, D: pieces[level].String()})
		}
	}
	return paths
}

// shade is the grey of a value, 0 black to steps − 1 white; −1 where it is not finite.
func shade(v, low, high float64, steps int) int {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return -1
	}
	if !(high > low) {
		return 0
	}
	return max(0, min(steps-1, int((v-low)/(high-low)*float64(steps-1)+.5)))
}

// A NumberGrid is a square of numbers with their greys.
type NumberGrid struct {
	Title string
	Rows  [][]NumberCell
}

// Broad says that a phone has no room for the grid beside a map: its rows are of five numbers, or some number is long.
func (g NumberGrid) Broad() bool {
	return len(g.Rows) == 5 || slices.ContainsFunc(slices.Concat(g.Rows...), func(c NumberCell) bool {
		return utf8.RuneCountInString(c.Value.String()) > 6 // "−0.209"
	})
}

// A NumberCell is one number; Class is its grey, "g0" to "g15", with "pad" where it lies in the padding.
type NumberCell struct {
	Value Text
	Class string
}

// Numbers makes a grid of a square of values, shaded from low in black to high in white.
func Numbers(title string, side int, values []float64, low, high float64, format func(float64) Text) NumberGrid {
	g := NumberGrid{Title: title}
	for y := range side {
		row := make([]NumberCell, side)
		for x := range row {
			v := values[y*side+x]
			row[x] = NumberCell{Value: format(v)}
			if level := shade(v, low, high, 16); level >= 0 {
				row[x].Class = "g" + strconv.Itoa(level)
			}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// PixelView opens one sum: patch × kernel = products, and what follows.
type PixelView struct {
	Caption                 Text
	Patch, Kernel, Products NumberGrid
	Said                    string // the sum in one sentence, for screen readers
	Steps                   []Text // the sum, the activation, the pooling: one line each
}

// A StageRow is one stage in the table.
type StageRow struct {
	Stage, Kernel, Size, Sees string
	Low, High, Mean           Text
	Quiet, Gone               string
}
