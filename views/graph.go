package views

import (
	"fmt"
	"strings"
)

// Graph is a computational graph as a drawing: nodes in a grid, forward from the top row to the bottom one.
type Graph struct {
	Twin  string // "plain" or "residual": the colour of its gradients
	Label string // in words
	Nodes []GraphNode
	Edges []GraphEdge
	Steps []string // what happens in each step, forward and then back, in words; a number's step counts from 1
}

// A GraphNode is one number: what it is, its value and its gradient.
type GraphNode struct {
	Name, Sub   string // "a" and "3"
	Op          string // "×", "+", "tanh"; "" of a leaf
	Class       string // a class: "leaf", "op", "loss"
	Value, Grad Text
	Row, Column int
	Forward     int // the step in which the value is known; 0: from the start
	Back        int // the step in which the gradient is complete
}

// A GraphEdge leads from one node to another, named by their places in the list of nodes.
type GraphEdge struct {
	From, To    int
	Local, Grad Text // ∂to/∂from, and what is handed back along the edge
	Forward     int  // the step in which the number flows
	Back        int  // the step in which its gradient flows back
}

// The grid of a drawn graph, in units of the SVG's viewBox.
const (
	nodeWidth, nodeHeight   = 148, 66
	columnPitch, rowPitch   = 248, 122
	graphMargin             = 6
	columnMiddle, rowMiddle = graphMargin + nodeWidth/2, graphMargin + nodeHeight/2
)

// ViewBox is the SVG's viewBox: as large as the grid.
func (g Graph) ViewBox() string {
	columns, rows := 0, 0
	for _, n := range g.Nodes {
		columns, rows = max(columns, n.Column), max(rows, n.Row)
	}
	return fmt.Sprintf("0 0 %d %d", 2*columnMiddle+columns*columnPitch, 2*rowMiddle+rows*rowPitch)
}

// Middle is the centre of a node.
func (n GraphNode) Middle() (x, y int) {
	return columnMiddle + n.Column*columnPitch, rowMiddle + n.Row*rowPitch
}

// At is the transform that puts a node in its place.
func (n GraphNode) At() string {
	x, y := n.Middle()
	return fmt.Sprintf("translate(%d %d)", x-nodeWidth/2, y-nodeHeight/2)
}

// Path draws an edge: straight along a row or a column, else as a curve from below one node to above the other.
func (g Graph) Path(e GraphEdge) string {
	from, to := g.Nodes[e.From], g.Nodes[e.To]
	x1, y1 := from.Middle()
	x2, y2 := to.Middle()
	const arrow = 3 // the tip's own length
	if from.Row == to.Row {
		return fmt.Sprintf("M%d %dH%d", x1+nodeWidth/2, y1, x2-nodeWidth/2-arrow)
	}
	y1, y2 = y1+nodeHeight/2, y2-nodeHeight/2-arrow
	if x1 == x2 {
		return fmt.Sprintf("M%d %dV%d", x1, y1, y2)
	}
	bend := (y2 - y1) * 3 / 4
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1, y1+bend, x2, y2-bend, x2, y2)
}

// A graphLabel is where the words of an edge stand.
type graphLabel struct {
	X, Y   int
	Anchor string
}

// Place is where the words of an edge stand: above a horizontal edge, to the right of a vertical one, and to the left of a
// curve's end, where nothing else is drawn.
func (g Graph) Place(e GraphEdge) graphLabel {
	from, to := g.Nodes[e.From], g.Nodes[e.To]
	x1, y1 := from.Middle()
	x2, y2 := to.Middle()
	switch {
	case from.Row == to.Row:
		return graphLabel{(x1 + x2) / 2, y1 - 6, "middle"}
	case x1 == x2:
		return graphLabel{x1 + 9, (y1+y2)/2 - 4, "start"}
	}
	return graphLabel{x2 - 9, y2 - nodeHeight/2 - 24, "end"}
}

// Line writes a text in one line of characters, for SVG, which has no superscripts: 6·10⁻⁹.
func (t Text) Line() string {
	var b strings.Builder
	for _, s := range t {
		if s.Class == "sup" {
			b.WriteString(superscripts.Replace(s.Text))
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

var superscripts = strings.NewReplacer("−", "⁻", "-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
