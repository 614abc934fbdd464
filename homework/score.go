package homework

import (
	"math"
	"strconv"
	"strings"
	"time"

	"gradlab/classroom"
)

// An Answer is what a member wrote at a stop. HandedAt is when its writer last said that it is done, zero where it never was: then what stood
// there at the end is the answer.
type Answer struct {
	classroom.Answer
	HandedAt time.Time
}

// Given says whether there is anything to mark: a text, or a run that stands for one.
func (a Answer) Given() bool { return strings.TrimSpace(a.Text) != "" || a.Run != "" }

// Late says whether an answer was still changed after its writer's end.
func (h Homework) Late(a Answer, m Member) bool { return a.UpdatedAt.After(h.End(m)) }

// A Mark is what a teacher thinks of an answer; By is who says so, in the words of the marker. Marks are kept one after another.
type Mark struct {
	classroom.Mark
	By string
}

// typingTime is how long changes by one marker make one mark: pauses in typing are no history.
const typingTime = 10 * time.Minute

// Continues says whether a mark goes on with the one before, so that it takes its place. What students have seen stays.
func (h Homework) Continues(before, m Mark, now time.Time) bool {
	return !h.Released() && before.By == m.By && now.Sub(before.UpdatedAt) < typingTime
}

// Checked returns a mark as it can be kept. What is wrong is a *classroom.RefusedError.
func (h Homework) Checked(m Mark) (Mark, error) {
	s, _, found := h.Stop(m.Stop)
	if !found || !s.Asks() {
		return m, refuse("", "there is no such question in this homework")
	}
	if m.Hundredths > s.Points {
		return m, refuse("points", "this question has at most %s points", Points(s.Points))
	}
	var err error
	if m.By, err = classroom.Line(m.By, MaxBy); err != nil {
		return m, refuse("by", "%s", err)
	}
	m.Mark, err = m.Mark.Checked()
	return m, err
}

// Done says whether an answer has a mark: points for the text as it is now.
func Done(a Answer, m Mark) bool {
	return m.Hundredths >= 0 && m.Revision > 0 && !a.UpdatedAt.After(m.UpdatedAt)
}

// A Truth is what guesses at a stop are compared with, on their scale; those no further away than Tolerance are right.
type Truth struct {
	Value     float64 `json:"value"`
	Tolerance float64 `json:"tolerance"`
}

// Right says whether a guess is.
func (t Truth) Right(guess float64) bool { return math.Abs(guess-t.Value) <= t.Tolerance }

// A Sheet is all that a member has handed in, with the marks for it, each once.
type Sheet struct {
	Member
	Guesses []classroom.Guess
	Answers []Answer
	Marks   []Mark
}

// Guess is the member's at a stop.
func (s Sheet) Guess(stop string) (classroom.Guess, bool) {
	for _, g := range s.Guesses {
		if g.Stop == stop {
			return g, true
		}
	}
	return classroom.Guess{}, false
}

// Answer is the member's at a stop.
func (s Sheet) Answer(stop string) (Answer, bool) {
	for _, a := range s.Answers {
		if a.Stop == stop {
			return a, true
		}
	}
	return Answer{}, false
}

// Mark is the one of the member's answer at a stop.
func (s Sheet) Mark(stop string) (Mark, bool) {
	for _, m := range s.Marks {
		if m.Stop == stop {
			return m, true
		}
	}
	return Mark{}, false
}

// Unmarked is how many of the member's answers have no mark yet.
func (h Homework) Unmarked(s Sheet) (n int) {
	for _, a := range s.Answers {
		stop, _, found := h.Stop(a.Stop)
		if m, _ := s.Mark(a.Stop); found && stop.Asks() && stop.Points > 0 && a.Given() && !Done(a, m) {
			n++
		}
	}
	return n
}

// A Score is what a member has of what there is to have, at one stop or in all, weighted, in hundredths.
type Score struct{ Points, Of int64 }

// Scores are a member's by stop, of those that count, and the total: the sum, rounded once. The points of a stop times its weight are what it
// counts; who handed nothing in has none, and so has a guess that is not right.
func (h Homework) Scores(s Sheet, truths map[string]Truth) (by map[string]Score, total Score) {
	by = map[string]Score{}
	var points, of int64 // in ten-thousandths
	for _, stop := range h.Stops {
		if !stop.Counts() || stop.Points == 0 || stop.Weight == 0 {
			continue
		}
		var had int64
		if stop.Asks() {
			if m, found := s.Mark(stop.ID); found {
				had = min(max(m.Hundredths, 0), stop.Points)
			}
		} else if g, guessed := s.Guess(stop.ID); guessed {
			if truth, known := truths[stop.ID]; known && truth.Right(g.Value) {
				had = stop.Points
			}
		}
		by[stop.ID] = Score{rounded(had * stop.Weight), rounded(stop.Points * stop.Weight)}
		points, of = points+had*stop.Weight, of+stop.Points*stop.Weight
	}
	return by, Score{rounded(points), rounded(of)}
}

// rounded is a product of two hundredths as hundredths.
func rounded(v int64) int64 { return (v + 50) / 100 }

// Points are hundredths in words: 2.5.
func Points(hundredths int64) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64)
}

// A Result is a member's total at the release of the marks, or when one was changed after it. Owners are the visitors that the member is: the
// devices that the homework was worked at.
type Result struct {
	Homework, Member string
	Owners           []string
	Score
	At time.Time
}
