package experiment

import (
	"fmt"
	"math"
	"net/url"
	"testing"

	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/nn"
)

type lesionCase struct {
	Config  map[string]any
	Changes []struct {
		Out  []int
		Swap [][2]int
	}
	Paths           [][]int
	Plain, Residual struct{ Accuracies, Losses, Norms [][2]float64 }
}

// What PyTorch makes of nets that it has trained from the same weights, with blocks taken out and swapped, is what the core makes
// of its own, and so are the gradients along single paths. With -short, every sixth.
func TestLesionsAgreeWithPyTorch(t *testing.T) {
	var cases []lesionCase
	oracle.Read(t, "blocks", &cases)
	for i, c := range cases {
		if testing.Short() && i%6 != 0 {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			query := url.Values{}
			for name, v := range c.Config {
				query.Set(name, fmt.Sprint(v))
				if f, ok := v.(float64); ok {
					query.Set(name, number(f))
				}
			}
			config, errs := ParseBlocks(query)
			if errs != nil {
				t.Fatal(errs)
			}
			for k, twin := range []struct{ Accuracies, Losses, Norms [][2]float64 }{c.Plain, c.Residual} {
				run := config.Runs()[k]
				training := run.Prepare()
				for range training.Steps(t.Context()) {
				}
				l := &Lesions{State: nn.StateDict[float32](training.(*session[float32]).net), config: run}
				near := func(what string, got float64, want [2]float64) {
					if !(math.Abs(got-want[0]) <= want[1]) {
						t.Errorf("%s, skip %s, %s: got %v, want %v, at most %v off", query.Encode(), run.Skip, what, got, want[0], want[1])
					}
				}
				for i, change := range c.Changes {
					e, what := l.evaluate(change.Out, change.Swap), fmt.Sprintf("out %v, swapped %v", change.Out, change.Swap)
					near("accuracy, "+what, e.Accuracy, twin.Accuracies[i])
					near("loss, "+what, e.Loss, twin.Losses[i])
				}
				for i, want := range twin.Norms {
					near(fmt.Sprintf("path through %v", c.Paths[i]), pathNorms(l.net())(c.Paths[i]), want)
				}
			}
		})
	}
}
