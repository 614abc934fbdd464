package experiment

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

// TestRandomConfigsAgreeWithPyTorch runs what agree.py drew at random from all that the labs accept, and holds every loss
// and every gradient to PyTorch's, as closely as PyTorch's own runs agree. With -short, every twelfth.
func TestRandomConfigsAgreeWithPyTorch(t *testing.T) {
	for i, c := range oracle.Cases(t) {
		if testing.Short() && i%12 != 0 {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if _, train := c.Config["net"]; train {
				agreeTraining(t, c)
			} else {
				agreeChain(t, c)
			}
		})
	}
}

func agreeTraining(t *testing.T, c oracle.Case) {
	config, errs := ParseTrain(c.Query())
	if (errs != nil) != (c.Want == nil) {
		t.Fatalf("%s: errors %v; PyTorch refuses it: %v", c.Query().Encode(), errs, c.Want == nil)
	}
	if errs != nil {
		return
	}
	training := config.Prepare().(judged)
	got := map[string]float64{}
	for step := range training.Steps(context.Background()) {
		got[fmt.Sprintf("loss %d", step.Number)] = step.Loss
	}
	for name, norm := range training.FirstGradNorms() {
		got["norm "+name] = norm
	}
	c.Compare(t, got)
}

func agreeChain(t *testing.T, c oracle.Case) {
	config, errs := ParseChain(c.Query())
	if errs != nil {
		t.Fatalf("%s: %v", c.Query().Encode(), errs)
	}
	r := config.Run()
	got := map[string]float64{}
	for name, values := range map[string][]float64{"z": r.Z, "grad_z": r.GradZ, "grad_w": r.GradW, "grad_a": r.GradA} {
		for i, v := range values {
			got[fmt.Sprintf("%s %d", name, i)] = v
		}
	}
	c.Compare(t, got)
}

// Idle lanes of a deep net with batch norm once grew until their infinity met a gradient's zero. Of such small batches the
// gradients are rounding, in PyTorch as well: it disagrees with itself by a factor of a million. But they are numbers.
func TestGradientsOfSmallBatchesAreFinite(t *testing.T) {
	for _, query := range []string{
		"activation=relu&depth=60&batch=2&count=2", "activation=relu&depth=100&batch=3&count=3",
		"activation=gelu&depth=60&batch=2&count=2", "activation=identity&depth=60&batch=2&count=2",
	} {
		values, err := url.ParseQuery("net=mlp&norm=batch&skip=none&data=fashion&steps=1&" + query)
		if err != nil {
			t.Fatal(err)
		}
		config, errs := ParseTrain(values)
		if errs != nil {
			t.Fatal(errs)
		}
		outcome, err := config.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for name, norm := range outcome.FirstGradNorms {
			if math.IsNaN(norm) || math.IsInf(norm, 0) {
				t.Errorf("%s: gradient norm of %s is %v", query, name, norm)
			}
		}
	}
}
