package autograd

import "testing"

func TestOutputIsTheScopesLast(t *testing.T) {
	tape := NewTape[float64]()
	x := NewParameter[float64]("x", 1)
	x.Data[0] = 3
	end := tape.Scope("block")
	inner := tape.Scope("first")
	a := tape.Mul(x, x)
	inner()
	b := tape.Add(a, x)
	end()
	tape.Mul(b, b)

	for _, c := range []struct {
		path string
		want *Tensor[float64]
	}{{"block", b}, {"block.first", a}, {"first", nil}, {"nowhere", nil}} {
		if got := tape.Output(c.path); got != c.want {
			t.Errorf("output of %q: got %v, want %v", c.path, got, c.want)
		}
	}
	tape.Reset()
	if got := tape.Output("block"); got != nil {
		t.Errorf("output after Reset: got %v, want none", got)
	}
}
