package handlers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

func TestExports(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	chain, train, blocks := "?activation=tanh&depth=4&skip=none&x=10", "?batch=10&count=10&depth=1&steps=3", "?n=1&steps=1&count=16&batch=16"
	for _, test := range []struct {
		path, file, contentType, contains, lacks string
	}{
		{"/export/chain.py" + chain, "chain-4-layers-tanh-plain.py", "text/x-python; charset=utf-8", "z = torch.tanh(a)\n", "+ z"},
		{"/export/chain.py?x=10&skip=none&depth=4&activation=tanh&w=1", "chain-4-layers-tanh-plain.py", "text/x-python; charset=utf-8", "# " + site.URL + "/labs/chain" + chain + "\n", "w=1"},
		{"/export/chain.ipynb" + chain, "chain-4-layers-tanh-plain.ipynb", "application/x-ipynb+json", `"nbformat": 4`, ""},
		{"/export/chain.csv" + chain, "chain-4-layers-tanh-plain.csv", "text/csv; charset=utf-8", "\nplain,2,1,1,0.7615942,-0.07273949,-0.07273949,", ""},
		{"/export/chain.json" + chain, "chain-4-layers-tanh-plain.json", "application/json", `"grad_w":[-0.0,-0.07273949,`, ""},
		{"/export/barcode.py?skip=none", "barcode-mlp-24-layers-relu-plain.py", "text/x-python; charset=utf-8", "module.momentum = 1.0", "x + h"},
		{"/export/barcode.ipynb?net=deep&norm=none", "barcode-deep-20-layers-none-relu-option-A.ipynb", "application/x-ipynb+json", "F.pad(", "momentum"},
		{"/export/barcode.csv?depth=2", "barcode-mlp-2-layers-relu-identity.csv", "text/csv; charset=utf-8", "\n256,1,", ""},
		{"/export/barcode.json?depth=2", "barcode-mlp-2-layers-relu-identity.json", "application/json", `"turn":`, ""},
		{"/export/blocks.py" + blocks + "&out=2", "blocks-8-option-A.py", "text/x-python; charset=utf-8", "out=[1], swap=[]", "proj"},
		{"/export/blocks.ipynb" + blocks + "&skip=B", "blocks-8-option-B.ipynb", "application/x-ipynb+json", "block.shortcut(x)", "changed"},
		{"/export/blocks.csv" + blocks, "blocks-8-option-A.csv", "text/csv; charset=utf-8", "\nresidual,1 2 3,,", ""},
		{"/export/blocks.json" + blocks, "blocks-8-option-A.json", "application/json", `"mean_gradient_path":`, ""},
		{"/export/stream.py?skip=identity", "stream-6-layers-residual.py", "text/x-python; charset=utf-8", "print(0, differences[0])", ""},
		{"/export/stream.csv?layers=1", "stream-1-layers-plain.csv", "text/csv; charset=utf-8", "\n1,0.5366", ""},
		{"/export/transformer.py?warmup=60&task=copy", "transformer-8-layers-copy-warmup-60.py", "text/x-python; charset=utf-8", "min(1, (step + 1) / 60)", "flip"},
		{"/export/transformer.ipynb?dtype=float64", "transformer-8-layers-reverse-warmup-0.ipynb", "application/x-ipynb+json", "Transformer(pre).double()", "min(1"},
		{"/export/transformer.csv?layers=2&steps=1", "transformer-2-layers-reverse-warmup-0.csv", "text/csv; charset=utf-8", "\npre,new,", ""},
		{"/export/transformer.json?layers=2&steps=1", "transformer-2-layers-reverse-warmup-0.json", "application/json", `"first_to_last":[`, ""},
		{"/export/train.py" + train, "train-notebook-3-layers-relu-plain.py", "text/x-python; charset=utf-8", "for step in range(3):\n", "torchvision"},
		{"/export/train.ipynb" + train, "train-notebook-3-layers-relu-plain.ipynb", "application/x-ipynb+json", "for step in range(3):", "sys.stderr"},
		{"/export/train.csv" + train, "train-notebook-3-layers-relu-plain.csv", "text/csv; charset=utf-8", "\nresidual,0,", ""},
		{"/export/train.csv?batch=10&count=10&steps=3", "train-notebook-2-layers-relu-plain.csv", "text/csv; charset=utf-8", "\nplain,0,", "residual"},
		{"/export/train.json" + train + "&twin=1", "train-notebook-3-layers-relu-plain.json", "application/json", `"losses":[`, "twin"},
		{"/export/train.json" + train, "train-notebook-3-layers-relu-plain.json", "application/json", `"losses":[`, ""},
	} {
		got := site.do(t, c, "GET", test.path, nil)
		if got.status != 200 {
			t.Errorf("%s: got %d %s", test.path, got.status, got.body)
			continue
		}
		if want := `attachment; filename="` + test.file + `"`; got.header.Get("Content-Disposition") != want {
			t.Errorf("%s: got the disposition %s, want %s", test.path, got.header.Get("Content-Disposition"), want)
		}
		if got.header.Get("Content-Type") != test.contentType {
			t.Errorf("%s: got the type %s, want %s", test.path, got.header.Get("Content-Type"), test.contentType)
		}
		if !strings.Contains(got.body, test.contains) || test.lacks != "" && strings.Contains(got.body, test.lacks) {
			t.Errorf("%s: got\n%s\nwant it to contain %q and to lack %q", test.path, got.body, test.contains, test.lacks)
		}
	}
}

