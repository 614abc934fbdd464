package classroom

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"gradlab/lessons/guess"
)

// ParseGuess reads a guess as students type it, or the index of a choice. The error is a *RefusedError.
func (s Stop) ParseGuess(text string) (float64, error) {
	switch s.Form {
	case Choice:
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(s.Choices) {
			return 0, refuse("choose one of the %d", len(s.Choices))
		}
		return float64(i), nil
	case Power:
		return told(guess.Power(text))
	}
	return told(guess.Number(text))
}

func told(v float64, err error) (float64, error) {
	if err != nil {
		return 0, refuse("%v", err)
	}
	return v, nil
}

// Scale puts a computed number on the scale of the guesses: the exponent of a power of ten, or the number itself. It is
// false where the number has no place there, such as 0 among powers.
func (s Stop) Scale(truth float64) (float64, bool) {
	if s.Form == Power {
		truth = math.Log10(math.Abs(truth))
	}
	return truth, !math.IsNaN(truth) && !math.IsInf(truth, 0)
}

// A Guess is what a member committed to in a round.
type Guess struct {
	Stop, Member string
	Round        int // from 1
	Value        float64
	Confidence   int // from 1, unsure, to MostSure; 0 where the member has not said
	UpdatedAt    time.Time
}

// MostSure is the highest Confidence.
const MostSure = 3

// ParseConfidence reads how sure somebody is of a guess; nothing is 0. The error is a *RefusedError.
func ParseConfidence(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	sure, err := strconv.Atoi(text)
	if err != nil || sure < 1 || sure > MostSure {
		return 0, refuse("say how sure you are from 1 to %d, or not at all", MostSure)
	}
	return sure, nil
}

// A Bin is one bar of the histogram: the guesses v with From ≤ v < To, or those for a choice.
type Bin struct {
	Label    string
	From, To float64
	Counts   [Rounds]int // of each vote
	True     bool        // the truth lies in it
}

// mostBins is how many bars can be told apart from the last row.
const mostBins = 12

// Histogram counts the guesses of each round in bins that are as wide as a round number: 1, 2 or 5 times a power of ten. The bins span the
// guesses but for wild ones, and the truth where it is known; a wild guess falls into an open bin at the end, so that it
// cannot squeeze the others.
func (s Stop) Histogram(guesses []Guess, truth float64, known bool) []Bin {
	guesses = s.Counted(guesses)
	if s.Form == Choice {
		bins := make([]Bin, len(s.Choices))
		for i, c := range s.Choices {
			bins[i] = Bin{Label: c, From: float64(i), To: float64(i + 1), True: known && int(truth) == i}
		}
		for _, g := range guesses {
			if i := int(g.Value); i >= 0 && i < len(bins) {
				bins[i].Counts[g.Round-1]++
			}
		}
		return bins
	}
	if len(guesses) == 0 && !known {
		return nil
	}
	low, high := span(Values(guesses), truth, known)
	width := roundUp(high/(mostBins-3) - low/(mostBins-3))
	width = math.Max(width, roundUp(math.Max(math.Abs(low), math.Abs(high))*1e-12)) // edges must differ
	if s.Form == Power {
		width = math.Max(width, 1)
		if high-low <= mostBins {
			width = 1 // a bar for each power is what one looks for
		}
	}
	first := math.Floor(low/width) * width
	// Edges are multiples of the width, rounded anew: adding widths up would drift.
	edge := func(i int) float64 { return math.Round(first/width+float64(i)) * width }
	count := int(math.Floor((high-first)/width)) + 1
	bins := make([]Bin, 0, count+2)
	for i := range count {
		bins = append(bins, Bin{From: edge(i), To: edge(i + 1)})
	}
	below, above := Bin{From: math.Inf(-1), To: edge(0)}, Bin{From: edge(count), To: math.Inf(1)}
	for _, g := range guesses {
		// The bin is found by its edges: a quotient rounds differently.
		i, round := sort.Search(count, func(i int) bool { return g.Value < bins[i].To }), g.Round-1
		switch {
		case g.Value < below.To:
			below.Counts[round]++
		case i == count:
			above.Counts[round]++
		default:
			bins[i].Counts[round]++
		}
	}
	var none [Rounds]int
	if below.Counts != none || known && truth < below.To { // a tiny truth below 0, of wide bins, rounds to the edge
		bins = append([]Bin{below}, bins...)
	}
	if above.Counts != none {
		bins = append(bins, above)
	}
	if known && truth >= above.From && above.Counts == none { // rounding put the last edge on the truth
		bins = append(bins, above)
	}
	for i := range bins {
		bins[i].Label = binLabel(bins[i])
		bins[i].True = known && truth >= bins[i].From && truth < bins[i].To
	}
	return bins
}

// wild is how far beyond the middle half of the guesses, in widths of that half, a guess counts as wild: Tukey's outer
// fences (Exploratory Data Analysis, 1977).
const wild = 3

// span is where the guesses that are not wild, and the truth, lie.
func span(guesses []float64, truth float64, known bool) (low, high float64) {
	sorted := slices.Sorted(slices.Values(guesses))
	if n := len(sorted); n > 0 {
		first, third := sorted[(n-1)/4], sorted[n-1-(n-1)/4]
		reach := wild * (third/2 - first/2) * 2 // halved first: the difference of two large numbers may overflow
		inner := slices.DeleteFunc(sorted, func(g float64) bool { return g < first-reach || g > third+reach })
		low, high = inner[0], inner[len(inner)-1]
	} else {
		low, high = truth, truth
	}
	if known {
		low, high = math.Min(low, truth), math.Max(high, truth)
	}
	return low, high
}

// roundUp returns the smallest of 1, 2 and 5 times a power of ten that is not below v; 1 for what has no size.
func roundUp(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}

// binLabel names a bin by its edges.
func binLabel(b Bin) string {
	text := func(v float64) string {
		return strings.Replace(strconv.FormatFloat(v, 'g', 6, 64), "-", "−", 1)
	}
	switch {
	case math.IsInf(b.From, -1):
		return "below " + text(b.To)
	case math.IsInf(b.To, 1):
		return text(b.From) + " and more"
	}
	return text(b.From) + " to " + text(b.To)
}

// Median is the guess in the middle, the lower one of two; NaN of none.
func Median(guesses []float64) float64 {
	if len(guesses) == 0 {
		return math.NaN()
	}
	return slices.Sorted(slices.Values(guesses))[(len(guesses)-1)/2]
}
