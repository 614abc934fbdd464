package class

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/export"
	"gradlab/handlers/web"
)

// Students gives the teacher a line for each student, also for those who handed in nothing: when they were there, at how many stops they handed something
// in, and of each stop that was shown whether they were there, what they handed in, when, and whether it was right.
func (s *Pages) Students(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	all, err := s.record(r.Context(), c)
	if err != nil {
		return err
	}
	s.rows.Tell(r.Context(), audit.ClassExported, "class "+c.ID, c.Code+"-students.csv")
	patient, cancel := context.WithTimeout(r.Context(), exportTruths)
	defer cancel()
	roll, stays := c.Call(all.members, all.Handed), all.stays(c)
	head := []any{"student", "nickname", "member", "joined", "first seen", "last seen", "stops there", "of", "stops handed in", "of", "points", "of"}
	var shown []classroom.Stop
	parts, column := map[string]reported{}, map[string]int{}
	for i, stop := range roll.Stops {
		column[stop.ID] = i
	}
	asked := 0
	for i, stop := range c.Plan {
		if !c.Seen(stop, stays) {
			continue
		}
		shown = append(shown, stop)
		if _, takes := column[stop.ID]; takes {
			asked++
		}
		part := s.reported(patient, c, stop, all)
		for _, name := range part.columns {
			head = append(head, fmt.Sprintf("%d. %s: %s", i+1, stop.Title, name))
		}
		parts[stop.ID] = part
	}
	sheet := [][]any{head}
	for _, row := range roll.Rows {
		stay := stays[row.ID]
		line := []any{row.Name, row.Nickname, row.ID, row.JoinedAt, stay.First, stay.Last, stay.There(shown), len(shown), row.Attended(), asked, nil, nil}
		marks := classroom.At(row.ID, all.Marks, func(m classroom.Mark) string { return m.Member })
		if sum, marked := c.Summed(marks); marked {
			line[len(line)-2], line[len(line)-1] = float64(sum.Points)/100, amount(float64(sum.Of)/100)
		}
		for _, stop := range shown {
			line = append(line, yesOrNo(stay.At[stop.ID]))
			if at, takes := column[stop.ID]; takes {
				line = append(line, parts[stop.ID].cells(row.Cells[at])...)
			}
		}
		sheet = append(sheet, line)
	}
	web.Attach(w, "class-"+c.Code+"-students.csv")
	w.Header().Set("Content-Type", web.FileTypes["csv"])
	export.Sheet(w, sheet) // a teacher who hung up is no error of ours
	return nil
}

func yesOrNo(yes bool) any {
	if yes {
		return "yes"
	}
	return "no"
}

// reported are the columns of a stop in the sheet, and what stands in those after the first for a student who is or is not there.
type reported struct {
	columns []string
	cells   func(classroom.RollCell) []any
}

func (s *Pages) reported(ctx context.Context, c classroom.Class, stop classroom.Stop, all record) reported {
	switch stop.Kind {
	case classroom.Show:
		return reported{columns: []string{"there"}}
	case classroom.Ask:
		points := "points"
		if stop.Most > 0 {
			points += " of " + classroom.Mark{Hundredths: stop.Most}.Points()
		}
		return reported{[]string{"there", "answer", "run", "time", points, "named", "comment"}, func(cell classroom.RollCell) []any {
			line := make([]any, 6)
			if cell.Answer.Revision > 0 {
				line[0], line[1], line[2] = cell.Answer.Text, cell.Answer.Run, cell.Answer.UpdatedAt
			}
			if cell.Marked {
				line[3], line[4], line[5] = cell.Mark.Points(), strings.Join(s.conceptLabels(stop, cell.Mark.Concepts), "; "), cell.Mark.Comment
			}
			return line
		}}
	case classroom.Explore:
		submitted, err := s.explorationOf(ctx, c, stop)
		if err != nil {
			submitted = all.Submissions // as far as they are computed
		}
		by := map[string][]classroom.Submission{}
		for _, sub := range submitted {
			if sub.Stop == stop.ID {
				by[sub.Member] = append(by[sub.Member], sub)
			}
		}
		return reported{[]string{"there", "runs submitted", "best value", "best run"}, func(cell classroom.RollCell) []any {
			line := []any{cell.Runs, nil, nil}
			if best, found := stop.Best(by[cell.Member]); found {
				line[1], line[2] = best.Value, best.Run
			}
			return line
		}}
	}
	right := s.rightly(ctx, stop)
	_, truth := s.exportedTruth(ctx, stop)
	return reported{[]string{"there", "truth", "first vote", "how sure (1 to 3)", "time", "right", "second vote", "how sure (1 to 3)", "time", "right"}, func(cell classroom.RollCell) []any {
		line := []any{truth}
		for _, g := range cell.Guesses {
			if g.Round == 0 {
				line = append(line, nil, nil, nil, nil)
				continue
			}
			_, guess := exportedGuess(stop, g.Value)
			line = append(line, guess, said(g.Confidence), g.UpdatedAt, right(g))
		}
		return line
	}}
}

// rightly says of a guess whether it is right: "yes" or "no", nil where the truth is not known.
func (s *Pages) rightly(ctx context.Context, stop classroom.Stop) func(classroom.Guess) any {
	truth, known := s.truthWithin(ctx, stop)
	tolerance := 0.0
	if known {
		tolerance = s.tolerance(stop, truth)
		if !stop.Truth.None() && stop.Form != classroom.Choice {
			truth, known = stop.Scale(truth)
		}
	}
	return func(g classroom.Guess) any {
		switch {
		case !known:
			return nil
		case math.Abs(g.Value-truth) <= tolerance:
			return "yes"
		}
		return "no"
	}
}
