package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"testing"
)

// The oracle's runs in float64, each by its query: the way in that scripts use. Package nn runs those in float32, where
// roundings grow.
func TestTrainEqualsPyTorch(t *testing.T) {
	var cases []struct {
		Config     map[string]any
		Parameters int
		Losses     []oracleNumber
		Norms      map[string]oracleNumber `json:"first_step_grad_norms"`
		Test       struct{ Loss, Accuracy oracleNumber }
	}
	oracle(t, "../nn/testdata/training.json.gz", &cases)
	if len(cases) < 150 {
		t.Fatalf("the oracle holds %d runs only", len(cases))
	}
	for i, c := range cases {
		query := url.Values{}
		for name, v := range c.Config {
			if name != "args" {
				query.Set(name, fmt.Sprint(v))
			}
		}
		for name, v := range c.Config["args"].(map[string]any) {
			switch v {
			case true:
				v = "identity"
			case false:
				v = "none"
			}
			query.Set(name, fmt.Sprint(v))
		}
		if c.Config["dtype"] != "float64" || testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(query.Encode(), func(t *testing.T) {
			config, errs := ParseTrain(query)
			if errs != nil {
				t.Fatal(errs)
			}
			o, err := config.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if o.Info.Parameters != c.Parameters {
				t.Errorf("%d parameters, want %d", o.Info.Parameters, c.Parameters)
			}
			largest := 0.0
			for _, norm := range c.Norms {
				largest = max(largest, float64(norm))
			}
			explodes := largest > 100 // the updates throw the weights about, and roundings with them
			for k, want := range c.Losses {
				if explodes && k > 1 {
					break
				}
				tolerance := 1e-9
				if k > 6 && config.Norm == "batch" {
					tolerance = 1e-8 // a plain net with batch norm makes a rounding ten times larger at each step
				}
				if err := differ(o.Steps[k].Loss, want, tolerance); err != nil {
					t.Errorf("loss of step %d: %v", k, err)
					break
				}
			}
			if len(o.FirstGradNorms) != len(c.Norms) {
				t.Errorf("%d gradient norms, want %d", len(o.FirstGradNorms), len(c.Norms))
			}
			for name, want := range c.Norms {
				if got := o.FirstGradNorms[name]; max(got, float64(want)) < 1e-13*largest {
					continue // a bias before a normalisation has no gradient but roundings
				}
				if err := differ(o.FirstGradNorms[name], want, 1e-9); err != nil {
					t.Errorf("gradient norm of %s: %v", name, err)
				}
			}
			if explodes {
				return
			}
			if err := differ(o.Test.Loss, c.Test.Loss, 1e-8); err != nil {
				t.Errorf("test loss: %v", err)
			}
			if err := differ(o.Test.Accuracy, c.Test.Accuracy, 1e-9); err != nil {
				t.Errorf("test accuracy: %v", err)
			}
		})
	}
}

// The notebook's 44 printed losses, and what it never looked at: all images learnt, none of the test images known.
func TestNotebookRun(t *testing.T) {
	raw, err := os.ReadFile("../nn/testdata/notebook.json")
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Losses []float64 `json:"printed_losses"`
	}
	if err := json.Unmarshal(raw, &notebook); err != nil {
		t.Fatal(err)
	}
	if len(notebook.Losses) != 44 {
		t.Fatalf("the notebook printed %d losses, want 44", len(notebook.Losses))
	}
	o, err := TrainTable().Default().Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range notebook.Losses {
		if got := o.Steps[k].Loss; math.Abs(got-want) > 1e-6 {
			t.Errorf("loss of step %d is %v, printed was %v", k, got, want)
		}
	}
	if last := o.Steps[99]; last.Accuracy != 1 || last.Loss > 0.005 {
		t.Errorf("step 99: loss %v, accuracy %v, want all of the images learnt", last.Loss, last.Accuracy)
	}
	if o.Test.Accuracy > 0.15 || o.Test.Loss < 2 {
		t.Errorf("test: %+v, want no better than guessing", o.Test)
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := TrainTable().Default()
	n := 0
	for range c.Prepare().Steps(ctx) {
		if n++; n == 3 {
			cancel()
		}
	}
	if n != 3 {
		t.Errorf("%d steps after the context ended at step 3", n-3)
	}
	if _, err := c.Run(ctx); err != context.Canceled {
		t.Errorf("Run: %v, want context.Canceled", err)
	}
}

func TestDivergenceEndsTheRun(t *testing.T) {
	c, errs := ParseTrain(url.Values{"optimizer": {"sgd"}, "lr": {"10"}, "depth": {"12"}, "activation": {"identity"}, "skip": {"identity"}, "steps": {"50"}})
	if errs != nil {
		t.Fatal(errs)
	}
	o, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	last := o.Steps[len(o.Steps)-1]
	if len(o.Steps) == 50 || !last.Diverged || !math.IsNaN(last.Loss) && !math.IsInf(last.Loss, 0) {
		t.Errorf("%d steps, the last %+v, want an early end", len(o.Steps), last)
	}
	for _, step := range o.Steps[:len(o.Steps)-1] {
		if step.Diverged {
			t.Errorf("step %d is marked as diverged too", step.Number)
		}
	}
}

// What the test images say depends on the state of the net alone: looking does not change the run.
func TestTestingDoesNotChangeTheRun(t *testing.T) {
	c, errs := ParseTrain(url.Values{"steps": {"6"}, "count": {"20"}, "batch": {"10"}})
	if errs != nil {
		t.Fatal(errs)
	}
	a, b := c.Prepare(), c.Prepare()
	var seen []float64
	for step := range a.Steps(context.Background()) {
		a.Test()
		seen = append(seen, step.Loss)
	}
	k := 0
	for step := range b.Steps(context.Background()) {
		if step.Loss != seen[k] {
			t.Errorf("step %d: loss %v, and %v when tested in between", k, step.Loss, seen[k])
		}
		k++
	}
}
