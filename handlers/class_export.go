package handlers

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"gradlab/classroom"
)

// A classRow is one guess or one answer of a class as it is exported.
type classRow struct {
	Number   int      `json:"number"` // of the stop in the plan
	Kind     string   `json:"kind"`
	Question string   `json:"question"`
	Member   string   `json:"member"` // random; the same for all rows of a student
	Nickname string   `json:"nickname"`
	Guess    *float64 `json:"guess,omitempty"`
	Answer   string   `json:"answer,omitempty"`
	Run      string   `json:"run,omitempty"`
	HandedIn string   `json:"handed_in,omitempty"`
	Points   string   `json:"points,omitempty"`
	Concepts []string `json:"concepts,omitempty"`
	Comment  string   `json:"comment,omitempty"`
}

// exportClass gives the teacher everything that was handed in, as CSV or JSON.
func (s *site) exportClass(w http.ResponseWriter, r *http.Request) error {
	c, err := s.teachersClass(r)
	if err != nil {
		return err
	}
	ending := chi.URLParam(r, "ending")
	if ending != "csv" && ending != "json" {
		return notFound
	}
	rows, err := s.classRows(r, c)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="class-%s.%s"`, c.Code, ending))
	if ending == "json" {
		return writeJSON(w, http.StatusOK, map[string]any{"class": c.Title, "code": c.Code, "opened": c.OpenedAt, "rows": rows})
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := csv.NewWriter(w)
	out.Write([]string{"number", "kind", "question", "member", "nickname", "guess", "answer", "run", "handed_in", "points", "concepts", "comment"})
	for _, row := range rows {
		guess := ""
		if row.Guess != nil {
			guess = strconv.FormatFloat(*row.Guess, 'g', -1, 64)
		}
		out.Write([]string{strconv.Itoa(row.Number), row.Kind, cell(row.Question), row.Member, cell(row.Nickname), guess, cell(row.Answer), cell(row.Run),
			row.HandedIn, row.Points, strings.Join(row.Concepts, " "), cell(row.Comment)})
	}
	out.Flush()
	return nil // a teacher who hung up is no error of ours
}

// cell keeps a spreadsheet from taking a student's text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// classRows lists everything that was handed in, in the order of the plan.
func (s *site) classRows(r *http.Request, c classroom.Class) ([]classRow, error) {
	members, err := s.Classes.Members(r.Context(), c.ID)
	if err != nil {
		return nil, err
	}
	answers, err := s.Classes.ClassAnswers(r.Context(), c.ID, "")
	if err != nil {
		return nil, err
	}
	marks, err := s.Classes.Marks(r.Context(), c.ID)
	if err != nil {
		return nil, err
	}
	nickname := map[string]string{}
	for _, m := range members {
		nickname[m.ID] = m.Nickname
	}
	rows := []classRow{}
	for i, stop := range c.Plan {
		base := classRow{Number: i + 1, Kind: string(stop.Kind), Question: stop.Title}
		if stop.Kind == classroom.Predict {
			guesses, err := s.Classes.Guesses(r.Context(), c.ID, stop.ID)
			if err != nil {
				return nil, err
			}
			for _, g := range guesses {
				row := base
				row.Member, row.Nickname, row.Guess = g.Member, nickname[g.Member], &g.Value
				rows = append(rows, row)
			}
		}
		for _, a := range answers {
			if a.Stop != stop.ID {
				continue
			}
			row := base
			row.Member, row.Nickname, row.Answer, row.Run, row.HandedIn = a.Member, nickname[a.Member], a.Text, a.Run, a.UpdatedAt.Format("2006-01-02T15:04:05Z")
			for _, m := range marks {
				if m.Stop == a.Stop && m.Member == a.Member {
					row.Points, row.Concepts, row.Comment = m.Points(), m.Concepts, m.Comment
				}
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}
