package board

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
	"gradlab/views"
)

func parseTrain(t testing.TB, query string) experiment.Train {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := experiment.ParseTrain(values)
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func TestTrainPresetsRun(t *testing.T) {
	for _, preset := range trainPresets {
		at, err := url.Parse(preset.Href)
		if err != nil {
			t.Fatal(err)
		}
		config, view, errs := experiment.ParseTrainLab(at.Query())
		if errs != nil {
			t.Errorf("%s: %v", preset.Label, errs)
		}
		if got := views.Href("/labs/train", view.Query(config)); got != preset.Href {
			t.Errorf("%s: its link is %s, written as %s", preset.Label, preset.Href, got)
		}
	}
}

// Every formula of the ledger comes out at its count, for each kind of layer.
func TestLedgerFormulas(t *testing.T) {
	for _, row := range []struct {
		query, name, kind, want string
		count                   int
	}{
		{"", "conv1", "conv 3x3", "5 · 1 · 3 · 3 + 5", 50},
		{"", "linearization", "linear", "10 · 3\u202f380 + 10", 33810},
		{"net=deep", "stem", "conv 3x3", "4 · 1 · 3 · 3", 36},
		{"net=deep", "stem_norm", "batch norm", "2 · 4", 8},
		{"net=deep&norm=none", "blocks.3.conv1", "conv 3x3", "8 · 4 · 3 · 3 + 8", 296},
		{"net=deep&skip=B", "blocks.3.proj", "projection", "8 · 4 · 1 · 1", 32},
		{"net=deep", "blocks.0.skip", "identity", "none", 0},
		{"net=mlp&skip=rezero", "alphas.0", "rezero", "1", 1},
	} {
		layer := layerOf(parseTrain(t, row.query).Ledger(), layerName{row.name, row.kind})
		if layer == nil {
			t.Errorf("%s has no %s %s", row.query, row.kind, row.name)
			continue
		}
		if got := countFormula(*layer); got != row.want || layer.Parameters != row.count {
			t.Errorf("%s %s: %q for %d, want %q for %d", row.query, row.name, got, layer.Parameters, row.want, row.count)
		}
	}
}

// Question 4 in numbers: an identity and zero padding cost nothing, projections their 1 × 1 weights.
func TestLedgerComparesTheSkips(t *testing.T) {
	l := trainLedger(parseTrain(t, "net=deep&skip=B"))
	if got, want := strings.Join(l.Variants, "|"), "plain|A: identity, zero-padded|B: projection where the shape changes|C: projection everywhere"; got != want {
		t.Fatalf("variants %q, want %q", got, want)
	}
	if l.Current != 2 {
		t.Errorf("the net in hand is variant %d, want 2", l.Current)
	}
	// B: 4·8 + 8·16; C: those, and 4·4, 8·8, 16·16 three, two and two times over.
	for i, want := range []string{"0", "0", "160", "848"} {
		if got := l.Extra[i]; got.Count != want || got.Differs != (want != "0") {
			t.Errorf("%s: %+v more, want %s", l.Variants[i], got, want)
		}
	}
	sums := make([]int, len(l.Variants))
	for _, row := range l.Rows {
		if len(row.Cells) != len(l.Variants) {
			t.Fatalf("row %s has %d cells", row.Name, len(row.Cells))
		}
		for i, cell := range row.Cells {
			n := 0
			fmt.Sscan(strings.ReplaceAll(cell.Count, "\u202f", ""), &n)
			sums[i] += n
		}
	}
	for i, total := range l.Totals {
		if got := grouped(int64(sums[i])); got != total.Count {
			t.Errorf("%s: the rows sum to %s, the total is %s", l.Variants[i], got, total.Count)
		}
	}
}

func TestLayerNamesKeepTheOrder(t *testing.T) {
	a := nn.Ledger{{Name: "a", Kind: "conv"}, {Name: "a", Kind: "activation relu"}, {Name: "b", Kind: "conv"}, {Name: "b.skip", Kind: "identity"}, {Name: "z", Kind: "linear"}}
	b := nn.Ledger{{Name: "a", Kind: "conv"}, {Name: "b", Kind: "conv"}, {Name: "b.proj", Kind: "projection"}, {Name: "b.skip", Kind: "add"}, {Name: "z", Kind: "linear"}}
	got := fmt.Sprint(layerNames([]nn.Ledger{a, b}))
	if want := "[{a conv} {b conv} {b.proj projection} {b.skip add} {b.skip identity} {z linear}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGreyRow(t *testing.T) {
	for _, row := range []struct {
		values []float32
		want   []uint8
	}{
		{[]float32{0, 1, 2, 4}, []uint8{0, 64, 128, 255}},
		{[]float32{-1, 0, 1, 0.5}, []uint8{0, 128, 255, 191}},
		{[]float32{0, 0, 0, 0}, []uint8{0, 0, 0, 0}},
	} {
		picture := greyRow([][]float32{row.values}, 2)
		if got := fmt.Sprint(picture.Pix); got != fmt.Sprint(row.want) {
			t.Errorf("greys of %v: got %s, want %v", row.values, got, row.want)
		}
	}
}
