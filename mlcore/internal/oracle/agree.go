package oracle

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"
	"testing"
)

// A Case is a config drawn at random from what the labs accept, with PyTorch's numbers. pytorch/agree.py draws them.
type Case struct {
	Config map[string]json.RawMessage
	// Want has a number's truth and how far off it may be, by name; nil where anything goes, since PyTorch's own runs leave
	// the numbers. All of it is nil where PyTorch refuses the config.
	Want map[string][2]*float64
}

// Cases reads the cases.
func Cases(t testing.TB) []Case {
	t.Helper()
	var cases []Case
	Read(t, "agree", &cases)
	return cases
}

// Query is the config as a lab's query.
func (c Case) Query() url.Values {
	query := url.Values{}
	for name, raw := range c.Config {
		query.Set(name, strings.Trim(string(raw), `"`))
	}
	return query
}

// Compare reports where numbers are not PyTorch's. A missing one is NaN.
func (c Case) Compare(t testing.TB, got map[string]float64) {
	t.Helper()
	off := 0
	for name, want := range c.Want {
		v, known := got[name]
		if !known {
			v = math.NaN()
		}
		if want[1] == nil || math.Abs(v-*want[0]) <= *want[1] {
			continue
		}
		if off++; off <= 3 {
			t.Errorf("%s: got %v, want %v, at most %v off", name, v, *want[0], *want[1])
		}
	}
	if off > 0 {
		t.Errorf("%d numbers are off: %s", off, c.Query().Encode())
	}
}
