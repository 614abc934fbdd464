package export

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// smallBlocks are experiments that train in a moment; between them they have every kind of shortcut, order and change.
var smallBlocks = []string{
	"n=2&steps=60&count=128&batch=32&out=2,4&swap=1-2&skip=A", "n=1&steps=60&count=128&batch=32&order=pre&skip=B&out=3&channels=2", "n=2&steps=60&count=128&batch=32&order=notebook&skip=C",
}

func blocksOf(t *testing.T, query string) (experiment.Blocks, []*experiment.Outcome) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := experiment.ParseBlocks(values)
	if errs != nil {
		t.Fatal(errs)
	}
	var outcomes []*experiment.Outcome
	for _, run := range c.Runs() {
		o, err := run.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, o)
	}
	return c, outcomes
}

func TestBlocksScript(t *testing.T) {
	c, outcomes := blocksOf(t, smallBlocks[0])
	var python, notebook bytes.Buffer
	s := Blocks(c, outcomes, site+"/labs/blocks?out=2")
	if err := s.Python(&python); err != nil {
		t.Fatal(err)
	}
	if err := s.Notebook(&notebook); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# " + site + "/labs/blocks?out=2\n", "out=[1, 3], swap=[(0, 1)]", "range(2)", "    \"plain\": \"\"\"\n"} {
		if !strings.Contains(python.String(), want) {
			t.Errorf("the script has no %q", want)
		}
	}
	for line := range strings.Lines(python.String()) {
		if strings.ContainsAny(line, "\t") || strings.HasSuffix(line, " \n") || len(line) > 160 {
			t.Errorf("untidy: %q", line)
		}
	}
	for _, want := range []string{"Break them.", site + "/labs/train?count=128", "its 64 paths", "nbformat"} {
		if !strings.Contains(strings.ReplaceAll(notebook.String(), "residual net's 64", "its 64"), want) {
			t.Errorf("the notebook has no %q", want)
		}
	}
}

// Under PyTorch the script prints the core's accuracies to the image, and its gradients along paths.
func TestBlocksEqualPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds, and finds no race")
	}
	interpreter := python(t, "torch", "torchvision")
	var scripts []Script
	var wants [][]string // per script: the first words of each line, and the numbers
	var numbers [][][]float64
	for _, query := range smallBlocks {
		c, outcomes := blocksOf(t, query)
		scripts = append(scripts, Blocks(c, outcomes, site))
		plain, residual := outcomes[0].Lesions, outcomes[1].Lesions
		var want []string
		var values [][]float64
		line := func(name string, numbers ...float64) { want, values = append(want, name), append(values, numbers) }
		line("whole", plain.Whole, residual.Whole)
		if out, swap := c.TakenOut(), c.Swapped(); len(out)+len(swap) > 0 {
			line("changed", plain.Accuracy(out, swap), residual.Accuracy(out, swap))
		}
		for i := range c.Len() {
			line(fmt.Sprintf("without %d", i+1), plain.Draws[1][i].Accuracy, residual.Draws[1][i].Accuracy)
		}
		for _, path := range residual.Paths {
			line(fmt.Sprintf("path %d", path.Length), path.Norm)
		}
		wants, numbers = append(wants, want), append(numbers, values)
	}
	folder := t.TempDir()
	placeFashion(t, folder)
	for i, printed := range run(t, interpreter, folder, scripts) {
		lines := strings.Split(strings.TrimSpace(printed.Out), "\n")
		if len(lines) != len(wants[i]) {
			t.Errorf("%s: got %d lines, want %d:\n%s", smallBlocks[i], len(lines), len(wants[i]), printed.Out)
			continue
		}
		for k, line := range lines {
			rest, is := strings.CutPrefix(line, wants[i][k]+" ")
			got := strings.Fields(rest)
			if !is || len(got) != len(numbers[i][k]) {
				t.Errorf("%s: got the line %q, want %s", smallBlocks[i], line, wants[i][k])
				continue
			}
			for j, want := range numbers[i][k] {
				tolerance := 0.0011 / max(want, 0.001) // one image, where two logits are equal but for a rounding
				if strings.HasPrefix(line, "path") {
					tolerance = 1e-4
				}
				if !near(number(t, got[j]), want, tolerance) {
					t.Errorf("%s: %s: PyTorch prints %s, the core has %g", smallBlocks[i], wants[i][k], got[j], want)
				}
			}
		}
	}
}
