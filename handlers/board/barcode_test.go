package board

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

// striped is a result out of thin air.
func striped(turn, first, size float64) experiment.BarcodeResult {
	return experiment.BarcodeResult{Turn: turn, Size: size, Stripes: experiment.Stripes{Autocorrelation: []float64{1, first}}}
}

func TestBarcodeVerdicts(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		want            string
		plain, residual experiment.BarcodeResult
	}{
		{"One small step turns the plain gradient by 80°: its stripes look like white noise. With skips it turns by 9°: they flow into one another. " +
			"Neighbouring stripes correlate by −0.02 in the plain net and by 0.98 with skips. Nothing has vanished: the plain gradient is 14 times as large.",
			striped(79.8, -0.021, 84), striped(8.7, 0.976, 6)},
		{"One small step turns the plain gradient by 40°: its stripes are only half alike. With skips it turns by 17°: they flow into one another. " +
			"Neighbouring stripes correlate by 0.52 in the plain net and by 0.90 with skips. The two gradients are about the same size.",
			striped(40, 0.52, 1), striped(17, 0.9, 1)},
		{"One small step turns the plain gradient by 1°: its stripes flow into one another. With skips it turns by 2°: they flow into one another. " +
			"Neighbouring stripes correlate by 1.00 in the plain net and by 1.00 with skips. And the plain gradient has vanished: it is 1.0·10^−10 of the residual one.",
			striped(1, 1, 1e-10), striped(2, 1, 1)},
		{"One small step turns the plain gradient by 1°: its stripes flow into one another. With skips it turns by 2°: they flow into one another. " +
			"Neighbouring stripes correlate by 0.99 in the plain net and by 0.99 with skips. The plain gradient is smaller, by a factor of 4.",
			striped(1, 0.99, 1), striped(2, 0.99, 4)},
		{"No gradient reaches the picture in the plain net: its stripes are all the same grey.", striped(nan, nan, 0), striped(2, 1, 1)},
		{"No gradient reaches the picture in either net: its stripes are all the same grey.", striped(nan, nan, 0), striped(nan, nan, 0)},
	} {
		if got := barcodeVerdict(barcodeRun{plain: test.plain, residual: test.residual}).String(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// Whatever the numbers, the verdict is a sentence, and the words that it chooses are so.
func TestBarcodeVerdictsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := func(name string) experiment.BarcodeResult {
			return striped(rapid.Float64Range(0, 180).Draw(t, name+" turn"), rapid.Float64Range(-1, 1).Draw(t, name+" first"), size(t, name+" size"))
		}
		p, q := drawn("plain"), drawn("residual")
		said := barcodeVerdict(barcodeRun{plain: p, residual: q}).String()
		wantSentence(t, said)
		plain, residual, _ := strings.Cut(said, "With skips")
		for words, so := range map[string][2]bool{
			"look like white noise": {p.Autocorrelation[1] < shattered, q.Autocorrelation[1] < shattered},
			"flow into one another": {p.Autocorrelation[1] >= whole, q.Autocorrelation[1] >= whole},
		} {
			if strings.Contains(plain, words) != so[0] || strings.Contains(residual, words) != so[1] {
				t.Fatalf("%q in %q", words, said)
			}
		}
		if strings.Contains(said, "Nothing has vanished") && !(p.Size > q.Size) || strings.Contains(said, "has vanished: it is") && !(p.Size < q.Size/50) {
			t.Fatalf("sizes %g and %g in %q", p.Size, q.Size, said)
		}
	})
}

func TestBarcodeBoard(t *testing.T) {
	c := experiment.BarcodeTable().Default()
	c.Depth, c.Points, c.Skip = 3, 64, "none"
	b := Barcode(c, experiment.BarcodeView{Point: 255}, nil)
	if len(b.Rows) != 4 || b.Rows[0].Faint || !b.Rows[1].Faint || b.Point != 62 || len(b.Hand) != 3 || len(b.Lags) != experiment.BarcodeLags+1 || len(b.Line) != 5 {
		t.Errorf("got %d rows, point %d, %d in hand, %d lags, %d pictures", len(b.Rows), b.Point, len(b.Hand), len(b.Lags), len(b.Line))
	}
	if want := "barcode?depth=3&points=64&skip=none"; b.APILink != "/api/"+want || b.TrainAt != "/labs/train?depth=3&net=mlp&norm=batch&width=32" && !strings.Contains(b.TrainAt, "depth=3") {
		t.Errorf("got the links %s and %s", b.APILink, b.TrainAt)
	}
	refused := Barcode(c, experiment.BarcodeView{Point: 1}, experiment.FieldErrors{"to": "must be another one"})
	if refused.Refusal != "This cannot run. Last picture must be another one. Drawn are the usual settings." || len(refused.Rows) != 4 {
		t.Errorf("got %q and %d rows", refused.Refusal, len(refused.Rows))
	}
}

// The ticks of the curves are a quarter apart, from the lower end up: one of them is 0.
func TestBarcodeAxis(t *testing.T) {
	for least, want := range map[float64]float64{0.1: -0.25, -0.22: -0.25, -0.3: -0.5, -0.7: -1} {
		p := striped(1, least, 1)
		if got := floorOf(p, striped(1, 1, 1), experiment.Stripes{}); got != want || math.Mod(got, 0.25) != 0 {
			t.Errorf("above %g the axis begins at %g, want %g", least, got, want)
		}
	}
}
