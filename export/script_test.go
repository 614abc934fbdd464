package export

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

var update = flag.Bool("update", false, "write the golden files anew")

const site = "https://gradlab.example"

// goldens are the experiments that the golden files hold, by file name and query. Between them they enter every block of
// the templates that a notebook has words for.
var goldens = []struct{ name, lab, query string }{
	{"chain-plain", "chain", "activation=tanh&depth=4&skip=none&x=10"},
	{"chain-drawn", "chain", "activation=relu&depth=50&dtype=float64&seed=7&spread=0.5&w=0.1"},
	{"train-notebook", "train", ""},
	{"train-notebook-residual", "train", "activation=gelu&clip=1&data=fashion&depth=3&dtype=float64&skip=identity&steps=20"},
	{"train-deep", "train", "net=deep"},
	{"train-deep-plain", "train", "net=deep&data=noise&n=1&norm=none&optimizer=adamw&skip=none"},
	{"train-deep-pre", "train", "net=deep&channels=2&norm=group&optimizer=nesterov&order=pre&skip=B"},
	{"train-mlp", "train", "net=mlp&optimizer=sgd"},
	{"train-mlp-highway", "train", "net=mlp&init=xavier_normal&norm=layer&optimizer=rmsprop&skip=highway"},
}

func parse(t testing.TB, lab, query string) Script {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	if lab == "chain" {
		c, errs := experiment.ParseChain(values)
		if errs != nil {
			t.Fatalf("%s: %v", query, errs)
		}
		return Chain(c, site+"/labs/chain?"+query)
	}
	c, errs := experiment.ParseTrain(values)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return Train(c, site+"/labs/train?"+query)
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		s := parse(t, g.lab, g.query)
		var python, notebook bytes.Buffer
		if err := s.Python(&python); err != nil {
			t.Fatal(err)
		}
		if err := s.Notebook(&notebook); err != nil {
			t.Fatal(err)
		}
		golden(t, g.name+".py", python.Bytes())
		golden(t, g.name+".ipynb", notebook.Bytes())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestFunctionsCoverTheActivations(t *testing.T) {
	for _, f := range experiment.ChainTable() {
		if f.Name != "activation" {
			continue
		}
		for _, option := range f.Choices {
			if _, known := functions[option.Value]; !known && option.Value != "identity" {
				t.Errorf("activation %s: got no function of PyTorch", option.Value)
			}
		}
	}
}

// A valid config gives a script that reads well: whole template output, no stray white space, no line too long.
func TestEveryScriptIsTidy(t *testing.T) {
	fileName := regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range []Script{Chain(anyChain(t), site), Train(anyTrain(t), site)} {
			var b strings.Builder
			if err := s.Python(&b); err != nil {
				t.Fatal(err)
			}
			code := b.String()
			if !fileName.MatchString(s.Name()) {
				t.Errorf("got the file name %q, want letters, digits, hyphens and underscores", s.Name())
			}
			for _, stray := range []string{"<no value>", "<nil>", "\t", " \n", "\n\n\n\n", "{{", "%!"} {
				if strings.Contains(code, stray) {
					t.Errorf("got %q in the script\n%s", stray, code)
				}
			}
			if !strings.HasSuffix(code, "\n") || strings.HasSuffix(code, "\n\n") {
				t.Errorf("got an end other than one line break:\n%s", code)
			}
			for line := range strings.Lines(code) {
				if len(line) > 121 {
					t.Errorf("got a line of %d characters, want at most 120: %s", len(line)-1, line)
				}
			}
		}
	})
}

// The structure is that of the nbformat 4.5 schema; the code is the script's.
func TestEveryNotebookIsValid(t *testing.T) {
	id := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range []Script{Chain(anyChain(t), site), Train(anyTrain(t), site)} {
			var b bytes.Buffer
			if err := s.Notebook(&b); err != nil {
				t.Fatal(err)
			}
			var file struct {
				Cells []struct {
					CellType       string `json:"cell_type"`
					ID             string
					Metadata       map[string]any
					Source         []string
					Outputs        *[]any
					ExecutionCount json.RawMessage `json:"execution_count"`
				}
				Metadata struct {
					Kernelspec struct {
						Name        string
						DisplayName string `json:"display_name"`
					}
				}
				Nbformat      int
				NbformatMinor int `json:"nbformat_minor"`
			}
			if err := json.Unmarshal(b.Bytes(), &file); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%d.%d", file.Nbformat, file.NbformatMinor); got != "4.5" {
				t.Errorf("nbformat: got %s, want 4.5", got)
			}
			if k := file.Metadata.Kernelspec; k.Name != "python3" || k.DisplayName == "" {
				t.Errorf("kernelspec: got %+v, want python3 and a display name", k)
			}
			seen := map[string]bool{}
			for i, c := range file.Cells {
				if !id.MatchString(c.ID) || seen[c.ID] {
					t.Errorf("cell %d: got the id %q, want a new one of letters, digits and hyphens", i, c.ID)
				}
				seen[c.ID] = true
				if c.Metadata == nil {
					t.Errorf("cell %s: got no metadata", c.ID)
				}
				source := strings.Join(c.Source, "")
				if source == "" || source != strings.TrimSpace(source) || strings.Contains(source, "<no value>") {
					t.Errorf("cell %s: got the source %q", c.ID, source)
				}
				switch {
				case c.CellType == "markdown" && (c.Outputs != nil || c.ExecutionCount != nil):
					t.Errorf("cell %s: got outputs of words", c.ID)
				case c.CellType == "code" && (c.Outputs == nil || len(*c.Outputs) > 0 || string(c.ExecutionCount) != "null"):
					t.Errorf("cell %s: got a cell that has run, want one that has not", c.ID)
				case c.CellType == "code" && i > 0 && file.Cells[i-1].CellType != "markdown" && c.ID != file.Cells[i-1].ID+"-drawing":
					t.Errorf("cell %s: got no words before it", c.ID)
				}
			}
		}
	})
}

func TestHeadingSaysWhatAndWhere(t *testing.T) {
	var b strings.Builder
	if err := parse(t, "chain", "activation=tanh&depth=1&skip=none").Python(&b); err != nil {
		t.Fatal(err)
	}
	want := "# Gradient Lab: a chain of 1 layer, tanh, without skip connections.\n# " + site + "/labs/chain?activation=tanh&depth=1&skip=none\n# Needs PyTorch"
	if got := b.String(); !strings.HasPrefix(got, want) {
		t.Errorf("got the heading %q, want %q", got[:min(len(got), len(want))], want)
	}
}
