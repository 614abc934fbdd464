package board

import (
	"strings"
	"testing"
)

// What of the gradient arrives stands at the left of each row, and a row is shown only where the chain has it. Where the bars show
// another number, the row says what it is that arrives.
func TestChainNetRows(t *testing.T) {
	for query, wants := range map[string][]string{
		"show=grad_z":                    {"4.9·10⁻¹³ of it arrives: vanished", "1.5 of it arrives"},
		"":                               {"4.9·10⁻¹³ of ∂L/∂z arrives: vanished", "1.5 of ∂L/∂z arrives"},
		"skip=none":                      {"4.9·10⁻¹³ of ∂L/∂z arrives: vanished"},
		"activation=relu&show=grad_z":    {"1 of it arrives", "5.2·10⁵ times: it exploded"},
		"activation=relu&x=-1&skip=none": {"0 of ∂L/∂z arrives: vanished"},
		"depth=100&skip=none":            {"0 in float32: vanished"},
		"activation=identity&depth=1&x=1&w=1&show=grad_z": {"0 nothing is sent back", "1 of it arrives"},
	} {
		run := chainOf(t, query)
		n := run.network()
		if len(n.Rows) != len(wants) {
			t.Errorf("%s: got %d rows, want %d", query, len(n.Rows), len(wants))
			continue
		}
		if said := strings.Contains(n.Goes+n.Back, "∂L/∂z"); said == strings.Contains(query, "grad_z") {
			t.Errorf("%s: the drawing says %q and %q", query, n.Goes, n.Back)
		}
		for i, row := range n.Rows {
			if got := row.Amount.Line() + " " + row.Fate; got != wants[i] {
				t.Errorf("%s, row %d: got %q, want %q", query, i, got, wants[i])
			}
			if boxes := len(row.Units) + strings.Count(row.Boxes, "z"); boxes != run.config.Depth || !strings.Contains(row.Label, row.Fate) {
				t.Errorf("%s, row %d: got %d boxes and the words %q", query, i, boxes, row.Label)
			}
		}
	}
}

// Zeros beside each other are one bracket, which says in which precision they are zeros.
func TestZeroBrackets(t *testing.T) {
	for query, want := range map[string]string{
		"depth=100&skip=none":                    "layers 1–31: 0 in float32",
		"activation=relu&x=-1&skip=none":         "layers 1–20: exactly 0",
		"depth=20&skip=none":                     "",
		"activation=tanh&depth=4&x=10":           "layers 1–4: 0 in float32",
		"depth=100&show=grad_w&dtype=float64":    "layers 39–100: exactly 0",
		"activation=relu&x=-1&depth=3&skip=none": "",
	} {
		var got []string
		for _, z := range chainOf(t, query).network().Zeros {
			got = append(got, z.Words)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s: got %q, want %q", query, s, want)
		}
	}
}
