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

// PointsOf are points in words, of how many there are to have where that is not 0: "7.5 of 10 points"; "" where none were given.
func PointsOf(hundredths, most int64) string {
	switch {
	case hundredths < 0:
		return ""
	case most == 100, most == 0 && hundredths == 100:
		return scoreOf(hundredths, most) + " point"
	}
	return scoreOf(hundredths, most) + " points"
}

// scoreOf is PointsOf without the word: "7.5 of 10".
func scoreOf(hundredths, most int64) string {
	score := classroom.Mark{Hundredths: hundredths}.Points()
	if most > 0 {
		score += " of " + classroom.Mark{Hundredths: most}.Points()
	}
	return score
}

// SummaryTotal is what a student's marks come to, "" where there are none.
func SummaryTotal(c classroom.Class, marks []classroom.Mark) string {
	sum, any := c.Summed(marks)
	if !any {
		return ""
	}
	return "You have " + PointsOf(sum.Points, sum.Of) + "."
}
