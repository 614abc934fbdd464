package board

import (
	"math"

	"gradlab/views"
)

// units are the names of small shares, from a thousandth down.
var units = []struct {
	size float64
	name string
}{
	{1e-3, "thousandth"}, {1e-6, "millionth"}, {1e-9, "billionth"}, {1e-12, "trillionth"}, {1e-15, "quadrillionth"}, {1e-18, "quintillionth"},
}

// share is a ratio below 1 in words, 14 %, 5.8 thousandths, half a trillionth: right to two digits, or to what it says.
func share(v float64) string {
	switch {
	case v == 0:
		return "nothing"
	case v >= 0.0095:
		return views.Brief(100*v, 2).String() + "\u00a0%"
	}
	for _, u := range units {
		switch k := v / u.size; {
		case k >= 0.95 && k < 1.05:
			return "a " + u.name
		case k >= 0.45 && k < 0.55:
			return "half a " + u.name
		case k >= 0.55 && k < 0.95:
			return "over half a " + u.name
		case k >= 0.3 && k < 0.45:
			return "under half a " + u.name
		case k >= 1.05:
			return views.Brief(k, 2).String() + " " + u.name + "s"
		}
	}
	return "next to nothing"
}

// multiple is a ratio above 1 in words: 1.4 times, 524,288 times, 9.5·10²⁸ times.
func multiple(v float64) views.Text {
	if v < 1e4 || v >= 1e6 {
		return views.Join(views.Brief(v, 2), views.T(" times"))
	}
	return views.T(grouped(int64(math.Round(v))) + " times")
}
