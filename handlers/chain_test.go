package handlers

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestAPIGraph(t *testing.T) {
	s := newSite(t)
	get := func(query, accept string) (int, string, string) {
		t.Helper()
		r, _ := http.NewRequest("GET", s.URL+"/api/graph?"+query, nil)
		r.Header.Set("Accept", accept)
		res, err := s.client(t).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, res.Header.Get("Content-Type"), string(body)
	}
	status, kind, body := get("depth=2&activation=tanh", "application/json")
	var graph struct {
		Config map[string]any
		Nodes  []struct {
			ID          int
			Op, Name    string
			Value, Grad float64
		}
		Edges []struct{ From, To int }
	}
	if err := json.Unmarshal([]byte(body), &graph); err != nil || status != 200 || kind != "application/json" {
		t.Fatalf("got %d %s %v: %s", status, kind, err, body)
	}
	if len(graph.Nodes) != 10 || len(graph.Edges) != 11 || graph.Nodes[0].Op != "Mul" || graph.Nodes[0].Name != "a1" || graph.Config["depth"] != 2.0 {
		t.Errorf("graph of depth 2: got %d nodes, %d edges: %s", len(graph.Nodes), len(graph.Edges), body)
	}
	status, kind, body = get("depth=2", "text/vnd.graphviz")
	if status != 200 || !strings.HasPrefix(kind, "text/vnd.graphviz") || !strings.HasPrefix(body, "digraph") {
		t.Errorf("DOT: got %d %s %q", status, kind, body)
	}
	if _, _, body = get("activation=identity&depth=100&w=100", ""); !strings.Contains(body, `"inf"`) {
		t.Errorf("exploded graph: got no \"inf\"")
	}
	if status, _, body = get("depth=0&layer=1", ""); status != 400 || !strings.Contains(body, `"depth"`) || !strings.Contains(body, `"layer"`) {
		t.Errorf("bad query: got %d %s, want 400 that names depth, and layer, which the API does not know", status, body)
	}
}

func TestChainPages(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		name, path string
		contains   []string
		lacks      []string
	}{
		{"first sight", "/labs/chain", []string{`name="check" value="off"`, "Click a layer", "drawn up to depth 6", "/export/chain.py"}, []string{"twin-card", "graph-scroll"}},
		{"layer", "/labs/chain?layer=2&depth=3", []string{"Layer 2: ∂L/∂w, taken apart", `href="/labs/chain?depth=3&amp;layer=1"`, "check=on", "graph-scroll"}, []string{"check-verdict"}},
		{"check", "/labs/chain?layer=2&depth=3&check=on", []string{"check-verdict", "it is real"}, nil},
		{"no check of what is no derivative", "/labs/chain?layer=2&show=z&check=on", []string{"Layer 2: z"}, []string{"check-verdict", "Is it real"}},
		{"a layer deeper than the chain", "/labs/chain?layer=50&depth=3", []string{"Layer 3:"}, nil},
		{"bad values", "/labs/chain?layer=-1&show=loss&check=perhaps&depth=1e9&x=NaN", []string{"Selected layer must be", "Bars show must be", "Depth must be", "Input x must be"}, []string{"twin-card"}},
		{"exploded", "/labs/chain?activation=identity&depth=100&w=100&layer=1&check=on", []string{"exploded", `\infty`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := s.client(t).Get(s.URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			b, _ := io.ReadAll(res.Body)
			body := string(b)
			if res.StatusCode != 200 {
				t.Fatalf("status: got %d, want 200", res.StatusCode)
			}
			for _, want := range c.contains {
				if !strings.Contains(body, want) {
					t.Errorf("got no %s", want)
				}
			}
			for _, not := range c.lacks {
				if strings.Contains(body, not) {
					t.Errorf("got %s", not)
				}
			}
		})
	}
}

// A field that was given badly keeps what was typed, beside the reason, on whatever page it stands; its handle stands at the default.
func TestBadFieldKeepsWhatWasTyped(t *testing.T) {
	site := newSite(t)
	for path, want := range map[string]string{
		"/?depth=5000":                           `name="depth" value="5000"`,
		"/labs/chain?x=5000":                     `name="x" value="5000"`,
		"/embed/chain?controls=x&x=1e9":          `name="x" value="1e9"`,
		"/labs/train?lr=-1":                      `name="lr" value="-1"`,
		"/labs/blocks?out=99":                    `name="out" value="99"`,
		"/labs/stream?layers=%22%3E%3Cb%3E":      `name="layers" value="&#34;&gt;&lt;b&gt;"`,
		"/labs/barcode?points=63":                `name="points" value="63"`,
		"/labs/transformer?tokens=33":            `name="tokens" value="33"`,
		"/labs/kernels?row=77&image=own&pixels=": `name="row" value="77"`,
	} {
		got := site.do(t, site.client(t), "GET", path, nil)
		if got.status != 200 || !strings.Contains(got.body, want) {
			t.Errorf("%s: status %d, without %s", path, got.status, want)
		}
	}
	if got := site.do(t, site.client(t), "GET", "/labs/chain?x=5000", nil); !strings.Contains(got.body, `aria-label="Input x, slider" value="0.5"`) {
		t.Error("the handle does not stand at the default")
	}
}
