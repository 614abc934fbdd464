package autograd

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
)

// Graph is the computation on a tape as plain data. An op's ID is its position on the tape, so that the same program
// gives the same graph; leaves (inputs, parameters, constants) follow the ops, in the order of their first use.
type Graph struct {
	Nodes []GraphNode `json:"nodes"`
}

// GraphNode is one op with its result, or one leaf.
type GraphNode struct {
	ID     int    `json:"id"`
	Op     string `json:"op"`             // "Mul"; "leaf" for what no op made
	Name   string `json:"name,omitempty"` // a parameter's
	Scope  string `json:"scope,omitempty"`
	Shape  []int  `json:"shape"`
	Inputs []int  `json:"inputs,omitempty"` // IDs, in the order of the op's arguments
	// Value and Grad are the number of a one-element tensor and its gradient, or else the L2 norms of the elements.
	Value   Number `json:"value"`
	Grad    Number `json:"grad"`
	HasGrad bool   `json:"has_grad"`
}

// Number is a float64 that JSON can hold: NaN and the infinities become the strings "nan", "inf" and "-inf".
type Number float64

// MarshalJSON writes the number, or the string that stands for it.
func (n Number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"nan"`), nil
	case math.IsInf(v, 0):
		return json.Marshal(strings.TrimPrefix(strings.ToLower(fmt.Sprint(v)), "+"))
	default:
		return json.Marshal(v)
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(raw []byte) error {
	switch string(raw) {
	case `"nan"`:
		*n = Number(math.NaN())
	case `"inf"`:
		*n = Number(math.Inf(1))
	case `"-inf"`:
		*n = Number(math.Inf(-1))
	default:
		return json.Unmarshal(raw, (*float64)(n))
	}
	return nil
}

// Graph returns the computation recorded since Reset.
func (t *Tape[T]) Graph() Graph {
	ids := map[*Tensor[T]]int{}
	ops := t.ops[:t.n]
	for i, op := range ops {
		ids[&op.self().out] = i
	}
	g := Graph{Nodes: make([]GraphNode, len(ops))}
	for i, op := range ops {
		n := graphNode(i, kindOf(op), &op.self().out)
		n.Scope = t.scopes.paths[op.self().scope]
		for _, x := range op.inputs() {
			id, known := ids[x]
			if !known {
				id = len(g.Nodes)
				ids[x] = id
				g.Nodes = append(g.Nodes, graphNode(id, "leaf", x))
			}
			n.Inputs = append(n.Inputs, id)
		}
		g.Nodes[i] = n
	}
	return g
}

func graphNode[T Float](id int, op string, x *Tensor[T]) GraphNode {
	n := GraphNode{ID: id, Op: op, Name: x.Name, Shape: append([]int{}, x.Shape...), HasGrad: x.HasGrad()}
	if x.Len() == 1 && !x.layout.lanes {
		n.Value = Number(x.Data[0])
		if n.HasGrad {
			n.Grad = Number(x.Grad[0])
		}
		return n
	}
	n.Value, n.Grad = Number(x.ValueStats().Norm), Number(x.GradStats().Norm)
	return n
}

// DOT writes the graph in Graphviz's language, data flowing upwards.
func (g Graph) DOT(w io.Writer) error {
	var b strings.Builder
	b.WriteString("digraph tape {\n\trankdir=BT;\n\tnode [fontname=\"sans-serif\"];\n")
	for _, n := range g.Nodes {
		shape, title := "ellipse", n.Op
		if n.Op == "leaf" {
			shape, title = "box", n.Name
		}
		if title == "" {
			title = "input"
		}
		label := fmt.Sprintf("%s\nvalue %.4g", title, float64(n.Value))
		if n.HasGrad {
			label += fmt.Sprintf("\ngradient %.4g", float64(n.Grad))
		}
		if n.Scope != "" {
			label = n.Scope + "\n" + label
		}
		fmt.Fprintf(&b, "\tn%d [shape=%s, label=%s];\n", n.ID, shape, quoteDOT(label))
	}
	for _, n := range g.Nodes {
		for _, from := range n.Inputs {
			fmt.Fprintf(&b, "\tn%d -> n%d;\n", from, n.ID)
		}
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// quoteDOT quotes a label: DOT knows \" and \n, and takes other bytes as they are.
func quoteDOT(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
