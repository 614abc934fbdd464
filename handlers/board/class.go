package board

import (
	"fmt"
	"math"
	"strconv"

	"gradlab/classroom"
	"gradlab/views"
)

// GuessBars is the histogram of guesses; the truth is marked where it is told.
func GuessBars(stop classroom.Stop, guesses []classroom.Guess, truth float64, known bool) []views.ClassBar {
	values := make([]float64, len(guesses))
	for i, g := range guesses {
		values[i] = g.Value
	}
	if known && !stop.Truth.None() && stop.Form != classroom.Choice {
		truth, known = stop.Scale(truth)
	}
	var lines []views.ClassBar
	for _, b := range stop.Histogram(values, truth, known) {
		lines = append(lines, views.ClassBar{Label: b.Label, Count: b.Count, Right: b.True})
	}
	return shared(lines)
}

// TruthWords says what the truth is, and where the middle of the guesses lies.
func TruthWords(stop classroom.Stop, truth float64, known bool, guesses []classroom.Guess) views.Text {
	by := "It is "
	if !stop.Truth.None() {
		by = "The lab computes "
	}
	switch {
	case !known && !stop.Truth.None():
		return views.T("The lab is still computing; the truth comes in a moment.")
	case !known:
		return nil
	case stop.Form == classroom.Choice:
		i := int(truth)
		if i < 0 || i >= len(stop.Choices) {
			return nil
		}
		right := 0
		for _, g := range guesses {
			if int(g.Value) == i {
				right++
			}
		}
		return views.Join(views.T("It is "), views.Strong(stop.Choices[i]), views.T(fmt.Sprintf("; %d of %d said so.", right, len(guesses))))
	}
	text := views.Join(views.T(by), views.Stressed(views.Num(truth, 2)))
	scaled, ok := stop.Scale(truth)
	if stop.Form == classroom.Power {
		if stop.Truth.None() { // the teacher gave the exponent
			scaled, ok = truth, true
			text = views.Join(views.T(by), views.Strong("10"), views.Text{{Text: signed(strconv.FormatFloat(truth, 'g', 4, 64)), Class: "sup"}})
		} else if ok {
			text = views.Join(text, views.T(": 10 to the power "), views.Stressed(views.Num(scaled, 3)))
		}
	}
	values := make([]float64, len(guesses))
	for i, g := range guesses {
		values[i] = g.Value
	}
	if m := classroom.Median(values); !math.IsNaN(m) {
		text = views.Join(text, views.T(". Half of the class said at most "), GuessWords(stop, m))
	}
	return views.Join(text, views.T("."))
}

// GuessText is a guess as its box has it.
func GuessText(v float64) string { return signed(strconv.FormatFloat(v, 'g', -1, 64)) }

// GuessWords is a guess in words.
func GuessWords(stop classroom.Stop, v float64) views.Text {
	switch stop.Form {
	case classroom.Choice:
		if i := int(v); i >= 0 && i < len(stop.Choices) {
			return views.T(stop.Choices[i])
		}
		return nil
	case classroom.Power:
		return views.Text{{Text: "10"}, {Text: signed(strconv.FormatFloat(v, 'g', 6, 64)), Class: "sup"}}
	}
	return views.T(signed(strconv.FormatFloat(v, 'g', 6, 64)))
}

// CountLine says how many have handed in, of those who are there, or did and have gone.
func CountLine(kind classroom.Kind, n classroom.Count) string {
	switch kind {
	case classroom.Predict:
		return fmt.Sprintf("%d of %d have predicted", n.Guesses, max(n.Here, n.Guesses))
	case classroom.Ask:
		return fmt.Sprintf("%d of %d have answered", n.Answers, max(n.Here, n.Answers))
	}
	return ""
}

// shared gives each count its share of the longest.
func shared(lines []views.ClassBar) []views.ClassBar {
	most := 1
	for _, l := range lines {
		most = max(most, l.Count)
	}
	for i := range lines {
		lines[i].Share = 100 * float64(lines[i].Count) / float64(most)
	}
	return lines
}
