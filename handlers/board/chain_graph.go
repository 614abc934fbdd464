package board

import (
	"fmt"
	"strconv"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// deepestDrawn is the depth up to which a graph fits a page.
const deepestDrawn = 6

// chainGraph draws the graph of a chain; nil where it is too deep for a page.
//
// A layer is a row, from its weight on the left to its output on the right; data flows down. So a skip is a straight line
// along the right edge, and the gradient comes back up along it untouched.
func chainGraph(config experiment.Chain) *views.Graph {
	if config.Depth > deepestDrawn {
		return nil
	}
	g := config.Graph()
	twin, out := "plain", 2 // the column of the outputs
	if config.Residual() {
		twin, out = "residual", 3
	}
	ops := 2*config.Depth + config.Depth*(out-2) + 1
	drawn := &views.Graph{Twin: twin, Label: graphLabel(g, twin), Nodes: make([]views.GraphNode, len(g.Nodes))}
	for i, n := range g.Nodes {
		drawn.Nodes[i] = graphNode(n, config, out)
		if n.Op != "leaf" {
			drawn.Nodes[i].Forward = n.ID + 1
		}
		drawn.Nodes[i].Back = ops + 1 // the loss's own gradient is 1 as soon as the way back begins
	}
	// Op i hands back in step 2·ops - i; a number's gradient is complete when the first of its uses has done so.
	for _, e := range g.Edges {
		step := 2*ops - e.To
		drawn.Edges = append(drawn.Edges, views.GraphEdge{
			From: e.From, To: e.To, Local: short(e.Local), Grad: short(e.Grad), Forward: e.To + 1, Back: step,
		})
		drawn.Nodes[e.From].Back = max(drawn.Nodes[e.From].Back, step)
	}
	drawn.Steps = graphSteps(g, ops)
	return drawn
}

// short is a number as a node has room for.
func short(v float64) views.Text { return views.Short(v, 3) }

func graphNode(n experiment.ChainNode, config experiment.Chain, out int) views.GraphNode {
	node := views.GraphNode{Name: n.Role, Class: "op", Op: opSymbol(n), Value: short(n.Value), Grad: short(n.Grad), Row: n.Layer}
	if n.Layer > 0 {
		node.Sub = strconv.Itoa(n.Layer)
	}
	switch n.Role {
	case "x":
		node.Class, node.Column = "leaf", out
	case "w":
		node.Class, node.Column = "leaf", 0
	case "a":
		node.Column = 1
	case "h":
		node.Column = 2
	case "z":
		node.Column = out
	case "L":
		node.Class, node.Column, node.Row = "loss", out, config.Depth+1
	}
	return node
}

func opSymbol(n experiment.ChainNode) string {
	switch n.Op {
	case "leaf":
		return ""
	case "Mul":
		return "×"
	case "Add":
		return "+"
	case "HalfSquaredError":
		return "½(z − t)²"
	}
	return strings.ReplaceAll(n.Op, "_", " ")
}

func graphLabel(g experiment.ChainGraph, twin string) string {
	return fmt.Sprintf("The computational graph of the %s chain of depth %d: %d numbers with their values and gradients. The list below says the same step by step.",
		twin, g.Config.Depth, len(g.Nodes))
}

// graphSteps says what each step does: every op in order, forward and then back.
func graphSteps(g experiment.ChainGraph, ops int) []string {
	steps := make([]string, 2*ops)
	inputs := make([][]experiment.ChainEdge, ops)
	for _, e := range g.Edges {
		inputs[e.To] = append(inputs[e.To], e)
	}
	name := func(id int) string { return nodeName(g.Nodes[id]) }
	for id, edges := range inputs {
		n := g.Nodes[id]
		args := make([]string, len(edges))
		back := make([]string, len(edges))
		for i, e := range edges {
			args[i] = name(e.From)
			back[i] = fmt.Sprintf("%s to ∂L/∂%s (local slope %s)", short(e.Grad).Line(), name(e.From), short(e.Local).Line())
		}
		steps[id] = fmt.Sprintf("Forward: %s = %s = %s.", name(id), expression(n, args), short(n.Value).Line())
		steps[2*ops-1-id] = fmt.Sprintf("Back: ∂L/∂%s = %s is complete; it hands %s.", name(id), short(n.Grad).Line(), strings.Join(back, " and "))
	}
	return steps
}

func nodeName(n experiment.ChainNode) string {
	if n.Layer == 0 {
		return n.Name
	}
	return n.Role + subscript(n.Layer)
}

func expression(n experiment.ChainNode, args []string) string {
	switch n.Op {
	case "Mul":
		return args[0] + " · " + args[1]
	case "Add":
		return args[0] + " + " + args[1]
	case "HalfSquaredError":
		return "½(" + args[0] + " − t)²"
	}
	return opSymbol(n) + "(" + args[0] + ")"
}
