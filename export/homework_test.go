package export

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// codeOf is the code of a notebook, its cells one after another.
func codeOf(t *testing.T, notebook []byte) (code string, drawings int) {
	t.Helper()
	var file struct{ Cells []codeCell }
	if err := json.Unmarshal(notebook, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cells {
		if c.CellType == "code" {
			code += strings.Join(c.Source, "") + "\n"
		}
		if strings.HasSuffix(c.ID, "-drawing") {
			drawings++
		}
	}
	return code, drawings
}

func TestHomeworkLeavesBlanks(t *testing.T) {
	for _, h := range Homeworks {
		var b bytes.Buffer
		if err := h.Notebook(&b, site+"/labs"); err != nil {
			t.Fatal(err)
		}
		code, _ := codeOf(t, b.Bytes())
		for _, blank := range h.Blanks {
			if strings.Contains(code, strings.TrimSpace(blank.Code)) || !strings.Contains(code, "...  # blank “"+blank.Name+"”\n") {
				t.Errorf("%s: the blank %q is filled, or not there:\n%s", h.Name, blank.Name, code)
			}
		}
		for _, a := range h.Asks {
			if !strings.Contains(code, "\n"+a.Name+" = ...\n") {
				t.Errorf("%s: nothing asks for %s", h.Name, a.Name)
			}
		}
		h.Blanks = slices.Clone(h.Blanks)
		h.Blanks[0].Code += " of another notebook"
		if err := h.Notebook(&b, site); err == nil {
			t.Errorf("%s: a blank for which there is no code is taken", h.Name)
		}
	}
}

// With what the key says in its blanks, homework prints what the core computes.
func TestHomeworkKeysRun(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds, and finds no race")
	}
	interpreter := python(t, "torch", "torchvision", "matplotlib")
	folder := t.TempDir()
	placeFashion(t, folder)
	var paths []string
	for _, h := range Homeworks {
		var b bytes.Buffer
		if err := h.write(&b, site, Blank.Key); err != nil {
			t.Fatal(err)
		}
		code, _ := codeOf(t, b.Bytes())
		paths = append(paths, filepath.Join(folder, h.Name+".py"))
		if err := os.WriteFile(paths[len(paths)-1], []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i, printed := range runFiles(t, interpreter, folder, paths) {
		h := Homeworks[i]
		query, err := url.ParseQuery(h.Query)
		if err != nil {
			t.Fatal(err)
		}
		if h.Lab == "chain" {
			c, _ := experiment.ParseChain(query)
			for k, text := range strings.Split(strings.Trim(printed.Out, "[]\n"), ", ") {
				if got, want := number(t, text), c.Run().GradW[k]; !near(got, want, 1e-9) {
					t.Errorf("%s: layer %d: got %g, want %g", h.Name, k+1, got, want)
				}
			}
			continue
		}
		c, _ := experiment.ParseTrain(query)
		at := strings.LastIndex(strings.TrimSpace(printed.Out), "\n") + 1
		printed.Out, printed.Err = printed.Out[:at], printed.Out[at:] // a notebook prints the test after the steps
		compare(t, c, printed)
	}
}
