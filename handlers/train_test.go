package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
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
		if got := link("/labs/train", view.Query(config)); got != preset.Href {
			t.Errorf("%s: its link is %s, written as %s", preset.Label, preset.Href, got)
		}
	}
}

func TestTheNotebooksRunComesWithThePage(t *testing.T) {
	if cost := experiment.TrainTable().Default().Cost(); cost > cheapCost {
		t.Errorf("the notebook's run costs %.2g multiply-adds, more than %.2g", cost, float64(cheapCost))
	}
}

func TestTrainBoardParts(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	for _, row := range []struct {
		name, query string
		want, lacks []string
	}{
		{"one net", "steps=3&count=10&batch=10", []string{"nothing to skip", "The loss goes", `"learnt":"\u003csection`, "kernel 5", "class "}, nil},
		{"accuracy", "curve=accuracy&steps=3&count=10&batch=10", []string{"Share of images", `"max":100`, `"query":"batch=10\u0026count=10\u0026curve=accuracy\u0026steps=3"`}, []string{"Cross-entropy"}},
		{"log axis", "curve=log&steps=3&count=10&batch=10", []string{`"type":"log"`, "logarithmic"}, nil},
		{"map", "gradients=heat&steps=3&count=10&batch=10&depth=1", []string{`"heat":true`, "over all steps"}, []string{"nothing to skip"}},
		{"no kernels", "net=mlp&depth=2&steps=3", []string{"A fully connected net has none"}, []string{"maps.png"}},
		{"garments", "net=deep&n=1&steps=3&image=9", []string{"Ankle boot", "maps.png?", "Image 2 of the new ones", "means of the last 3"}, nil},
		{"bad view", "curve=sine&image=99", []string{"must be loss, log or accuracy", "from 0 to 15"}, nil},
	} {
		// The board trains only as long as a page may wait: on a slow machine the answer of the API has to come first.
		if query, _ := url.ParseQuery(row.query); row.name != "bad view" {
			for _, name := range []string{"curve", "gradients", "image"} {
				query.Del(name)
			}
			s.do(t, c, "GET", "/export/train.csv?"+query.Encode(), nil)
		}
		a := s.do(t, c, "GET", "/labs/train/board?"+row.query, nil)
		if a.status != http.StatusOK {
			t.Errorf("%s: status %d", row.name, a.status)
		}
		for _, want := range row.want {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %q", row.name, want)
			}
		}
		for _, lacks := range row.lacks {
			if strings.Contains(a.body, lacks) {
				t.Errorf("%s holds %q", row.name, lacks)
			}
		}
	}
}

func TestTrainPictures(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	const query = "batch=10&count=10&steps=3"
	if a := s.do(t, c, "GET", "/labs/train/samples.png?"+query, nil); a.status != http.StatusNotFound {
		t.Errorf("pictures of a run that is not known: status %d, want 404", a.status)
	}
	s.do(t, c, "GET", "/api/train?"+query, nil)
	for _, row := range []struct {
		path          string
		status        int
		width, height int
	}{
		{"/labs/train/samples.png?" + query, 200, 16 * 28, 28},
		{"/labs/train/maps.png?" + query + "&image=15", 200, 5 * 26, 26},
		{"/labs/train/maps.png?" + query + "&image=16", 400, 0, 0},
		{"/labs/train/weights.png?" + query, 404, 0, 0},
		{"/labs/train/samples.png?depth=x", 400, 0, 0},
	} {
		a := s.do(t, c, "GET", row.path, nil)
		if a.status != row.status {
			t.Errorf("%s: status %d, want %d", row.path, a.status, row.status)
		}
		if row.status != 200 {
			continue
		}
		picture, err := png.DecodeConfig(bytes.NewReader([]byte(a.body)))
		if err != nil || picture.Width != row.width || picture.Height != row.height {
			t.Errorf("%s: %d × %d, error %v", row.path, picture.Width, picture.Height, err)
		}
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

// Every formula of the ledger comes out at its count, for each kind of layer.
func TestLedgerFormulas(t *testing.T) {
	for _, row := range []struct {
		query, name, kind, want string
		count                   int
	}{
		{"", "conv1", "conv 3x3", "5 · 1 · 3 · 3 + 5", 50},
		{"", "linearization", "linear", "10 · 3\u2009380 + 10", 33810},
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
			fmt.Sscan(strings.ReplaceAll(cell.Count, "\u2009", ""), &n)
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

// What the page's script gets of a run says what the API says of it.
func TestTrainRunOfThePage(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	const query = "batch=10&count=10&depth=1&steps=3"
	var api struct {
		Losses []float64
		Test   map[string]float64
	}
	if err := json.Unmarshal([]byte(s.do(t, c, "GET", "/api/train?"+query, nil).body), &api); err != nil {
		t.Fatal(err)
	}
	s.do(t, c, "GET", "/api/train?skip=identity&"+query, nil)
	var board struct {
		Run struct {
			Query    string
			Finished map[string][]struct{ Loss float64 }
			Tests    map[string]map[string]float64
		}
	}
	if err := json.Unmarshal([]byte(s.do(t, c, "GET", "/labs/train/board?"+query, nil).body), &board); err != nil {
		t.Fatal(err)
	}
	if board.Run.Query != query || len(board.Run.Finished) != 2 {
		t.Errorf("run %q with %d twins", board.Run.Query, len(board.Run.Finished))
	}
	for i, step := range board.Run.Finished["plain"] {
		if step.Loss != api.Losses[i] {
			t.Errorf("step %d: loss %v, the API says %v", i, step.Loss, api.Losses[i])
		}
	}
	if got := board.Run.Tests["plain"]["loss"]; got != api.Test["loss"] {
		t.Errorf("test loss %v, the API says %v", got, api.Test["loss"])
	}
}
