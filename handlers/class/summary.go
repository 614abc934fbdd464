package class

import (
	"context"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Summary is what a student has of a class: the marks, and stop by stop the student's own votes, answers and runs, beside the truths and model answers
// that the teacher has revealed.
func (s *Pages) Summary(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	desk, found, err := s.rows.Desk(r.Context(), c.ID, web.Visitor(r), "")
	if err == nil && !found {
		err = notMember
	}
	if err != nil {
		return err
	}
	own := classroom.Handed{Answers: desk.Answers}
	if own.Guesses, err = s.rows.MemberGuesses(r.Context(), c.ID, desk.ID); err != nil {
		return err
	}
	if own.Submissions, err = s.rows.Submissions(r.Context(), c.ID, "", desk.ID); err != nil {
		return err
	}
	if c.Released() {
		if own.Marks, err = s.rows.MemberMarks(r.Context(), c.ID, desk.ID); err != nil {
			return err
		}
	}
	view := views.ClassSummary{
		Frame: web.Frame(r, "Your summary", "class"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title, Nickname: desk.Nickname,
		Until: c.Expires(), Ended: c.Ended(time.Now()), Released: c.Released(),
	}
	view.Frame.Path, view.Frame.Formulas = "/class/"+c.Code+"/summary", "/formulas.css?v="+s.library.Sheet().Version
	ctx, cancel := context.WithTimeout(r.Context(), reportTime)
	defer cancel()
	roll := c.Call([]classroom.Member{desk.Member}, own)
	for i, stop := range roll.Stops {
		if stop.Phase != classroom.Waiting {
			view.Stops = append(view.Stops, s.summed(ctx, c, stop, roll.Rows[0].Cells[i], own.Submissions))
		}
	}
	view.Total = board.SummaryTotal(c, own.Marks)
	return web.Render(w, r, http.StatusOK, views.ClassSummaryPage(view))
}

// summed is one stop of a summary.
func (s *Pages) summed(ctx context.Context, c classroom.Class, stop classroom.Stop, cell classroom.RollCell, runs []classroom.Submission) views.SummaryStop {
	_, place, _ := c.Stop(stop.ID)
	public := classroom.Public{Kind: stop.Kind, Heading: stop.Title}
	if stop.Kind != classroom.Predict || stop.Phase.Reached(classroom.Ran) {
		public.Path = stop.Path
	}
	stage := s.desk.Stage(public)
	v := views.SummaryStop{Number: place + 1, Title: stop.Title, TitleHTML: stage.HeadingHTML, Kind: string(stop.Kind), Lab: stage.LabPage, Nothing: !cell.In()}
	switch stop.Kind {
	case classroom.Predict:
		var truth float64
		known := false
		if stop.TruthShown() {
			truth, known = s.truthWithin(ctx, stop)
			v.Waits = !known && !stop.Truth.None()
			v.Truth = board.TruthWords(stop, truth, known, nil)
		}
		v.Votes = board.SummaryVotes(stop, cell.Guesses, truth, known, s.tolerance(stop, truth))
		if last := cell.Guesses[stop.Round()-1]; last.Round != 0 {
			v.Reply = s.reply(stop, last.Value)
		}
	case classroom.Ask:
		v.Text, v.Run = cell.Answer.Text, s.labs.Chip(cell.Answer.Run)
		if cell.Marked {
			v.Points, v.Comment, v.Names = board.PointsOf(cell.Mark.Hundredths, stop.Most), cell.Mark.Comment, s.conceptLabels(stop, cell.Mark.Concepts)
		}
		q, _ := s.library.Question(stop.Question)
		if part, found := q.Part(stop.Part); found && stop.Phase == classroom.Revealed {
			v.Model = part.ModelHTML
		}
	case classroom.Explore:
		own := classroom.At(stop.ID, runs, func(sub classroom.Submission) string { return sub.Stop })
		for _, sub := range own {
			if !sub.Scored {
				s.scoring(c, stop)
				v.Waits = true
				break
			}
		}
		v.Runs = board.Explored(stop, own, func(run string) string { return s.labs.Chip(run).Label }, s.desk.Length)
	}
	return v
}
