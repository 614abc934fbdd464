package classroom

import "slices"

// A Talked is how many of those who voted twice were right in each of the two votes.
type Talked struct{ Twice, Before, After int }

// Talked compares the two votes at a stop; truth is on the scale of the guesses, and what lies no further from it than tolerance is right.
func (s Stop) Talked(guesses []Guess, truth, tolerance float64) (t Talked) {
	guesses = s.Counted(guesses)
	first := map[string]Guess{}
	for _, g := range In(1, guesses) {
		first[g.Member] = g
	}
	for _, g := range In(2, guesses) {
		before, voted := first[g.Member]
		if !voted {
			continue
		}
		t.Twice++
		t.Before += Share([]Guess{before}, truth, tolerance)
		t.After += Share([]Guess{g}, truth, tolerance)
	}
	return t
}

// Best is the submission that comes nearest to the goal of a stop, of those that are computed and did not diverge; found is false where there is none.
func (s Stop) Best(all []Submission) (best Submission, found bool) {
	for _, sub := range all {
		if !sub.Scored || sub.Diverged() {
			continue
		}
		if !found || s.Goal == LargestGradient && sub.Value > best.Value || s.Goal != LargestGradient && sub.Value < best.Value {
			best, found = sub, true
		}
	}
	return best, found
}

// Seen says whether a stop of the plan was shown: the one that is shown now, and those that take something and have been asked. Of one to look at it is
// known by who was there.
func (c Class) Seen(stop Stop, stays map[string]*Stay) bool {
	if stop.ID == c.Shown().ID || stop.Phase != Waiting {
		return true
	}
	for _, stay := range stays {
		if stay.At[stop.ID] {
			return true
		}
	}
	return false
}

// At are those of what was handed in that belong to a stop.
func At[T any](stop string, all []T, of func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return of(one) != stop })
}
