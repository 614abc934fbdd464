package homework

import (
	"fmt"
	"net/http"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/export"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/homework"
)

// Export gives the teacher a table for spreadsheets: a line for each student, also for those who handed in nothing.
func (s *Pages) Export(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	o, err := s.overview(r.Context(), h)
	if err != nil {
		return err
	}
	truths := s.truths(r.Context(), h, releaseTime)
	head := []any{"student", "member", "joined", "points", "of"}
	for i, stop := range h.Stops {
		if !stop.Asks() && !stop.Predicts() {
			continue
		}
		head = append(head, fmt.Sprintf("%d %s", i+1, stop.Title))
		if stop.Asks() {
			head = append(head, fmt.Sprintf("%d run", i+1), fmt.Sprintf("%d late", i+1), fmt.Sprintf("%d comment", i+1))
		}
		head = append(head, fmt.Sprintf("%d points, weighted", i+1))
	}
	sheet := [][]any{head}
	for i, one := range o.sheets {
		scores, total := h.Scores(one, truths)
		row := []any{nameOf(one.Member, i), one.ID, one.JoinedAt, homework.Points(total.Points), homework.Points(total.Of)}
		for _, stop := range h.Stops {
			var points any
			if score, counts := scores[stop.ID]; counts {
				points = homework.Points(score.Points)
			}
			switch {
			case stop.Asks():
				a, _ := one.Answer(stop.ID)
				m, _ := one.Mark(stop.ID)
				late := ""
				if h.Late(a, one.Member) {
					late = "late"
				}
				row = append(row, a.Text, a.Run, late, m.Comment, points)
			case stop.Predicts():
				var said any
				if g, guessed := one.Guess(stop.ID); guessed && stop.Form == classroom.Choice {
					said = board.GuessWords(stop.Stop, g.Value).String()
				} else if guessed {
					said = g.Value
				}
				row = append(row, said, points)
			}
		}
		sheet = append(sheet, row)
	}
	s.Rows.Tell(r.Context(), audit.HomeworkExported, "homework "+h.ID, "")
	web.Attach(w, "homework.csv")
	w.Header().Set("Content-Type", web.FileTypes["csv"])
	export.Sheet(w, sheet) // a teacher who hung up is no error of ours
	return nil
}
