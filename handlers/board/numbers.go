package board

import (
	"math"

	"gradlab/export"
)

// Floats are numbers as the API writes them: as short as their precision allows, −0 kept, and the strings "nan", "inf" and
// "-inf" for what JSON lacks.
type Floats struct {
	Values []float64
	Bits   int // 32 or 64
}

// MarshalJSON writes them as an array.
func (n Floats) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, v := range n.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, v, n.Bits)
	}
	return append(b, ']'), nil
}

// A Float is one of [Floats].
type Float struct {
	Value float64
	Bits  int
}

// MarshalJSON writes it as a number, or a string where it is none.
func (f Float) MarshalJSON() ([]byte, error) { return appendNumber(nil, f.Value, f.Bits), nil }

func appendNumber(b []byte, v float64, bits int) []byte {
	text := export.Number(v, bits)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		text = `"` + text + `"`
	}
	return append(b, text...)
}

// Bits is the size of a dtype.
func Bits(dtype string) int {
	if dtype == "float64" {
		return 64
	}
	return 32
}
