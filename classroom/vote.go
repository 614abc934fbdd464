package classroom

import (
	"cmp"
	"math"
	"slices"
)

// Rounds is how often a class votes on a prediction at most.
const Rounds = 2

// Round is the vote that is taken, or was taken last: 1 or 2.
func (s Stop) Round() int {
	if s.Again {
		return 2
	}
	return 1
}

// In are the guesses of a round.
func In(round int, guesses []Guess) []Guess {
	return slices.DeleteFunc(slices.Clone(guesses), func(g Guess) bool { return g.Round != round })
}

// Values are the values of guesses.
func Values(guesses []Guess) []float64 {
	values := make([]float64, len(guesses))
	for i, g := range guesses {
		values[i] = g.Value
	}
	return values
}

// Letter names a choice: A is the first.
func Letter(choice int) string { return string(rune('A' + choice)) }

// Tolerance is how far a guess may be from the truth, on the scale of guesses, and be called right: a power of ten among powers,
// a tenth of a number.
func (s Stop) Tolerance(truth float64) float64 {
	switch s.Form {
	case Power:
		return 1
	case Number:
		return math.Abs(truth) / 10
	}
	return 0
}

// Share counts the guesses that are right: no further from the truth than the tolerance.
func Share(guesses []Guess, truth, tolerance float64) (right int) {
	for _, g := range guesses {
		if math.Abs(g.Value-truth) <= tolerance {
			right++
		}
	}
	return right
}

// An Advice is what to do after a vote.
type Advice string

// What to do, by the share that is right: see Advise.
const (
	Explain Advice = "explain"
	ToTalk  Advice = "discuss"
	GoOn    Advice = "go on"
)

// Advise says what helps a class most of which so many are right: below 30 % too few know what to convince their neighbours of,
// above 70 % there is little left to be convinced of (Mazur, Peer Instruction, 1997; Crouch and Mazur, 2001).
func Advise(right, of int) Advice {
	switch {
	case right*100 < of*30:
		return Explain
	case right*100 > of*70:
		return GoOn
	}
	return ToTalk
}

// A Flow is how many moved from one choice to another between two votes.
type Flow struct{ From, To, Count int }

// leastFlow is of how many who voted twice flows are told: fewer could be told from one another.
const leastFlow = 5

// Counted are the guesses of the votes that the class has come to: of a second vote that the teacher took back, none.
func (s Stop) Counted(guesses []Guess) []Guess {
	return slices.DeleteFunc(slices.Clone(guesses), func(g Guess) bool { return g.Round > s.Round() })
}

// Flows are the moves between the choices of two votes, the largest first; none where too few voted twice.
func (s Stop) Flows(guesses []Guess) []Flow {
	if s.Form != Choice || !s.Again {
		return nil
	}
	first, moved, twice := map[string]int{}, map[Flow]int{}, 0
	for _, g := range In(1, guesses) {
		first[g.Member] = int(g.Value)
	}
	for _, g := range In(2, guesses) {
		from, voted := first[g.Member]
		if !voted {
			continue
		}
		twice++
		if to := int(g.Value); to != from {
			moved[Flow{From: from, To: to}]++
		}
	}
	if twice < leastFlow {
		return nil
	}
	var flows []Flow
	for f, n := range moved {
		flows = append(flows, Flow{f.From, f.To, n})
	}
	slices.SortFunc(flows, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return flows
}
