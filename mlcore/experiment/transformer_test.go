package experiment

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/internal/oracle"
)

func transformerOf(t *testing.T, query string) Transformer {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := ParseTransformer(values)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return c
}

func TestBadTransformersAreRefusedAtTheirFields(t *testing.T) {
	for query, want := range map[string]string{
		"tokens=33":                      "tokens: must be a whole number from 1 to 32",
		"tokens=0":                       "tokens: must be a whole number from 1 to 32",
		"layers=25":                      "layers: must be a whole number from 1 to 24",
		"warmup=-1":                      "warmup: must be a whole number from 0 to 2000",
		"task=sort":                      "task: must be reverse or copy",
		"heads=3":                        "heads: must divide the width: 32 is no multiple of 3",
		"lr=nan":                         "lr: must be a number from 0.000001 to 1",
		"block=3":                        "block: is not a parameter of this experiment",
		"layers=24&steps=2000&batch=128": "steps: make the two runs ",
		"layers=24&steps=1&batch=128&tokens=32&width=128&hidden=512": "batch: makes this run need 1.9 times the memory",
	} {
		values, _ := url.ParseQuery(query)
		_, errs := ParseTransformer(values)
		got := ""
		for name, message := range errs {
			got += name + ": " + message
		}
		if len(errs) != 1 || !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestTransformerQueriesAreCanonical(t *testing.T) {
	for _, query := range []string{"", "layers=2&lr=0.001&task=copy&warmup=60", "batch=3&dtype=float64&heads=2&hidden=5&seed=7&steps=9&tokens=3&vocabulary=4&width=6"} {
		if got := transformerOf(t, query).Query().Encode(); got != query {
			t.Errorf("got %q, want %q", got, query)
		}
	}
}

// The rate grows to its full size at the last step of the warm-up.
func TestWarmup(t *testing.T) {
	c := Transformer{LR: 0.1, Warmup: 4}
	for step, want := range []float64{0.025, 0.05, 0.075, 0.1, 0.1} {
		if got := c.Rate(step); math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d: got %v, want %v", step, got, want)
		}
	}
	if c.Warmup = 0; c.Rate(0) != c.LR {
		t.Errorf("without warm-up: got %v, want %v", c.Rate(0), c.LR)
	}
}

// TestRandomTransformersAgreeWithPyTorch holds what transformer.py drew at random from all that the lab accepts, trained for some
// steps, to PyTorch's numbers. With -short, every twelfth.
func TestRandomTransformersAgreeWithPyTorch(t *testing.T) {
	var cases []oracle.Case
	oracle.Read(t, "transformer", &cases)
	for i, c := range cases {
		if testing.Short() && i%12 != 0 {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			got := map[string]float64{}
			for _, run := range transformerOf(t, c.Query().Encode()).Runs() {
				o, err := run.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, step := range o.Steps {
					got[fmt.Sprintf("loss %s %d", run.Norm, step.Number)] = step.Loss
					for l, norm := range step.GradNorms {
						got[fmt.Sprintf("layer %s %d %d", run.Norm, step.Number, l)] = norm
					}
				}
				for name, norm := range o.FirstGradNorms {
					got["norm "+run.Norm+" "+name] = norm
				}
				got["loss "+run.Norm+" test"] = o.Test.Loss
			}
			c.Compare(t, got)
		})
	}
}

// What a run is said to need and to leave is what it does, and at most some times as much.
func TestMemoryOfTransformers(t *testing.T) {
	for _, query := range []string{"steps=2", "steps=1&batch=128&tokens=16&layers=1&heads=16&width=64", "steps=2&dtype=float64&layers=3&batch=33", "layers=12&steps=1&vocabulary=64&width=64&hidden=256&tokens=1&batch=1"} {
		for _, run := range transformerOf(t, query).Runs() {
			training := run.Prepare()
			training.SetWorkers(2)
			for range training.Steps(t.Context()) {
			}
			outcome := training.Conclude()
			held, bytes := 0, 4*elementBytes(run.DType)
			switch s := training.(type) {
			case *sequences[float32]:
				held = s.learner.Bytes() + s.judge.Bytes() + bytes*s.info.Parameters
			case *sequences[float64]:
				held = s.learner.Bytes() + s.judge.Bytes() + bytes*s.info.Parameters
			}
			if said := int(run.Memory()); held > said || said > 4*held {
				t.Errorf("%s, %s: %d bytes are held, %d were said", query, run.Norm, held, said)
			}
			if outcome.Bytes() > run.Kept() {
				t.Errorf("%s, %s: the result takes %d bytes, %d were said", query, run.Norm, outcome.Bytes(), run.Kept())
			}
		}
	}
}

// A run that was paused and shed goes on as one that was not, on one core or on two.
func TestTransformersAreDeterministic(t *testing.T) {
	run := transformerOf(t, "steps=6&layers=2&batch=33").Runs()[0]
	whole, err := run.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	training := run.Prepare()
	training.Between(func(float64) bool {
		training.SetWorkers(2)
		training.Shed()
		return true
	})
	for step := range training.Steps(t.Context()) {
		if want := whole.Steps[step.Number]; step.Loss != want.Loss {
			t.Errorf("step %d: got %v, want %v", step.Number, step.Loss, want.Loss)
		}
	}
	if got := training.Conclude(); got.Test != whole.Test {
		t.Errorf("judged: got %v, want %v", got.Test, whole.Test)
	}
}
