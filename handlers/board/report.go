package board

import (
	"fmt"
	"strings"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/views"
)

// LeastGain is of how many students on a gain is shown: fewer could be told from one another.
const LeastGain = 5

// labelled is how many characters of a title a bar is labelled with.
const labelled = 70

// ReportThere says at each stop that was shown how many of a class were there.
func ReportThere(c classroom.Class, stays map[string]*classroom.Stay) []views.ClassBar {
	var lines []views.ClassBar
	for i, stop := range c.Plan {
		if !c.Seen(stop, stays) {
			continue
		}
		line := views.ClassBar{Label: stopLabel(i+1, stop.Title)}
		for _, stay := range stays {
			if stay.At[stop.ID] {
				line.Count++
			}
		}
		lines = append(lines, line)
	}
	for i := range lines { // of all who joined
		lines[i].Share = 100 * float64(lines[i].Count) / float64(max(len(stays), 1))
	}
	return lines
}

func stopLabel(n int, title string) string {
	if runes := []rune(title); len(runes) > labelled {
		title = strings.TrimRight(string(runes[:labelled-1]), " .,;:–") + "…"
	}
	return fmt.Sprintf("%d. %s", n, title)
}

// ReportVote is what came of a prediction, and the bar that compares its two votes; talk is false where there was one vote, or it is not known who was
// right. Truth is on the scale on which it is computed, tolerance on that of the guesses.
func ReportVote(number int, stop classroom.Stop, guesses []classroom.Guess, truth float64, known bool, tolerance float64) (v views.ReportVote, bar views.ClassBar, talk bool) {
	v = views.ReportVote{Number: number, Title: stop.Title, Truth: TruthWords(stop, truth, known, nil), Flows: FlowWords(stop, guesses), Bars: GuessBars(stop, guesses, truth, known)}
	right, known := scaled(stop, truth, known)
	var percent [classroom.Rounds]float64
	for round := 1; round <= stop.Round(); round++ {
		votes := classroom.In(round, guesses)
		name := []string{"First vote", "Second vote"}[round-1]
		if !stop.Again {
			name = "The vote"
		}
		if !known || len(votes) == 0 {
			v.Says = append(v.Says, name+": "+Counted(len(votes), "vote")+".")
			continue
		}
		n := classroom.Share(votes, right, tolerance)
		percent[round-1] = 100 * float64(n) / float64(len(votes))
		v.Says = append(v.Says, fmt.Sprintf("%s: %d of %d right (%.0f %%).", name, n, len(votes), percent[round-1]))
	}
	if !stop.Again || !known {
		return v, bar, false
	}
	t := stop.Talked(guesses, right, tolerance)
	v.Gain = gainWords(t)
	return v, views.ClassBar{
		Label: stopLabel(number, stop.Title), Paired: true, First: int(percent[0] + 0.5), FirstShare: percent[0], Count: int(percent[1] + 0.5), Share: percent[1],
	}, len(classroom.In(1, guesses)) > 0 && len(classroom.In(2, guesses)) > 0
}

// gainWords compare the two votes of those who gave both.
func gainWords(t classroom.Talked) views.Text {
	if t.Twice < LeastGain {
		return views.T(fmt.Sprintf("Fewer than %d voted twice, which is too few to tell a gain.", LeastGain))
	}
	words := views.T(fmt.Sprintf("Of the %d who voted twice, %d were right before the talk and %d after it", t.Twice, t.Before, t.After))
	gain, ok := lessons.Gain(float64(t.Before)/float64(t.Twice), float64(t.After)/float64(t.Twice))
	if !ok {
		return views.Join(words, views.T("."))
	}
	return views.Join(words, views.T(": a normalised gain of "), views.Stressed(views.T(signed(fmt.Sprintf("%.2f", gain)))), views.T("."))
}

// ReportQuestion is what came of a question of a class in which so many joined.
func ReportQuestion(number int, stop classroom.Stop, q lessons.Question, answers []classroom.Answer, marks []classroom.Mark, joined int) views.ReportQuestion {
	v := views.ReportQuestion{
		Number: number, Title: stop.Title, Stop: stop.ID, Says: fmt.Sprintf("%d of %d handed in an answer", len(answers), joined), Found: ConceptBars(q, stop.Part, answers),
	}
	count := map[string]int{}
	var points []classroom.Guess
	sum, low, high := int64(0), int64(0), int64(0)
	for _, m := range marks {
		for _, id := range m.Concepts {
			count[id]++
		}
		if m.Hundredths < 0 {
			continue
		}
		if len(points) == 0 || m.Hundredths < low {
			low = m.Hundredths
		}
		sum, high = sum+m.Hundredths, max(high, m.Hundredths)
		points = append(points, classroom.Guess{Round: 1, Member: m.Member, Value: float64(m.Hundredths) / 100})
	}
	if len(marks) > 0 {
		v.Says += fmt.Sprintf("; %d of them %s marked", len(marks), map[bool]string{true: "is", false: "are"}[len(marks) == 1])
		v.Ticked = conceptBars(q, stop.Part, count)
	}
	if len(points) > 0 {
		spell := func(hundredths int64) string { return classroom.Mark{Hundredths: hundredths}.Points() }
		if low == high {
			v.Says += ", with " + PointsOf(high, stop.Most)
		} else {
			v.Says += fmt.Sprintf(", from %s to %s, %s on average", spell(low), PointsOf(high, stop.Most), views.Brief(float64(sum)/100/float64(len(points)), 3).String())
		}
		v.Points = GuessBars(classroom.Stop{Kind: classroom.Predict, Form: classroom.Number}, points, 0, false)
	}
	v.Says += "."
	if stop.Most > 0 {
		v.Most = classroom.Mark{Hundredths: stop.Most}.Points()
	}
	return v
}

// ReportExploration is what came of an exploration; chip names a run, and length is as in [Explored].
func ReportExploration(number int, stop classroom.Stop, all []classroom.Submission, chip func(run string) *views.Run, length func(path string) int) views.ReportExploration {
	v := views.ReportExploration{Number: number, Title: stop.Title, Says: Explored(stop, all, func(run string) string { return chip(run).Label }, length).Says}
	if best, found := stop.Best(all); found {
		v.Best, v.Run = views.Join(views.T(rankedWords[stop.Goal]+" "+goalWords(stop.Goal, tailWords([]int{length(best.Run)}))+": "), views.Stressed(views.Num(best.Value, 3))), chip(best.Run)
	}
	return v
}

// ReportStudents are the lines of all students.
func ReportStudents(c classroom.Class, roll classroom.Roll, stays map[string]*classroom.Stay, marks []classroom.Mark) []views.ReportStudent {
	by := map[string][]classroom.Mark{}
	for _, m := range marks {
		by[m.Member] = append(by[m.Member], m)
	}
	shown, asked := c.Plan[:0:0], 0
	for _, stop := range c.Plan {
		if c.Seen(stop, stays) {
			shown = append(shown, stop)
		}
	}
	for _, stop := range roll.Stops {
		if c.Seen(stop, stays) {
			asked++
		}
	}
	var all []views.ReportStudent
	for _, row := range roll.Rows {
		stay, handed := stays[row.ID], row.Attended()
		line := views.ReportStudent{
			Name: row.Name, First: stay.First, Last: stay.Last, There: fmt.Sprintf("%d of %d", stay.There(shown), len(shown)), HandedIn: fmt.Sprintf("%d of %d", handed, asked),
			Nothing: handed == 0,
		}
		if sum, marked := c.Summed(by[row.ID]); marked {
			line.Points = scoreOf(sum.Points, sum.Of)
		}
		all = append(all, line)
	}
	return all
}
