package export

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// A notebook prints what its script prints, and draws it, whatever there is to be drawn: gradients of 0, losses that are no
// numbers. A script draws nothing, and needs no matplotlib.
func TestNotebooksDraw(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds, and finds no race")
	}
	interpreter := python(t, "torch", "torchvision", "matplotlib")
	stream, errs := experiment.ParseStream(nil)
	if errs != nil {
		t.Fatal(errs)
	}
	barcode, errs := experiment.ParseBarcode(nil)
	if errs != nil {
		t.Fatal(errs)
	}
	blocks, outcomes := blocksOf(t, smallBlocks[0])
	scripts := []Script{
		parse(t, "chain", "depth=20&activation=tanh&skip=none&x=0.5&w=0.1"), parse(t, "chain", "depth=4&activation=tanh&skip=identity&x=10&w=1"), parse(t, "chain", "depth=50&activation=identity&w=100&x=100&dtype=float32"),
		parse(t, "train", "steps=10"), parse(t, "train", "activation=identity&batch=10&count=10&depth=20&lr=10&skip=identity"), Stream(stream, site), Barcode(barcode, site),
		Blocks(blocks, outcomes, site), Kernels(kernelsOf(t, kernelQueries[1]), site),
	}
	folder := t.TempDir()
	placeFashion(t, folder)
	paths := write(t, folder, scripts)
	var drawings []int
	for _, s := range scripts {
		var file bytes.Buffer
		if err := s.Notebook(&file); err != nil {
			t.Fatal(err)
		}
		code, drawn := codeOf(t, file.Bytes())
		code += "print('figures', plt.get_fignums())\nplt.close('all')\n"
		path := filepath.Join(folder, fmt.Sprintf("notebook-%d.py", len(paths)))
		if err := os.WriteFile(path, []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		paths, drawings = append(paths, path), append(drawings, drawn)
	}
	all := runFiles(t, interpreter, folder, paths)
	for i, drawn := range drawings {
		script, notebook := all[i], all[len(drawings)+i]
		if !strings.HasPrefix(notebook.Out, script.Out) || script.Out == "" {
			t.Errorf("%s: the notebook prints\n%s, the script\n%s", scripts[i].Name(), notebook.Out, script.Out)
		}
		if want := []string{"figures []", "figures [1]", "figures [1, 2]"}[drawn]; drawn == 0 || !strings.HasSuffix(notebook.Out, want+"\n") {
			t.Errorf("%s: got %d drawings, printed %q", scripts[i].Name(), drawn, notebook.Out[max(0, len(notebook.Out)-80):])
		}
		if notebook.Err != script.Err && !strings.HasPrefix(script.Err, notebook.Err) {
			t.Errorf("%s: the notebook says %q", scripts[i].Name(), notebook.Err)
		}
	}
}
