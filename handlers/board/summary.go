package board

import (
	"math"

	"gradlab/classroom"
	"gradlab/views"
)

var sureWords = [...]string{"", ", guessing", ", fairly sure", ", certain"}

// SummaryVotes are a student's own votes in words, with whether they were right where the truth is told. Truth is on the scale on which it is computed.
func SummaryVotes(stop classroom.Stop, guesses [classroom.Rounds]classroom.Guess, truth float64, told bool, tolerance float64) []views.SummaryVote {
	right, known := scaled(stop, truth, told)
	var votes []views.SummaryVote
	for i, g := range guesses {
		if g.Round == 0 {
			continue
		}
		v := views.SummaryVote{Says: views.Join(views.Stressed(GuessWords(stop, g.Value)), views.T(sureWords[min(max(g.Confidence, 0), len(sureWords)-1)]))}
		if stop.Again {
			v.Name = []string{"First vote", "Second vote"}[i]
		} else {
			v.Name = "Your vote"
		}
		if known {
			v.Verdict = "Not right."
			if v.Right = math.Abs(g.Value-right) <= tolerance; v.Right {
				v.Verdict = "Right."
			}
		}
		votes = append(votes, v)
	}
	return votes
}

// SummaryPoints are the points of a mark in words, "" where none were given.
func SummaryPoints(m classroom.Mark) string {
	switch {
	case m.Hundredths < 0:
		return ""
	case m.Hundredths == 100:
		return "1 point"
	}
	return m.Points() + " points"
}

// SummaryTotal is what a student's marks come to, "" where there are none.
func SummaryTotal(marks []classroom.Mark) string {
	total, any := int64(0), false
	for _, m := range marks {
		if m.Hundredths >= 0 {
			total, any = total+m.Hundredths, true
		}
	}
	if !any {
		return ""
	}
	return "You have " + SummaryPoints(classroom.Mark{Hundredths: total}) + "."
}
