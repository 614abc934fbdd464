package class

import (
	"context"
	"net/http"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/export"
	"gradlab/handlers/web"
)

// An exported class is everything that was handed in to it.
type exported struct {
	Class  string    `json:"class"` // its title
	Code   string    `json:"code"`
	Opened time.Time `json:"opened"`
	Rows   []row     `json:"rows"`
}

// A row is one guess or one answer of a class as it is exported.
type row struct {
	Number   int       `json:"number"` // of the stop in the plan
	Kind     string    `json:"kind"`
	Question string    `json:"question"`
	Member   string    `json:"member"` // random; the same for all rows of a student
	Nickname string    `json:"nickname"`
	HandedIn time.Time `json:"handed_in"`
	// Guess and Truth are numbers on the scale on which the class guesses, or the choice in its words; Letter is that of the guess.
	Round       int    `json:"round,omitempty"` // the vote: 1 or 2
	Letter      string `json:"letter,omitempty"`
	Guess       any    `json:"guess,omitempty"`
	Confidence  int    `json:"confidence,omitempty"` // from 1, unsure, to 3; 0 where it was not said
	TruthLetter string `json:"truth_letter,omitempty"`
	Truth       any    `json:"truth,omitempty"` // nil where there is none, and where it is still being computed
	Answer      string `json:"answer,omitempty"`
	Run         string `json:"run,omitempty"`
	// Cost is the multiply-adds of a run that was submitted, Value what it came to; "diverged" where it did, nil where it is still being computed.
	Cost     float64  `json:"multiply_adds,omitempty"`
	Value    any      `json:"value,omitempty"`
	Points   string   `json:"points,omitempty"`
	Concepts []string `json:"concepts,omitempty"`
	Comment  string   `json:"comment,omitempty"`
	Hidden   bool     `json:"hidden,omitempty"` // the teacher has folded the answer away
}

// exportTruths is how long an export waits for truths that are still to be computed.
const exportTruths = 20 * time.Second

// Export gives the teacher everything that was handed in, as CSV for spreadsheets or as JSON, which has every text as it was
// written.
func (s *Pages) Export(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	ending := web.Path(r, "ending")
	if ending != "csv" && ending != "json" {
		return web.NotFound
	}
	rows, err := s.rowsOf(r.Context(), c)
	if err != nil {
		return err
	}
	s.rows.Tell(r.Context(), audit.ClassExported, "class "+c.ID, c.Code+"."+ending)
	web.Attach(w, "class-"+c.Code+"."+ending)
	if ending == "json" {
		return web.WriteJSON(w, http.StatusOK, exported{c.Title, c.Code, c.OpenedAt, rows})
	}
	w.Header().Set("Content-Type", web.FileTypes[ending])
	sheet := [][]any{{"number", "kind", "question", "member", "nickname", "handed_in", "round", "letter", "guess", "confidence", "truth_letter", "truth", "answer", "run", "multiply_adds", "value", "points", "concepts", "comment", "hidden"}}
	for _, row := range rows {
		sheet = append(sheet, []any{row.Number, row.Kind, row.Question, row.Member, row.Nickname, row.HandedIn,
			said(row.Round), row.Letter, row.Guess, said(row.Confidence), row.TruthLetter, row.Truth, row.Answer, row.Run, amount(row.Cost), row.Value,
			row.Points, strings.Join(row.Concepts, " "), row.Comment, hiddenCell(row.Hidden)})
	}
	export.Sheet(w, sheet) // a teacher who hung up is no error of ours
	return nil
}

