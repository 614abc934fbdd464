package experiment

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"testing"

	"gradlab/mlcore/data"
	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// The oracle's runs in float64, each by its query: the way in that scripts use. Package nn compares those in float32, too.
// With -short, every eighth that is small.
func TestTrainEqualsPyTorch(t *testing.T) {
	for i, want := range oracle.Training(t) {
		if want.Config.DType != "float64" || testing.Short() && i%8 != 0 {
			continue
		}
		query := queryOf(want.Config)
		t.Run(query.Encode(), func(t *testing.T) {
			config, errs := ParseTrain(query)
			if errs != nil {
				t.Fatal(errs)
			}
			most := 5e9 // multiply-adds: the notebook’s nets of depth 10 take seconds of plain loops, and show no more than those of depth 2
			if testing.Short() {
				most = 5e8
			}
			if config.Cost() > most {
				t.Skip("plain loops for seconds: package nn runs it in float32")
			}
			o, err := config.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := oracle.Result{Parameters: o.Info.Parameters, Norms: o.FirstGradNorms}
			for _, step := range o.Steps {
				got.Losses = append(got.Losses, step.Loss)
			}
			got.Test.Loss, got.Test.Accuracy = o.Test.Loss, o.Test.Accuracy
			want.Compare(t, got)
		})
	}
}

// queryOf writes the oracle's config as the train lab's query. The skip of the notebook's net is true or false there.
func queryOf(c oracle.Config) url.Values {
	query := url.Values{}
	for name, v := range map[string]any{"net": c.Net, "seed": c.Seed, "data": c.Data, "count": c.Count, "batch": c.Batch,
		"steps": c.Steps, "optimizer": c.Optimizer, "lr": c.LR, "clip": c.Clip, "dtype": c.DType} {
		query.Set(name, fmt.Sprint(v))
	}
	for name, v := range c.Args {
		switch v {
		case true:
			v = "identity"
		case false:
			v = "none"
		}
		query.Set(name, fmt.Sprint(v))
	}
	return query
}

// The notebook's 44 printed losses, and what it never looked at: all images learnt, none of the test images known.
func TestNotebookRun(t *testing.T) {
	o, err := TrainTable().Default().Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range oracle.ReadNotebook(t).Printed {
		if got := o.Steps[k].Loss; !(math.Abs(got-float64(want)) <= 1e-6) {
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
	a, b := c.Prepare().(judged), c.Prepare()
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

// A training may be given its images, and the net that it trains is the one that NetOf returns.
func TestTrainingOnOtherImages(t *testing.T) {
	c, errs := ParseTrain(url.Values{"net": {"deep"}, "n": {"1"}, "count": {"32"}, "batch": {"32"}, "steps": {"3"}})
	if errs != nil {
		t.Fatal(errs)
	}
	train, test := c.images(torchrand.New(c.Seed))
	given := c.PrepareOn(train, test).(judged)
	losses := func(training Training) (all []float64) {
		for step := range training.Steps(t.Context()) {
			all = append(all, step.Loss)
		}
		return all
	}
	if got, want := losses(given), losses(c.Prepare()); !slices.Equal(got, want) { // Fashion-MNIST takes no draw from the net
		t.Errorf("losses on images that are given: got %v, want %v", got, want)
	}
	none := data.Set{Images: make([]float32, len(train.Images)), Labels: train.Labels}
	if got := losses(c.PrepareOn(none, test)); slices.Equal(got, losses(c.Prepare())) {
		t.Error("black images give the losses of the others")
	}
	if _, ok := NetOf[float64](given); ok {
		t.Error("a float32 training gave a float64 net")
	}
	net, ok := NetOf[float32](given)
	if !ok {
		t.Fatal("no net")
	}
	before := given.Test()
	state := nn.StateDict(net)
	clear(state["head.weight"])
	if err := nn.LoadStateDict(net, state); err != nil {
		t.Fatal(err)
	}
	if given.Test() == before {
		t.Error("the net that NetOf returns is not the one that Test judges")
	}
}
