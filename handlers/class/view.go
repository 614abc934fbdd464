package class

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/views"
)

// classStage shows the public part of a class: what may be seen by everybody.
func (s *Pages) classStage(c classroom.Class, p classroom.Public) views.ClassStage {
	view := views.ClassStage{
		Code: c.Code, Number: p.Number, Of: p.Of, Kind: string(p.Kind), Phase: string(p.Phase), Stop: p.Stop, Heading: p.Heading,
		Ended: p.Ended, Form: string(p.Form), Lab: s.labs.Frame(p.Path, false), LabPage: p.Path, Runs: p.Runs, Closing: closing(p),
	}
	for i, label := range p.Choices {
		view.Choices = append(view.Choices, views.ClassChoice{Value: strconv.Itoa(i), Label: label})
	}
	return view
}

// bars shares counts by the longest.
func bars(lines []views.ClassBar) []views.ClassBar {
	most := 1
	for _, l := range lines {
		most = max(most, l.Count)
	}
	for i := range lines {
		lines[i].Share = 100 * float64(lines[i].Count) / float64(most)
	}
	return lines
}

// guessBars is the histogram of guesses; the truth is marked where it is told.
func guessBars(stop classroom.Stop, guesses []classroom.Guess, truth float64, known bool) []views.ClassBar {
	values := make([]float64, len(guesses))
	for i, g := range guesses {
		values[i] = g.Value
	}
	if known && stop.Truth != "" && stop.Form != classroom.Choice {
		truth, known = stop.Scale(truth)
	}
	var lines []views.ClassBar
	for _, b := range stop.Histogram(values, truth, known) {
		lines = append(lines, views.ClassBar{Label: b.Label, Count: b.Count, Right: b.True})
	}
	return bars(lines)
}

// truthWords says what the truth is, and where the middle of the guesses lies.
func truthWords(stop classroom.Stop, truth float64, known bool, guesses []classroom.Guess) views.Text {
	by := "It is "
	if stop.Truth != "" {
		by = "The lab computes "
	}
	switch {
	case !known && stop.Truth != "":
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
		if stop.Truth == "" { // the teacher gave the exponent
			scaled, ok = truth, true
			text = views.Join(views.T(by), views.Strong("10"), views.Text{{Text: minusSign(strconv.FormatFloat(truth, 'g', 4, 64)), Class: "sup"}})
		} else if ok {
			text = views.Join(text, views.T(": 10 to the power "), views.Stressed(views.Num(scaled, 3)))
		}
	}
	values := make([]float64, len(guesses))
	for i, g := range guesses {
		values[i] = g.Value
	}
	if m := classroom.Median(values); !math.IsNaN(m) {
		text = views.Join(text, views.T(". Half of the class said at most "), guessWords(stop, m))
	}
	return views.Join(text, views.T("."))
}

func minusSign(s string) string { return strings.Replace(s, "-", "−", 1) }

// guessWords is a guess in words.
func guessWords(stop classroom.Stop, v float64) views.Text {
	switch stop.Form {
	case classroom.Choice:
		if i := int(v); i >= 0 && i < len(stop.Choices) {
			return views.T(stop.Choices[i])
		}
		return nil
	case classroom.Power:
		return views.Text{{Text: "10"}, {Text: minusSign(strconv.FormatFloat(v, 'g', 6, 64)), Class: "sup"}}
	}
	return views.T(minusSign(strconv.FormatFloat(v, 'g', 6, 64)))
}

// countLine says how many have handed in, of those who are there, or did and have gone.
func countLine(kind classroom.Kind, n classroom.Count) string {
	switch kind {
	case classroom.Predict:
		return fmt.Sprintf("%d of %d have predicted", n.Guesses, max(n.Here, n.Guesses))
	case classroom.Ask:
		return fmt.Sprintf("%d of %d have answered", n.Answers, max(n.Here, n.Answers))
	}
	return ""
}

// conceptBars counts in how many answers each concept of a question seems to be named; nil for a question made up on the
// spot, and where nobody wrote rules for it.
func conceptBars(q lessons.Question, part string, answers []classroom.Answer) []views.ClassBar {
	if q.Rubric == nil || len(answers) == 0 {
		return nil
	}
	count := map[string]int{}
	for _, a := range answers {
		named, _ := a.Hinted(q.Rubric.Version())
		for _, id := range named {
			count[id]++
		}
	}
	var lines []views.ClassBar
	for _, c := range q.Concepts {
		if c.Part == part {
			lines = append(lines, views.ClassBar{Label: c.Label, Count: count[c.ID]})
		}
	}
	return bars(lines)
}

// picked are the answers that the teacher shows, in the order in which they were picked.
func (s *Pages) picked(stop classroom.Stop, answers []classroom.Answer) []views.ClassPicked {
	var out []views.ClassPicked
	for _, member := range stop.Picked {
		for _, a := range answers {
			if a.Member == member && a.Stop == stop.ID {
				out = append(out, views.ClassPicked{Text: a.Text, Run: s.labs.Chip(a.Run)})
			}
		}
	}
	return out
}