// rowsOf lists everything that was handed in, in the order of the plan.
func (s *Pages) rowsOf(ctx context.Context, c classroom.Class) ([]row, error) {
	members, err := s.rows.Members(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	answers, err := s.rows.ClassAnswers(ctx, c.ID, "")
	if err != nil {
		return nil, err
	}
	marks, err := s.rows.Marks(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	nickname, answersTo, markOf := map[string]string{}, map[string][]classroom.Answer{}, map[[2]string]classroom.Mark{}
	for _, m := range members {
		nickname[m.ID] = m.Nickname
	}
	for _, a := range answers {
		answersTo[a.Stop] = append(answersTo[a.Stop], a)
	}
	for _, m := range marks {
		markOf[[2]string{m.Stop, m.Member}] = m
	}
	patient, cancel := context.WithTimeout(ctx, exportTruths)
	defer cancel()
	rows := []row{}
	for i, stop := range c.Plan {
		base := row{Number: i + 1, Kind: string(stop.Kind), Question: stop.Title}
		if stop.Kind == classroom.Predict {
			guesses, err := s.rows.Guesses(ctx, c.ID, stop.ID)
			if err != nil {
				return nil, err
			}
			if len(guesses) > 0 {
				base.TruthLetter, base.Truth = s.exportedTruth(patient, stop)
			}
			for _, g := range guesses {
				row := base
				row.Member, row.Nickname, row.HandedIn, row.Round, row.Confidence = g.Member, nickname[g.Member], g.UpdatedAt, g.Round, g.Confidence
				row.Letter, row.Guess = exportedGuess(stop, g.Value)
				rows = append(rows, row)
			}
		}
		if stop.Kind == classroom.Explore {
			submissions, err := s.explorationOf(patient, c, stop)
			if err != nil {
				return nil, err
			}
			for _, sub := range submissions {
				row := base
				row.Member, row.Nickname, row.HandedIn, row.Run, row.Cost, row.Value = sub.Member, nickname[sub.Member], sub.UpdatedAt, sub.Run, sub.Cost, exportedValue(sub)
				rows = append(rows, row)
			}
		}
		for _, a := range answersTo[stop.ID] {
			row := base
			row.Member, row.Nickname, row.HandedIn, row.Answer, row.Run = a.Member, nickname[a.Member], a.UpdatedAt, a.Text, a.Run
			row.Hidden = stop.Folded(a)
			if m, found := markOf[[2]string{a.Stop, a.Member}]; found {
				row.Points, row.Concepts, row.Comment = m.Points(), m.Concepts, m.Comment
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// said is a number as a sheet has it: an empty cell for 0.
func said(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// explorationOf is what was submitted to an exploration, computed as far as ctx lasts.
func (s *Pages) explorationOf(ctx context.Context, c classroom.Class, stop classroom.Stop) ([]classroom.Submission, error) {
	select {
	case <-s.scoring(c, stop):
	case <-ctx.Done():
	}
	return s.rows.Submissions(context.WithoutCancel(ctx), c.ID, stop.ID, "")
}

func hiddenCell(hidden bool) string {
	if hidden {
		return "yes"
	}
	return ""
}

func exportedValue(sub classroom.Submission) any {
	switch {
	case sub.Diverged():
		return "diverged"
	case sub.Scored:
		return sub.Value
	}
	return nil
}

// amount is a number as a sheet has it: an empty cell for 0.
func amount(v float64) any {
	if v == 0 {
		return nil
	}
	return v
}

// exportedGuess is a guess as it was meant: a number, or the letter of a choice and its words.
func exportedGuess(stop classroom.Stop, v float64) (letter string, guess any) {
	if stop.Form != classroom.Choice {
		return "", v
	}
	if i := int(v); i >= 0 && i < len(stop.Choices) {
		return classroom.Letter(i), stop.Choices[i]
	}
	return "", nil
}

// exportedTruth is the truth on the scale of the guesses, nil where it is not known.
func (s *Pages) exportedTruth(ctx context.Context, stop classroom.Stop) (letter string, truth any) {
	value, known := s.truthWithin(ctx, stop)
	if known && !stop.Truth.None() && stop.Form != classroom.Choice {
		value, known = stop.Scale(value)
	}
	if !known {
		return "", nil
	}
	return exportedGuess(stop, value)
}