func TestExportsSayWhatTheAPISays(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, query := range []string{"chain.json?depth=7&spread=1&seed=3", "barcode.json?depth=3&skip=none", "stream.json?layers=2&norm=post", "train.json?batch=10&count=10&steps=3"} {
		api := site.do(t, c, "GET", "/api/"+strings.Replace(query, ".json", "", 1), nil)
		file := site.do(t, c, "GET", "/export/"+query, nil)
		if api.status != 200 || file.body != api.body {
			t.Errorf("%s: got %s, want %s", query, file.body, api.body)
		}
	}
}

func TestBadExports(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	for _, test := range []struct {
		path   string
		status int
		field  string
	}{
		{"/export/chain.py?depth=0", 400, "depth"},
		{"/export/chain.ipynb?x=NaN", 400, "x"},
		{"/export/chain.csv?activation=%0Aimport%20os", 400, "activation"},
		{"/export/chain.json?depth=1&depth=2", 400, "depth"},
		{"/export/train.py?steps=1000000000000", 400, "steps"},
		{"/export/train.ipynb?batch=30", 400, "batch"},
		{"/export/train.csv?lr=", 400, "lr"},
		{"/export/train.json?nope=1", 400, "nope"},
		{"/export/barcode.py?to=0", 400, "to"},
		{"/export/blocks.py?out=12", 400, "out"},
		{"/export/blocks.csv?swap=2-2", 400, "swap"},
		{"/export/barcode.csv?net=deep&n=9&channels=8", 400, "n"},
		{"/export/chain.exe", 404, ""},
		{"/export/sweep.py", 404, ""},
	} {
		got := site.do(t, c, "GET", test.path, nil)
		var body struct{ Fields map[string]string }
		json.Unmarshal([]byte(got.body), &body) // a page, of an address that is nowhere
		if got.status != test.status || test.field != "" && body.Fields[test.field] == "" {
			t.Errorf("%s: got %d %s, want %d and the field %q", test.path, got.status, got.body, test.status, test.field)
		}
		if got.header.Get("Content-Disposition") != "" {
			t.Errorf("%s: got a file", test.path)
		}
	}
}

// The CSV of a run holds the losses of the JSON, and says how the test went after the last step.
func TestTrainCSVHoldsTheRun(t *testing.T) {
	site := newSite(t)
	c := site.client(t)
	const query = "?batch=10&count=10&depth=2&skip=identity&steps=3"
	var api struct {
		Losses []float64
		Test   struct{ Loss, Accuracy float64 }
	}
	if err := json.Unmarshal([]byte(site.do(t, c, "GET", "/api/train"+query, nil).body), &api); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewBufferString(site.do(t, c, "GET", "/export/train.csv"+query, nil).body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+2*4 {
		t.Fatalf("got %d rows, want a head and four for each of plain and residual", len(rows))
	}
	residual := rows[5:]
	for i, want := range api.Losses {
		if got, err := strconv.ParseFloat(residual[i][2], 64); err != nil || got != want {
			t.Errorf("step %d: got loss %s, want %g", i, residual[i][2], want)
		}
	}
	last := residual[3]
	if got, err := strconv.ParseFloat(last[4], 64); err != nil || got != api.Test.Loss || last[1] != "3" || last[2] != "" {
		t.Errorf("got the last row %v, want step 3, no loss, and the test loss %g", last, api.Test.Loss)
	}
}
