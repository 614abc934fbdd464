package board

import (
	"testing"

	"gradlab/classroom"
)

func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestClassWords(t *testing.T) {
	given := 3.0
	number := classroom.Stop{Form: classroom.Number, Given: &given}
	power := classroom.Stop{Form: classroom.Power, Truth: classroom.Truth{Lab: "chain", Path: "grad_w[0]"}}
	choice := classroom.Stop{Form: classroom.Choice, Choices: []string{"plain", "residual"}}
	guesses := []classroom.Guess{{Round: 1, Value: -3}, {Round: 1, Value: 1}, {Round: 1, Value: 1}}
	for _, c := range []struct{ name, got, want string }{
		{"a number that the teacher gave", TruthWords(number, 3, true, guesses).String(), "It is 3.0. Half of the class said at most 1."},
		{"nobody guessed", TruthWords(number, 3, true, nil).String(), "It is 3.0."},
		{"a power that the lab computes", TruthWords(power, 1e-12, true, guesses).String(), "The lab computes 1.0·10^−12: 10 to the power −12.0. Half of the class said at most 10^1."},
		{"not yet", TruthWords(power, 0, false, guesses).String(), "The lab is still computing; the truth comes in a moment."},
		{"a choice", TruthWords(choice, 1, true, guesses).String(), "It is B: residual; 2 of 3 said so."},
		{"a guess below 0", GuessWords(number, -3).String(), "−3"},
		{"a tiny guess in its box", GuessText(-1e-7), "−1e−07"},
		{"who has predicted", CountLine(classroom.Predict, 1, classroom.Count{Guesses: 3, Here: 2, Asked: 4}), "3 of 4 have predicted"},
		{"in line", Waiting(12, false, true), "Your run is 12th in line, waiting for memory that other runs hold; shorter runs go first."},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}
