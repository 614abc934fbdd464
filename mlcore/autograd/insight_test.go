package autograd

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

// scalarChain records z = tanh(w2·tanh(w1·x)) with a skip over the second layer, under scopes, and its loss.
func scalarChain(t *Tape[float64]) *Tensor[float64] {
	z := NewTensor[float64](1)
	z.Data[0] = 0.5
	for _, name := range []string{"w1", "w2"} {
		w := NewParameter[float64](name, 1)
		w.Data[0] = 2
		end := t.Scope("layer")
		inner := t.Scope(name)
		h := t.Activation(Tanh, t.Mul(z, w))
		inner()
		if name == "w2" {
			h = t.Add(h, z)
		}
		end()
		z = h
	}
	return t.HalfSquaredError(z, 1)
}

func TestGraphOfAChain(t *testing.T) {
	tape := NewTape[float64]()
	tape.Backward(scalarChain(tape))
	g := tape.Graph()
	type row struct {
		op, name, scope string
		inputs          []int
	}
	want := []row{
		{"Mul", "", "layer.w1", []int{6, 7}},
		{"tanh", "", "layer.w1", []int{0}},
		{"Mul", "", "layer.w2", []int{1, 8}},
		{"tanh", "", "layer.w2", []int{2}},
		{"Add", "", "layer", []int{3, 1}},
		{"HalfSquaredError", "", "", []int{4}},
		{"leaf", "", "", nil},
		{"leaf", "w1", "", nil},
		{"leaf", "w2", "", nil},
	}
	var got []row
	for i, n := range g.Nodes {
		if n.ID != i {
			t.Errorf("node %d has ID %d", i, n.ID)
		}
		got = append(got, row{n.Op, n.Name, n.Scope, n.Inputs})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("nodes:\n got %v\nwant %v", got, want)
	}
	if got, want := float64(g.Nodes[1].Value), math.Tanh(1); got != want {
		t.Errorf("value of the first tanh: got %v, want %v", got, want)
	}
	if g.Nodes[6].HasGrad || !g.Nodes[7].HasGrad {
		t.Errorf("gradients: x has %v, w1 has %v, want false and true", g.Nodes[6].HasGrad, g.Nodes[7].HasGrad)
	}
}

func TestGraphAsDOT(t *testing.T) {
	tape := NewTape[float64]()
	w := NewParameter[float64](`w "1"`, 1)
	w.Data[0] = 3
	tape.Backward(tape.HalfSquaredError(w, 1))
	var b strings.Builder
	if err := tape.Graph().DOT(&b); err != nil {
		t.Fatal(err)
	}
	want := `digraph tape {
	rankdir=BT;
	node [fontname="sans-serif"];
	n0 [shape=ellipse, label="HalfSquaredError\nvalue 2\ngradient 1"];
	n1 [shape=box, label="w \"1\"\nvalue 3\ngradient 2"];
	n1 -> n0;
}
`
	if b.String() != want {
		t.Errorf("DOT:\n got %s\nwant %s", b.String(), want)
	}
}

func TestNumbersThatJSONLacks(t *testing.T) {
	in := []Number{Number(math.NaN()), Number(math.Inf(1)), Number(math.Inf(-1)), -0.25}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(raw), `["nan","inf","-inf",-0.25]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back []Number
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(float64(back[0])) || back[1] != in[1] || back[2] != in[2] || back[3] != in[3] {
		t.Errorf("read back: got %v, want %v", back, in)
	}
}

func TestStats(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   Stats
	}{
		{[]float64{3, 0, -4}, Stats{Count: 3, Norm: 5, Zeros: 1}},
		{[]float64{3e-200, 4e-200}, Stats{Count: 2, Norm: 5e-200}},
		{[]float64{3e200, 4e200, 1}, Stats{Count: 3, Norm: 5e200}},
		{[]float64{3e-310, 4e-310}, Stats{Count: 2, Norm: 5e-310, Underflow: 2}},
		{[]float64{math.Inf(-1), 1}, Stats{Count: 2, Norm: math.Inf(1), NonFinite: 1}},
	} {
		x := NewTensor[float64](len(c.values))
		x.SetValues(c.values)
		got := x.ValueStats()
		if got.Norm != c.want.Norm && !(math.Abs(got.Norm-c.want.Norm) <= 1e-14*c.want.Norm) {
			t.Errorf("norm of %v: got %v, want %v", c.values, got.Norm, c.want.Norm)
		}
		got.Norm = c.want.Norm
		if got != c.want {
			t.Errorf("stats of %v: got %+v, want %+v", c.values, got, c.want)
		}
	}
	x := NewTensor[float32](2)
	x.SetValues([]float32{1e-40, 1e-30})
	if got := x.ValueStats().Underflow; got != 1 {
		t.Errorf("float32 underflow: got %d, want 1", got)
	}
}

// Only samples and pixels count: not idle lanes, not the frame.
func TestStatsOfABatch(t *testing.T) {
	x := NewBatch[float32](18, 2, 3, 3)
	for i := range x.Data {
		x.Data[i] = 7 // idle lanes and frame hold anything
	}
	ones := make([]float32, x.Len())
	for i := range ones {
		ones[i] = 1
	}
	x.SetValues(ones)
	want := Stats{Count: 18 * 18, Norm: 18}
	if got := x.ValueStats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
