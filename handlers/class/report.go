package class

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/views"
)

const (
	// reportTime is how long the report may wait for the runs that hold truths.
	reportTime = 5 * time.Second
	// pageOfReport is how many students one page of the report shows.
	pageOfReport = 100
)

// A record is all that is kept of what was done in a class.
type record struct {
	classroom.Handed
	members    []classroom.Member
	attendance []classroom.Attendance
}

func (r record) stays(c classroom.Class) map[string]*classroom.Stay {
	return c.Stays(r.members, r.attendance, r.Handed)
}

// record reads it.
func (s *Pages) record(ctx context.Context, c classroom.Class) (all record, err error) {
	all.members, all.Handed, err = s.handed(ctx, c, func(ctx context.Context, class string) ([]classroom.Answer, error) {
		return s.rows.ClassAnswers(ctx, class, "")
	})
	if err != nil {
		return all, err
	}
	all.attendance, err = s.rows.Attendance(ctx, c.ID)
	return all, err
}

// Report shows the teacher what came of a class: who was there, how the votes compare with the truth, what the answers name, and a line for each student.
func (s *Pages) Report(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return s.renderReport(w, r, http.StatusOK, c, func(*views.ClassReport) {})
}

// SetPoints keeps the most points that can be had at a question. What is refused comes back as it was typed, with the reason.
func (s *Pages) SetPoints(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	stop, typed := web.Form(r).Get("stop"), web.Form(r).Get("most")
	marks, err := s.rows.Marks(r.Context(), c.ID)
	if err != nil {
		return err
	}
	c, err = s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) { return c.Worth(stop, typed, marks) })
	var refused *classroom.RefusedError
	if asked, _, _ := c.Stop(stop); asked.Kind == classroom.Ask && errors.As(err, &refused) {
		return s.renderReport(w, r, http.StatusUnprocessableEntity, c, func(view *views.ClassReport) {
			for i := range view.Questions {
				if q := &view.Questions[i]; q.Stop == stop {
					q.Most, q.Error = typed, web.Sentence(refused.Reason)
				}
			}
		})
	}
	if err != nil {
		return problemOf(err)
	}
	http.Redirect(w, r, "/class/"+c.Code+"/report#questions-title", http.StatusSeeOther)
	return nil
}

// renderReport is the report, with what change makes of it.
func (s *Pages) renderReport(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, change func(*views.ClassReport)) error {
	all, err := s.record(r.Context(), c)
	if err != nil {
		return err
	}
	view := views.ClassReport{
		Frame: web.Frame(r, "Report", "class"), Code: c.Code, Spelled: classroom.SpellCode(c.Code), Title: c.Title, Opened: c.OpenedAt, Joined: len(all.members),
	}
	view.Frame.Path = "/class/" + c.Code + "/report"
	stays := all.stays(c)
	view.There = board.ReportThere(c, stays)
	ctx, cancel := context.WithTimeout(r.Context(), reportTime)
	defer cancel()
	for i, stop := range c.Plan {
		if c.Seen(stop, stays) {
			s.reportStop(ctx, c, i+1, stop, all, &view)
		}
	}
	s.reportStudents(r, board.ReportStudents(c, c.Call(all.members, all.Handed), stays, all.Marks), &view)
	change(&view)
	return web.Render(w, r, status, views.ClassReportPage(view))
}

// reportStop adds a stop to a report.
func (s *Pages) reportStop(ctx context.Context, c classroom.Class, number int, stop classroom.Stop, all record, view *views.ClassReport) {
	switch stop.Kind {
	case classroom.Predict:
		guesses := classroom.At(stop.ID, all.Guesses, func(g classroom.Guess) string { return g.Stop })
		truth, known := s.truthWithin(ctx, stop)
		view.Pending = view.Pending || !known && !stop.Truth.None()
		vote, bar, talked := board.ReportVote(number, stop, guesses, truth, known, s.tolerance(stop, truth))
		view.Votes = append(view.Votes, vote)
		if talked {
			view.Talks = append(view.Talks, bar)
		}
	case classroom.Ask:
		answers := classroom.At(stop.ID, all.Answers, func(a classroom.Answer) string { return a.Stop })
		q, found := s.library.Question(stop.Question)
		if found && s.reader.want(c.ID, q, answers...) > 0 {
			view.Pending = true
		}
		marks := classroom.At(stop.ID, all.Marks, func(m classroom.Mark) string { return m.Stop })
		view.Questions = append(view.Questions, board.ReportQuestion(number, stop, q, answers, marks, len(all.members)))
	case classroom.Explore:
		submitted := classroom.At(stop.ID, all.Submissions, func(sub classroom.Submission) string { return sub.Stop })
		for _, sub := range submitted {
			if !sub.Scored {
				s.scoring(c, stop)
				view.Pending = true
				break
			}
		}
		view.Explorations = append(view.Explorations, board.ReportExploration(number, stop, submitted, s.labs.Chip, s.desk.Length))
	}
}

// reportStudents adds the page of the students that was asked for.
func (s *Pages) reportStudents(r *http.Request, all []views.ReportStudent, view *views.ClassReport) {
	query := web.Query(r)
	only, whole := query.Get("show") == "nothing", query.Get("all") == "1"
	at := func(show, page string) string {
		q := url.Values{}
		if show != "" {
			q.Set("show", show)
		}
		if page != "" && page != "1" {
			q.Set("page", page)
		}
		return views.Href(view.Frame.Path, q) + "#students"
	}
	show := ""
	var chosen []views.ReportStudent
	for _, line := range all {
		view.Marked = view.Marked || line.Points != ""
		if line.Nothing {
			view.Nothing++
		}
		if !only || line.Nothing {
			chosen = append(chosen, line)
		}
	}
	if only {
		show = "nothing"
	}
	if view.Nothing > 0 || only {
		view.Shows = []views.Filter{
			{Href: at("", ""), Label: "All", Count: len(all), Current: !only}, {Href: at("nothing", ""), Label: "Handed in nothing", Count: view.Nothing, Current: only},
		}
	}
	most := pageOfReport
	if whole {
		most = max(len(chosen), 1)
	}
	view.Students, view.Page, view.Pages = web.Paged(r, chosen, most)
	if view.Page > 1 {
		view.Previous = at(show, strconv.Itoa(view.Page-1))
	}
	if view.Page < view.Pages {
		view.Next = at(show, strconv.Itoa(view.Page+1))
	}
	if view.Pages > 1 {
		q := url.Values{"all": {"1"}}
		if only {
			q.Set("show", show)
		}
		view.Whole = views.Href(view.Frame.Path, q) + "#students"
	}
}
