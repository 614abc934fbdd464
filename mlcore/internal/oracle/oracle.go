// Package oracle holds what PyTorch 1.13 computed, for the tests of the core to compare with. Nothing but tests imports it.
//
// The files, by the name that [Read] takes:
//
//	rng             random streams and initialisers by seed
//	chain           the scalar chain: every activation, depth, skip, precision
//	ops             each operation forward and backward, float64
//	optimizers      ten steps of each optimiser, float64
//	notebook        the notebook: its printed losses, its data, its first parameters and a run of 100 steps
//	training        whole networks: losses, gradient norms of the first step, test; each in float64 and float32
//	activations     each activation and its derivative over the floats, both precisions; pytorch/activations.py
//	encoder         transformer layers and attention on configs drawn at random, float64; pytorch/encoder.py
//	agree           configs drawn at random from all that the labs accept, with tolerances; pytorch/agree.py
//	barcode         the same of the barcode lab; pytorch/barcode.py
//	transformer     the same of transformers that are trained; pytorch/transformer.py
//	blocks          nets of drawn configs with blocks out or swapped, and gradients along paths, with tolerances; pytorch/blocks.py
package oracle

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
)

//go:embed testdata/*.json.gz
var files embed.FS

// Number is a float as JSON may lack it: "nan", "inf" and "-inf" are strings.
type Number float64

// UnmarshalJSON reads a number or one of the three strings.
func (n *Number) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	v, err := strconv.ParseFloat(text, 64)
	*n = Number(v)
	return err
}

// Floats are numbers as Go has them.
func Floats(ns []Number) []float64 {
	vs := make([]float64, len(ns))
	for i, n := range ns {
		vs[i] = float64(n)
	}
	return vs
}

// Read decodes a file of the oracle, named without its ending. A list that comes out empty fails the test, which would
// compare nothing.
func Read(t testing.TB, name string, into any) {
	t.Helper()
	file, err := files.Open("testdata/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(unzipped).Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if list := reflect.ValueOf(into).Elem(); list.Kind() == reflect.Slice && list.Len() == 0 {
		t.Fatalf("%s is empty", name)
	}
}
