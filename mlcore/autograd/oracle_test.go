package autograd

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// number reads the oracle's numbers: JSON has no nan and inf, they are strings.
type number float64

func (n *number) UnmarshalJSON(raw []byte) error {
	switch string(raw) {
	case `"nan"`:
		*n = number(math.NaN())
	case `"inf"`:
		*n = number(math.Inf(1))
	case `"-inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(raw, (*float64)(n))
	}
	return nil
}

// loadOracle reads a gzipped JSON file of testdata, written by PyTorch 1.13.
func loadOracle(t *testing.T, name string, into any) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(unzipped).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// closeTo compares as the oracle's README says: relative, with orders of magnitude only below 1e-30.
func closeTo(got, want, relative float64) error {
	switch {
	case math.IsNaN(want) && math.IsNaN(got), got == want:
		return nil
	case math.Abs(want) < 1e-30 && math.Abs(got) < 1e-29:
		return nil
	case math.Abs(got-want) <= relative*math.Abs(want):
		return nil
	}
	return fmt.Errorf("got %v, want %v", got, want)
}
