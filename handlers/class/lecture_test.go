package class

import (
	"math"
	"net/url"
	"strings"
	"testing"

	"gradlab/handlers/labs"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
)

// What the lecture's titles and notes say in numbers is what the labs compute where they lead.
func TestLectureSaysWhatTheLabsCompute(t *testing.T) {
	library, err := lessons.Embedded(labs.All().Lessons())
	if err != nil {
		t.Fatal(err)
	}
	plan := (&Pages{library: library}).lecture()
	chain := func(title string) experiment.ChainResult {
		t.Helper()
		for _, stop := range plan {
			if strings.HasPrefix(stop.Title, title) {
				at, err := url.Parse(stop.Path)
				if err != nil {
					t.Fatal(err)
				}
				config, errs := experiment.ParseChain(at.Query())
				if errs != nil {
					t.Fatalf("%s: %v", stop.Path, errs)
				}
				return config.Run()
			}
		}
		t.Fatalf("the lecture has no stop %q", title)
		return experiment.ChainResult{}
	}
	notebook := chain("One number through four layers")
	if n := len(notebook.GradW); n != 4 || notebook.GradW[0] != 0 || notebook.Slope[0] != 0 || notebook.Z[1] != 1 {
		t.Errorf("the notebook's chain: got the gradients %v, slopes %v and values %v", notebook.GradW, notebook.Slope, notebook.Z)
	}
	sigmoid := chain("Sigmoid, depth 20, every weight 1. Layer 20’s gradient is about 0.05.")
	if c := sigmoid.Config; c.Activation != "sigmoid" || c.Depth != 20 || c.W != 1 || c.Spread != 0 {
		t.Errorf("the title names a sigmoid chain of depth 20 and weight 1, its link %+v", c)
	}
	if got := math.Abs(sigmoid.GradW[19]); math.Round(got*100) != 5 {
		t.Errorf("layer 20’s gradient: got %v, want about 0.05", got)
	}
	if first := math.Abs(sigmoid.GradW[0]); !(first > 0 && first < math.Pow(0.25, 19)) {
		t.Errorf("layer 1’s gradient: got %v, want below (¼)¹⁹", first)
	}
}
