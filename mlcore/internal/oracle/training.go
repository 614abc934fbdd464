package oracle

import (
	"fmt"
	"math"
	"testing"
)

// Config is a training run of nets.py.
type Config struct {
	Net          string
	Args         map[string]any // of the network
	Seed         uint32
	Data         string
	Count, Batch int
	Steps        int
	Optimizer    string
	LR, Clip     float64
	DType        string
}

// A Run is what PyTorch made of a config.
type Run struct {
	Config     Config
	Parameters int
	Losses     []Number          // of each step, before its update
	Norms      map[string]Number `json:"first_step_grad_norms"` // by the parameter's name
	Test       struct{ Loss, Accuracy Number }

	Spread *Spread `json:"-"` // of a run that PyTorch does not repeat; nil for the others
	Truth  *Run    `json:"-"` // the same in float64; of a float64 run, itself
}

// Spread says how far PyTorch's own runs of a config end from the truth when each starting weight moves by one unit in its
// last place: relative, the furthest of 24. testdata/spread.py measures it.
type Spread struct {
	Loss       []float64 // up to each step, of ten
	Norm, Test float64
	Typical    float64 // the last of Loss as the median run has it
}

// Training reads the runs of whole networks: 80 in float64, then the same 80 in float32.
func Training(t testing.TB) []Run {
	t.Helper()
	var runs []Run
	var spreads []*Spread
	Read(t, "training", &runs)
	Read(t, "spread", &spreads)
	if len(spreads) != len(runs) {
		t.Fatalf("%d spreads of %d runs", len(spreads), len(runs))
	}
	for i := range runs {
		runs[i].Spread, runs[i].Truth = spreads[i], &runs[i%(len(runs)/2)]
	}
	return runs
}

// Name tells the run from others, in a test's messages.
func (r Run) Name() string {
	return fmt.Sprintf("%s %v %s %s", r.Config.Net, r.Config.Args, r.Config.Optimizer, r.Config.DType)
}

// A Result is what the core made of a config. Losses may end early: the test is then not compared.
type Result struct {
	Parameters int
	Losses     []float64
	Norms      map[string]float64
	Test       struct{ Loss, Accuracy float64 }
}

// reach is how many times as far from the truth as the furthest of PyTorch's 24 runs one of ours may end. Of those 24
// themselves one in nine ends beyond all the others, and the furthest 2.4 times as far; ours have been seen at 2.5.
const reach = 4

// limits are relative tolerances, and what they are relative to.
type limits struct {
	from       *Run
	loss       func(step int) float64
	norm, test float64
	noise      float64 // below this share of the largest norm, a norm is rounding noise around zero
	exact      bool    // the test's accuracy is the same
}

// limits are PyTorch's own: of a run that it repeats, what it keeps between its builds; of the others, a distance from the
// truth that is set by PyTorch's own runs, whatever its one recorded run says.
func (r Run) limits() limits {
	loss, norm, noise := 1e-9, 1e-9, 1e-13
	if r.Config.DType == "float32" {
		loss, norm, noise = 1e-4, 1e-3, 1e-6
	}
	s := r.Spread
	if s == nil {
		return limits{from: &r, loss: func(int) float64 { return loss }, norm: norm, test: loss, noise: noise, exact: true}
	}
	return limits{
		from: r.Truth, norm: max(norm, reach*s.Norm), test: max(loss, reach*s.Test), noise: noise,
		loss: func(step int) float64 { return max(loss, reach*s.Loss[min(step, len(s.Loss)-1)]) },
	}
}

// Compare reports where a result is not what PyTorch computed.
func (r Run) Compare(t testing.TB, got Result) {
	t.Helper()
	limits := r.limits()
	want := limits.from
	if got.Parameters != r.Parameters {
		t.Errorf("%s: got %d parameters, want %d", r.Name(), got.Parameters, r.Parameters)
	}
	if len(got.Losses) == 0 || len(got.Losses) > len(want.Losses) {
		t.Fatalf("%s: got %d losses, want 1 to %d", r.Name(), len(got.Losses), len(want.Losses))
	}
	// A run whose loss has tripled explodes, and its roundings with it. A spread has that in it.
	exploded := func(v Number, tolerance float64) float64 {
		if r.Spread == nil && v > 3*want.Losses[0] {
			return 20 * tolerance
		}
		return tolerance
	}
	for k, loss := range got.Losses {
		if err := Differ(loss, want.Losses[k], exploded(want.Losses[k], limits.loss(k))); err != nil {
			t.Errorf("%s: loss of step %d: %v", r.Name(), k, err)
			break
		}
	}
	if len(got.Norms) != len(want.Norms) {
		t.Errorf("%s: got %d gradient norms, want %d", r.Name(), len(got.Norms), len(want.Norms))
	}
	floor := 0.0
	for _, v := range want.Norms {
		floor = max(floor, limits.noise*float64(v))
	}
	for name, v := range want.Norms {
		norm, known := got.Norms[name]
		if known && norm < floor && float64(v) < floor {
			continue
		}
		if err := Differ(norm, v, limits.norm); err != nil || !known {
			t.Errorf("%s: gradient norm of %s: %v (known: %v)", r.Name(), name, err, known)
		}
	}
	if len(got.Losses) < len(want.Losses) {
		return
	}
	if err := Differ(got.Test.Loss, want.Test.Loss, exploded(want.Test.Loss, limits.test)); err != nil {
		t.Errorf("%s: test loss: %v", r.Name(), err)
	}
	if err := Differ(got.Test.Accuracy, want.Test.Accuracy, 1e-9); err != nil && limits.exact {
		t.Errorf("%s: test accuracy: %v", r.Name(), err)
	}
}

// Error is how far a run of ours that PyTorch does not repeat ends from the truth, as a multiple of how far PyTorch's
// median run does. Over many such runs the geometric mean says whether ours are worse than PyTorch's.
func (r Run) Error(losses []float64) float64 {
	const grain = 0x1p-24 // no float32 loss comes closer
	worst := grain
	for k, loss := range losses[:min(10, len(losses))] {
		truth := float64(r.Truth.Losses[k])
		worst = max(worst, math.Abs(loss-truth)/math.Abs(truth))
	}
	return worst / max(grain, r.Spread.Typical)
}
