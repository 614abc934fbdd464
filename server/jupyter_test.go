package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// loaded is a folder with what a notebook loads from a running site, and that site's address.
func loaded(t *testing.T) (dir, address string) {
	t.Helper()
	address, _ = start(t)
	dir = t.TempDir()
	for _, name := range []string{"gradlab.py", "questions.ipynb"} {
		got, err := http.Get(address + "/jupyter/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(got.Body)
		got.Body.Close()
		if err != nil || got.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", name, got.StatusCode, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, address
}

// A plain Python asks the labs by the file that the site serves.
func TestPythonAsks(t *testing.T) {
	dir, address := loaded(t)
	out, err := exec.CommandContext(t.Context(), "python3", "testdata/jupyter/asks.py", dir, strings.TrimSuffix(address, "/")).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "as documented" {
		t.Errorf("%v: %s", err, out)
	}
}

// In Jupyter the results become tables, drawings and frames, and the notebook of the questions is one that nbformat takes.
// It wants Jupyter, numpy, pandas and matplotlib: make jupyter installs them.
func TestJupyter(t *testing.T) {
	if os.Getenv("GRADLAB_JUPYTER") == "" {
		t.Skip("make jupyter runs this")
	}
	dir, _ := loaded(t)
	text, err := os.ReadFile("testdata/jupyter/draws.py")
	if err != nil {
		t.Fatal(err)
	}
	var cells []map[string]any
	for _, code := range strings.Split(string(text), "# ----\n") {
		cells = append(cells, map[string]any{"cell_type": "code", "metadata": map[string]any{}, "execution_count": nil, "outputs": []any{}, "source": code})
	}
	notebook, err := json.Marshal(map[string]any{
		"cells": cells, "nbformat": 4, "nbformat_minor": 4,
		"metadata": map[string]any{"kernelspec": map[string]string{"name": "python3", "display_name": "Python 3", "language": "python"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "draws.ipynb"), notebook, 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), name, args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
	}
	const python = "/usr/bin/python3" // Debian's, whose packages these are
	run(python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "draws.ipynb")
	run(python, "-c", "import nbformat; nbformat.validate(nbformat.read('questions.ipynb', as_version=4)); nbformat.validate(nbformat.read('draws.ipynb', as_version=4))")
	drawn, err := os.ReadFile(filepath.Join(dir, "draws.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if pictures := strings.Count(string(drawn), `"image/png"`); pictures != 3 || !strings.Contains(string(drawn), "/embed/train?") {
		t.Errorf("%d pictures, want 3, or no live lab", pictures)
	}
	if keep := os.Getenv("GRADLAB_JUPYTER_OUT"); keep != "" { // to be looked at
		if err := os.WriteFile(keep, drawn, 0o644); err != nil {
			t.Error(err)
		}
	}
}
