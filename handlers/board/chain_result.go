package board

import "gradlab/mlcore/experiment"

// A ChainResult is a chain as the API has it: lists by layer; z and grad_z have the input's number first.
type ChainResult struct {
	Config map[string]any `json:"config"`
	Loss   Float          `json:"loss"`
	W      Floats         `json:"w"`
	A      Floats         `json:"a"`
	Z      Floats         `json:"z"`
	GradW  Floats         `json:"grad_w"`
	GradA  Floats         `json:"grad_a"`
	GradZ  Floats         `json:"grad_z"`
}

// NewChainResult writes numbers with the digits of the chain's own precision.
func NewChainResult(r experiment.ChainResult) ChainResult {
	return chainResult(r, Bits(r.Config.DType))
}

func chainResult(r experiment.ChainResult, bits int) ChainResult {
	list := func(values []float64) Floats { return Floats{values, bits} }
	return ChainResult{
		Config: experiment.ChainTable().JSON(r.Config), Loss: Float{r.Loss, bits},
		W: list(r.W), A: list(r.A), Z: list(r.Z), GradW: list(r.GradW), GradA: list(r.GradA), GradZ: list(r.GradZ),
	}
}

// ChainFacts are what lessons may name of a chain: its result in full, and the factor of each layer.
type ChainFacts struct {
	ChainResult
	Factor Floats `json:"factor"`
}

// NewChainFacts writes every digit, since claims are computed with them.
func NewChainFacts(r experiment.ChainResult) ChainFacts {
	return ChainFacts{chainResult(r, 64), Floats{r.Factor, 64}}
}

// A GraphResult is a chain's computational graph as the API has it.
type GraphResult struct {
	Config map[string]any `json:"config"`
	Nodes  []GraphNode    `json:"nodes"`
	Edges  []GraphEdge    `json:"edges"`
}

// A GraphNode is a number of the graph; Grad is the loss's derivative with respect to it.
type GraphNode struct {
	ID    int    `json:"id"`
	Op    string `json:"op"`
	Name  string `json:"name"`
	Layer int    `json:"layer"`
	Value Float  `json:"value"`
	Grad  Float  `json:"grad"`
}

// A GraphEdge leads from an input to what is computed of it: Local is its derivative, Grad what it hands back.
type GraphEdge struct {
	From  int   `json:"from"`
	To    int   `json:"to"`
	Local Float `json:"local"`
	Grad  Float `json:"grad"`
}

// NewGraphResult writes a graph.
func NewGraphResult(g experiment.ChainGraph) GraphResult {
	bits := Bits(g.Config.DType)
	r := GraphResult{Config: experiment.ChainTable().JSON(g.Config), Nodes: make([]GraphNode, len(g.Nodes)), Edges: make([]GraphEdge, len(g.Edges))}
	for i, n := range g.Nodes {
		r.Nodes[i] = GraphNode{n.ID, n.Op, n.Name, n.Layer, Float{n.Value, bits}, Float{n.Grad, bits}}
	}
	for i, e := range g.Edges {
		r.Edges[i] = GraphEdge{e.From, e.To, Float{e.Local, bits}, Float{e.Grad, bits}}
	}
	return r
}
