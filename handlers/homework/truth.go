package homework

import (
	"context"
	"time"

	"gradlab/classroom"
	"gradlab/homework"
)

// A student's page waits for a run so long, and comes without the truth where the machine is busy; a release waits longer.
const (
	pageTime    = 2 * time.Second
	releaseTime = 20 * time.Second
)

// A judged is what is known of a prediction: what the lab computes, to be told, and what guesses are compared with.
type judged struct {
	raw         float64 // on the lab's own scale
	told, known bool    // whether raw, and whether truth is known
	truth       homework.Truth
}

// truth is computed as in a class; what guesses were compared with at the release stays.
func (s *Pages) truth(ctx context.Context, h homework.Homework, stop homework.Stop) (j judged) {
	if !stop.Judged() {
		return j
	}
	if j.raw, j.told = s.Judge.Truth(ctx, stop.Stop); j.told {
		j.truth, j.known = homework.Truth{Value: j.raw, Tolerance: s.Judge.Tolerance(stop.Stop, j.raw)}, true
		if !stop.Truth.None() && stop.Form != classroom.Choice {
			j.truth.Value, j.known = stop.Scale(j.raw)
		}
	}
	if kept, found := h.Truths[stop.ID]; found {
		j.truth, j.known = kept, true
	}
	return j
}

// patiently is truth for a page.
func (s *Pages) patiently(ctx context.Context, h homework.Homework, stop homework.Stop) judged {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	return s.truth(ctx, h, stop)
}

// truths are those of all stops that count, as far as they are known in that time.
func (s *Pages) truths(ctx context.Context, h homework.Homework, patience time.Duration) map[string]homework.Truth {
	if h.Released() {
		return h.Truths
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all := map[string]homework.Truth{}
	for _, stop := range h.Stops {
		if stop.Points == 0 {
			continue
		}
		if j := s.truth(ctx, h, stop); j.known {
			all[stop.ID] = j.truth
		}
	}
	return all
}

// Results are those of all members, as Released hears them; none before the release.
func (s *Pages) Results(ctx context.Context, id string) ([]homework.Result, error) {
	h, err := s.Rows.Homework(ctx, id)
	if err != nil || !h.Released() {
		return nil, err
	}
	sheets, err := s.Rows.Sheets(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.results(ctx, h, sheets)
}

func (s *Pages) results(ctx context.Context, h homework.Homework, sheets []homework.Sheet) ([]homework.Result, error) {
	owners, err := s.Rows.HomeworkOwners(ctx, h.ID)
	if err != nil {
		return nil, err
	}
	var all []homework.Result
	for _, sheet := range sheets {
		_, total := h.Scores(sheet, h.Truths)
		at := h.ReleasedAt
		for _, m := range sheet.Marks {
			if m.UpdatedAt.After(at) {
				at = m.UpdatedAt
			}
		}
		all = append(all, homework.Result{Homework: h.ID, Member: sheet.ID, Owners: owners[sheet.ID], Score: total, At: at})
	}
	return all, nil
}

// tell passes results on.
func (s *Pages) tell(ctx context.Context, h homework.Homework, sheets []homework.Sheet) error {
	if s.Released == nil || !h.Released() {
		return nil
	}
	results, err := s.results(ctx, h, sheets)
	if err == nil {
		err = s.Released.Released(ctx, results)
	}
	return err
}
