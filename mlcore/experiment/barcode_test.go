package experiment

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/internal/oracle"
)

func barcodeOf(t *testing.T, query string) Barcode {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := ParseBarcode(values)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return c
}

func TestBarcodeFields(t *testing.T) {
	for _, test := range []struct{ query, field, says string }{
		{"depth=0", "depth", "from 1 to 100"},
		{"depth=101", "depth", "from 1 to 100"},
		{"depth=2.5", "depth", "a whole number"},
		{"net=deep&n=10", "n", "from 1 to 9"},
		{"net=deep&n=0", "n", "from 1 to 9"},
		{"net=notebook", "net", "mlp or deep"},
		{"skip=A", "skip", "none or identity"},
		{"norm=group", "norm", "none, batch or layer"},
		{"net=deep&norm=layer", "norm", "none, batch or group"},
		{"activation=step", "activation", "relu"},
		{"width=129", "width", "from 1 to 128"},
		{"net=deep&channels=9", "channels", "from 1 to 8"},
		{"net=deep&norm=group&channels=6", "channels", "a multiple of 4"},
		{"from=-1", "from", "from 0 to 4999"},
		{"to=5000", "to", "from 0 to 4999"},
		{"from=7&to=7", "to", "another one"},
		{"points=63", "points", "from 64 to 256"},
		{"points=257", "points", "from 64 to 256"},
		{"seed=-1", "seed", "from 0 to 4294967295"},
		{"net=deep&n=9&channels=8", "n", "3.7 times the work"},
		{"x=1", "x", "is not a parameter"},
	} {
		values, _ := url.ParseQuery(test.query)
		_, errs := ParseBarcode(values)
		if len(errs) != 1 || !strings.Contains(errs[test.field], test.says) {
			t.Errorf("%s: got %v, want %q to say %q", test.query, errs, test.field, test.says)
		}
	}
	for _, query := range []string{"", "skip=none", "depth=100&width=128", "n=9&net=deep", "channels=1&net=deep&norm=group&to=4999", "points=64&seed=4294967295"} {
		if got := barcodeOf(t, query).Query().Encode(); got != query {
			t.Errorf("%s: is written as %s", query, got)
		}
	}
	values, _ := url.ParseQuery("point=256")
	if _, _, errs := ParseBarcodeLab(values); !strings.Contains(errs["point"], "from 1 to 255") {
		t.Errorf("got %v, want an error of the point", errs)
	}
}

// A stripe is the slope of the score along the line: central differences find it.
func TestStripesAreDerivatives(t *testing.T) {
	for _, query := range []string{"activation=tanh&depth=4&points=64&skip=none", "activation=tanh&n=1&net=deep&points=64"} {
		c := barcodeOf(t, query)
		r := c.Run()
		images, err := data.Fashion("train", BarcodeBatch)
		if err != nil {
			t.Fatal(err)
		}
		net := c.drawn(doubles(images.Images))
		along := func(step float64) []float64 {
			var moved []float64
			a, b := r.Pictures[0], r.Pictures[c.Points-1]
			for _, picture := range r.Pictures {
				for p, v := range picture {
					moved = append(moved, v+step*(b[p]-a[p]))
				}
			}
			return net.Forward(autograd.NewTape[float64](), pictures(moved)).Values(nil)
		}
		const h = 1e-5
		before, after := along(-h), along(h)
		for i, got := range r.Values {
			want := (after[i*data.Classes+r.Class] - before[i*data.Classes+r.Class]) / (2 * h)
			if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s: stripe %d is %g, central differences say %g", query, i, got, want)
			}
		}
	}
}

// What the paper found: stripes of plain nets come to resemble white noise with depth, and those of residual nets stay with brown.
func TestPlainStripesShatterWithDepth(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	for _, test := range []struct {
		query     string
		low, high float64 // of the autocorrelation at lag 1, over the seeds
	}{
		{"depth=1&skip=none", 0.95, 1}, {"depth=10&skip=none", 0.6, 0.95}, {"depth=24&skip=none", -0.2, 0.2}, {"depth=50&skip=none", -0.2, 0.2},
		{"depth=1", 0.95, 1}, {"depth=10", 0.95, 1}, {"depth=24", 0.85, 1}, {"depth=50", 0.85, 1},
		{"net=deep&n=3&skip=none", 0.3, 0.75}, {"net=deep&n=3", 0.8, 1},
	} {
		for _, seed := range []string{"0", "1", "2"} {
			r := barcodeOf(t, test.query+"&seed="+seed).Run()
			if got := r.Autocorrelation[1]; !(got > test.low && got < test.high) || r.Autocorrelation[0] < 1-1e-12 {
				t.Errorf("%s, seed %s: %.3f, want between %g and %g", test.query, seed, got, test.low, test.high)
			}
			white, brown := r.Config.Noise()
			if w, b := white.Autocorrelation[1], brown.Autocorrelation[1]; math.Abs(w) > 0.2 || b < 0.95 {
				t.Errorf("seed %s: white noise %.3f, brown %.3f", seed, w, b)
			}
		}
	}
}

// A net whose units are all off has no gradient, and its numbers say so; a linear net's gradient is the same everywhere.
func TestBarcodesAtTheEdge(t *testing.T) {
	r := barcodeOf(t, "depth=100&norm=none&skip=none&width=1").Run()
	if r.Size != 0 || !math.IsNaN(r.Turn) || !math.IsNaN(r.Autocorrelation[1]) {
		t.Errorf("a dead net: size %g, turn %g, autocorrelation %g", r.Size, r.Turn, r.Autocorrelation[1])
	}
	r = barcodeOf(t, "activation=identity&skip=none").Run()
	if math.Abs(r.Autocorrelation[30]-1) > 1e-9 || r.Turn > 1e-4 {
		t.Errorf("a linear net: turn %g, autocorrelation %g", r.Turn, r.Autocorrelation[30])
	}
}

// TestRandomBarcodesAgreeWithPyTorch holds what barcode.py drew at random from all that the lab accepts to PyTorch's numbers.
func TestRandomBarcodesAgreeWithPyTorch(t *testing.T) {
	if testing.Short() {
		t.Skip("starts no goroutine: left out of -short")
	}
	var cases []oracle.Case
	oracle.Read(t, "barcode", &cases)
	for _, c := range cases {
		c.Compare(t, barcodeNumbers(barcodeOf(t, c.Query().Encode()).Run()))
	}
}

func barcodeNumbers(r BarcodeResult) map[string]float64 {
	got := map[string]float64{"turn": r.Turn, "size": r.Size}
	for k, v := range r.Autocorrelation {
		got["lag "+strconv.Itoa(k)] = v
	}
	for i, v := range r.Values {
		got["stripe "+strconv.Itoa(i)] = v
	}
	return got
}
