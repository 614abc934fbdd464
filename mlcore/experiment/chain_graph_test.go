package experiment

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The graph's numbers are those of the run, and each number's gradient is the sum of what its uses hand back.
func TestChainGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChain(t)
		g, r := c.Graph(), c.Run()
		perLayer := 3 // w, a, z
		if c.Residual() {
			perLayer = 4
		}
		if got, want := len(g.Nodes), perLayer*c.Depth+2; got != want {
			t.Fatalf("nodes: got %d, want %d", got, want)
		}
		back := map[int]float64{}
		for _, e := range g.Edges {
			back[e.From] += e.Grad
		}
		for _, n := range g.Nodes {
			value, grad := math.NaN(), math.NaN()
			switch n.Role {
			case "x":
				value, grad = c.X, r.GradZ[0]
				if c.DType == "float32" {
					value = float64(float32(value))
				}
			case "w":
				value, grad = r.W[n.Layer-1], r.GradW[n.Layer-1]
			case "a":
				value, grad = r.A[n.Layer-1], r.GradA[n.Layer-1]
			case "z":
				value, grad = r.Z[n.Layer], r.GradZ[n.Layer]
			case "h":
				value, grad = r.Z[n.Layer]-r.Z[n.Layer-1], r.GradZ[n.Layer]
				if math.Abs(value-n.Value) < 1e-5*(math.Abs(r.Z[n.Layer])+math.Abs(value)) {
					value = n.Value // the difference has lost digits, h itself has not
				}
			case "L":
				value, grad = r.Loss, 1
				back[n.ID] = 1
			}
			if n.Value != value || n.Grad != grad {
				t.Fatalf("%+v: %s: got %v and gradient %v, want %v and %v", c, n.Name, n.Value, n.Grad, value, grad)
			}
			if d := math.Abs(back[n.ID] - grad); d > 1e-6*math.Abs(grad)+1e-6*math.Abs(back[n.ID])+1e-36 {
				t.Fatalf("%+v: %s: edges hand back %v, want the gradient %v", c, n.Name, back[n.ID], grad)
			}
		}
		for _, e := range g.Edges {
			got, want := e.Local*g.Nodes[e.To].Grad, e.Grad
			if d := math.Abs(got - want); d > 1e-5*math.Abs(want)+1e-36 {
				t.Fatalf("%+v: edge %s → %s: local times gradient got %v, want %v", c, g.Nodes[e.From].Name, g.Nodes[e.To].Name, got, want)
			}
		}
	})
}
