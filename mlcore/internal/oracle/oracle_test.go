package oracle

import (
	"encoding/json"
	"math"
	"testing"
)

func TestDiffer(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		got    float64
		want   Number
		agrees bool
	}{
		{1.00009, 1, true}, {1.0002, 1, false}, {-1, 1, false}, {nan, 1, false}, {0, 1, false}, {0, 0, true}, {1e-40, 0, false},
		{nan, Number(nan), true}, {1, Number(nan), false}, {inf, Number(nan), false},
		{inf, Number(inf), true}, {2e38, Number(inf), true}, {-2e38, Number(inf), false}, {1, Number(inf), false}, {nan, Number(inf), false},
		{3e-38, 1e-38, true}, {3e-37, 1e-38, false}, {0, 1e-38, false}, {-1e-38, 1e-38, false}, {2e35, 1e35, true}, {2e36, 1e35, false}, {inf, 1e35, false},
	} {
		if err := Differ(c.got, c.want, 1e-4); (err == nil) != c.agrees {
			t.Errorf("%g beside %g: got %v, want agreement: %v", c.got, float64(c.want), err, c.agrees)
		}
	}
}

func TestNumberReadsWhatJSONLacks(t *testing.T) {
	var got []Number
	if err := json.Unmarshal([]byte(`[1.5, -2e-3, "nan", "inf", "-inf"]`), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 5 || got[0] != 1.5 || got[1] != -2e-3 || !math.IsNaN(float64(got[2])) || !math.IsInf(float64(got[3]), 1) || !math.IsInf(float64(got[4]), -1) {
		t.Errorf("got %v, want 1.5 -0.002 NaN +Inf -Inf", got)
	}
	if err := json.Unmarshal([]byte(`["many"]`), &got); err == nil {
		t.Error("got no error for a word")
	}
}

// What a run is compared with: PyTorch's own run where PyTorch repeats it, else the truth.
func TestTrainingPairsRunsWithTheirTruth(t *testing.T) {
	runs := Training(t)
	apart := 0
	for _, r := range runs {
		single, double := r.Config, r.Truth.Config
		single.DType, double.DType = "", ""
		if a, b := text(t, single), text(t, double); a != b || r.Truth.Config.DType != "float64" {
			t.Errorf("%s: its truth is %s", a, b)
		}
		if s := r.Spread; s != nil {
			apart++
			if len(s.Loss) != min(10, len(r.Losses)) || !(s.Typical > 0 && s.Typical <= s.Loss[len(s.Loss)-1]) {
				t.Errorf("%s: spread %+v", r.Name(), s)
			}
		}
	}
	t.Logf("PyTorch does not repeat %d of %d runs", apart, len(runs))
	if apart == 0 || apart > len(runs)/4 {
		t.Errorf("PyTorch does not repeat %d of %d runs, want a few", apart, len(runs))
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// A wrong result is found, in each of its parts.
func TestCompareFindsWhatIsWrong(t *testing.T) {
	for _, want := range Training(t) {
		right := func() Result {
			r := Result{Parameters: want.Parameters, Losses: Floats(want.Truth.Losses), Norms: map[string]float64{}}
			for name, v := range want.Truth.Norms {
				r.Norms[name] = float64(v)
			}
			r.Test.Loss, r.Test.Accuracy = float64(want.Truth.Test.Loss), float64(want.Truth.Test.Accuracy)
			return r
		}
		if failed(want, right()) {
			t.Errorf("%s: the truth itself fails", want.Name())
		}
		for name, spoil := range map[string]func(*Result){
			"parameters":  func(r *Result) { r.Parameters++ },
			"first loss":  func(r *Result) { r.Losses[0] *= 1.002 },
			"no loss":     func(r *Result) { r.Losses[0] = math.NaN() },
			"lacks norms": func(r *Result) { clear(r.Norms) },
			"test":        func(r *Result) { r.Test.Loss = math.NaN() },
		} {
			r := right()
			spoil(&r)
			if !failed(want, r) {
				t.Errorf("%s: wrong %s are not found", want.Name(), name)
			}
		}
	}
}

// failed says whether a comparison fails its test.
func failed(want Run, got Result) bool {
	var recorder recorder
	want.Compare(&recorder, got)
	return recorder.failed
}

// recorder is a test that goes on.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatalf(string, ...any) { r.failed = true }
