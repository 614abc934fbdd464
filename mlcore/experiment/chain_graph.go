package experiment

import (
	"strconv"

	"gradlab/mlcore/autograd"
)

// ChainGraph is the computational graph of a chain after its backward pass, as its tape recorded it.
type ChainGraph struct {
	Config Chain
	Tape   autograd.Graph // as the tape tells it; results are named as the nodes below
	Nodes  []ChainNode    // in the tape's order: the results as they were computed, then x and the weights
	Edges  []ChainEdge
}

// A ChainNode is a number of the chain.
type ChainNode struct {
	ID          int
	Op          string // "Mul", "Add", the activation's name, "HalfSquaredError", or "leaf" for x and the weights
	Name        string // "x", "w3", "a3", "h3" (f's result before the skip is added), "z3" or "L"
	Role        string // the name without its layer
	Layer       int    // 1 to n; 0 of x and L
	Value, Grad float64
}

// A ChainEdge leads a number into the op that uses it. Going back, it hands on Local times the gradient of the result; a
// number with two uses gets the sum of both.
type ChainEdge struct {
	From, To int
	Local    float64 // ∂to/∂from
	Grad     float64 // what it hands back, Local · ∂L/∂to
}

// Graph computes the chain and returns its graph.
func (c Chain) Graph() ChainGraph {
	if c.DType == "float64" {
		return graphOf[float64](c)
	}
	return graphOf[float32](c)
}

func graphOf[T autograd.Float](c Chain) ChainGraph {
	run := recordChain[T](c)
	for i := range run.as {
		layer := strconv.Itoa(i + 1)
		run.as[i].Name, run.hs[i].Name, run.zs[i+1].Name = "a"+layer, "h"+layer, "z"+layer
	}
	run.loss.Name = "L"

	g := ChainGraph{Config: c, Tape: run.tape.Graph()}
	one := autograd.NewTape[T]()
	for _, n := range g.Tape.Nodes {
		node := ChainNode{ID: n.ID, Op: n.Op, Name: n.Name, Role: n.Name[:1], Value: float64(n.Value), Grad: float64(n.Grad)}
		node.Layer, _ = strconv.Atoi(n.Name[1:]) // x and L have none
		g.Nodes = append(g.Nodes, node)
		locals, grads := replay(one, c, g.Tape, n)
		for i, from := range n.Inputs {
			g.Edges = append(g.Edges, ChainEdge{From: from, To: n.ID, Local: float64(locals[i]), Grad: float64(grads[i])})
		}
	}
	return g
}

// replay computes one op of a chain again by itself: what its inputs get back from a gradient of 1, and from its own.
func replay[T autograd.Float](tape *autograd.Tape[T], c Chain, g autograd.Graph, n autograd.GraphNode) (locals, grads []T) {
	if len(n.Inputs) == 0 {
		return nil, nil
	}
	inputs := make([]*autograd.Tensor[T], len(n.Inputs))
	for i, id := range n.Inputs {
		inputs[i] = leaf(g.Nodes[id].Name, T(g.Nodes[id].Value))
	}
	tape.Reset()
	var out *autograd.Tensor[T]
	switch n.Op {
	case "Mul":
		out = tape.Mul(inputs[0], inputs[1])
	case "Add":
		out = tape.Add(inputs[0], inputs[1])
	case "HalfSquaredError":
		out = tape.HalfSquaredError(inputs[0], T(c.Target))
	default:
		out = tape.Activation(c.function(), inputs[0])
	}
	back := func(from T) []T {
		for _, x := range inputs {
			x.ZeroGrad()
		}
		tape.BackwardFrom(out, []T{from})
		grads := make([]T, len(inputs))
		for i, x := range inputs {
			grads[i] = x.Grad[0]
		}
		return grads
	}
	return back(1), back(T(n.Grad))
}
