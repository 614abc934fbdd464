package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/views"
)

// GuessBars is the histogram of guesses, with both votes where there were two; the truth is marked where it is told.
func GuessBars(stop classroom.Stop, guesses []classroom.Guess, truth float64, known bool) []views.ClassBar {
	truth, known = scaled(stop, truth, known)
	var lines []views.ClassBar
	for i, b := range stop.Histogram(guesses, truth, known) {
		line := views.ClassBar{Label: b.Label, Count: b.Counts[stop.Round()-1], Right: b.True, Paired: stop.Again}
		if line.Paired {
			line.First = b.Counts[0]
		}
		if stop.Form == classroom.Choice {
			line.Letter = classroom.Letter(i)
		}
		lines = append(lines, line)
	}
	return shared(lines)
}

// scaled is a truth on the scale of the guesses.
func scaled(stop classroom.Stop, truth float64, known bool) (float64, bool) {
	if known && !stop.Truth.None() && stop.Form != classroom.Choice {
		return stop.Scale(truth)
	}
	return truth, known
}

// FlowWords say how many moved between two votes, from which choice to which.
func FlowWords(stop classroom.Stop, guesses []classroom.Guess) []string {
	var words []string
	for _, f := range stop.Flows(guesses) {
		words = append(words, fmt.Sprintf("%d moved from %s to %s", f.Count, classroom.Letter(f.From), classroom.Letter(f.To)))
	}
	return words
}

// ShareWords tell a teacher how many were right in each vote, and what helps the class now; "" where nobody voted, or there is no
// truth. Right is what lies no further from the truth than tolerance.
func ShareWords(stop classroom.Stop, guesses []classroom.Guess, truth, tolerance float64) (share, advice string) {
	truth, known := scaled(stop, truth, true)
	if !known {
		return "", ""
	}
	var lines []string
	for round := 1; round <= stop.Round(); round++ {
		votes := classroom.In(round, guesses)
		if len(votes) == 0 {
			continue
		}
		right := classroom.Share(votes, truth, tolerance)
		lines = append(lines, fmt.Sprintf("%s vote: %.0f %% right (%d of %d).", []string{"First", "Second"}[round-1], 100*float64(right)/float64(len(votes)), right, len(votes)))
		if round == stop.Round() {
			advice = adviceWords[round-1][classroom.Advise(right, len(votes))]
		}
	}
	return strings.Join(lines, " "), advice
}

var adviceWords = [classroom.Rounds]map[classroom.Advice]string{
	{
		classroom.Explain: "Fewer than 30 % are right: explain it, then let them vote again.",
		classroom.ToTalk:  "From 30 to 70 % are right: let them talk to their neighbours, then vote again.",
		classroom.GoOn:    "More than 70 % are right: go on.",
	},
	{
		classroom.Explain: "Fewer than 30 % are right, still: explain it.",
		classroom.ToTalk:  "From 30 to 70 % are right: go on, and let them talk about what they saw.",
		classroom.GoOn:    "More than 70 % are right: go on.",
	},
}

// TruthWords says what the truth is, and where the middle of the guesses of the last vote lies.
func TruthWords(stop classroom.Stop, truth float64, known bool, guesses []classroom.Guess) views.Text {
	guesses = classroom.In(stop.Round(), guesses)
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
		if len(guesses) == 0 {
			return views.Join(views.T("It is "), views.Stressed(GuessWords(stop, truth)), views.T("."))
		}
		return views.Join(views.T("It is "), views.Stressed(GuessWords(stop, truth)), views.T(fmt.Sprintf("; %d of %d said so.", classroom.Share(guesses, truth, 0), len(guesses))))
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
	if m := classroom.Median(classroom.Values(guesses)); !math.IsNaN(m) {
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
			return views.T(classroom.Letter(i) + ": " + stop.Choices[i])
		}
		return nil
	case classroom.Power:
		return views.Text{{Text: "10"}, {Text: signed(strconv.FormatFloat(v, 'g', 6, 64)), Class: "sup"}}
	}
	return views.T(signed(strconv.FormatFloat(v, 'g', 6, 64)))
}

// CountLine says how many have handed in, of those who are there, or did and have gone.
func CountLine(kind classroom.Kind, round int, n classroom.Count) string {
	switch kind {
	case classroom.Predict:
		return fmt.Sprintf("%d of %d have predicted%s", n.Guesses, n.Asked, []string{"", " again"}[round-1])
	case classroom.Explore:
		return Counted(n.Submissions, "run") + " submitted"
	case classroom.Ask:
		return fmt.Sprintf("%d of %d have answered", n.Answers, n.Asked)
	}
	return ""
}

// shared gives each count its share of the longest.
func shared(lines []views.ClassBar) []views.ClassBar {
	most := 1
	for _, l := range lines {
		most = max(most, l.Count, l.First)
	}
	for i := range lines {
		lines[i].Share, lines[i].FirstShare = 100*float64(lines[i].Count)/float64(most), 100*float64(lines[i].First)/float64(most)
	}
	return lines
}
