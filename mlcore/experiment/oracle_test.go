package experiment

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

// oracleNumber is a float that JSON may lack: the oracle writes "nan", "inf" and "-inf".
type oracleNumber float64

func (n *oracleNumber) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		s = string(b)
	}
	v, err := strconv.ParseFloat(s, 64)
	*n = oracleNumber(v)
	return err
}

// oracle reads values that PyTorch gave, from the testdata of the package that tests the same with its own parts.
func oracle(t *testing.T, file string, into any) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// differ is nil where got is want, to a relative tolerance. Of numbers too small or too large to agree in more than size
// the power of ten is compared.
func differ(got float64, want oracleNumber, relative float64) error {
	w := float64(want)
	switch {
	case math.IsNaN(w) || math.IsInf(w, 0):
		if math.IsNaN(got) == math.IsNaN(w) && (math.IsNaN(w) || got == w) {
			return nil
		}
		if math.IsInf(w, 0) && math.Abs(got) > 1e36 && math.Signbit(got) == math.Signbit(w) {
			return nil // at the edge of float32 the last rounding decides
		}
	case math.Abs(w) < 1e-30 || math.Abs(w) > 1e30:
		if got == w || math.Abs(math.Log10(math.Abs(got))-math.Log10(math.Abs(w))) < 1 || math.Abs(got) < 1e-30 && math.Abs(w) < 1e-30 {
			return nil
		}
	case math.Abs(got-w) <= relative*math.Abs(w):
		return nil
	}
	return fmt.Errorf("got %g, want %g", got, w)
}
