package lti

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/lti"
	"gradlab/persons"
	"gradlab/views"
)

// Linked says whether a class was opened from a course.
func (s *Pages) Linked(ctx context.Context, class string) bool {
	if !s.On() {
		return false
	}
	_, err := s.rows.LinkOf(ctx, class)
	return err == nil
}

var notLinked = &web.Problem{Status: http.StatusNotFound, Heading: "Not from a course", Text: "No course of a learning platform has opened this by a link, so there is no gradebook."}

// rosterTime bounds what asking a platform for a whole course takes.
const rosterTime = 40 * time.Second

// maxAbsent is how many members of the course who have not come are named.
const maxAbsent = 300

// Gradebook shows a class's teacher which scores went to the course's gradebook, which did not and why, and on demand who of the course
// has not come.
func (s *Pages) Gradebook(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return s.gradebook(w, r, http.StatusOK, c, "", "")
}

func (s *Pages) gradebook(w http.ResponseWriter, r *http.Request, status int, c classroom.Class, points, wrong string) error {
	link, err := s.rows.LinkOf(r.Context(), c.ID)
	if errors.Is(err, lti.ErrUnknown) {
		return notLinked
	}
	if err != nil {
		return err
	}
	view := views.LTIGradebook{Frame: web.Frame(r, "Gradebook", "class"), At: "/class/" + c.Code, Back: "/class/" + c.Code + "/remote", Title: c.Title, Course: link.Course, Released: c.Released(), Takes: link.Grades.Scored(),
		Class: true, Points: views.Hundredths(link.Points), Error: wrong, Roster: link.Members != ""}
	if wrong != "" {
		view.Points = points
	}
	subjects, err := s.scores(r.Context(), link, &view)
	if err != nil {
		return err
	}
	view.Frame.Path = view.At + "/gradebook"
	if web.Query(r).Get("course") == "1" && link.Members != "" {
		s.roster(r.Context(), link, subjects, &view)
	}
	return web.Render(w, r, status, views.LTIGradebookPage(view))
}

// scores adds those of a link, and returns who came by it.
func (s *Pages) scores(ctx context.Context, link lti.Placement, view *views.LTIGradebook) (subjects map[string]bool, err error) {
	names, subjects, err := s.rows.LinkNames(ctx, link.ID)
	if err != nil {
		return nil, err
	}
	scores, err := s.rows.LinkScores(ctx, link.ID)
	for _, o := range scores {
		row := views.LTIScore{Name: names[o.Owner], Score: views.Hundredths(o.Given) + " of " + views.Hundredths(o.Points), Withdrawn: o.Given == lti.Withdrawn, Retried: o.Failures() > 0, Sent: o.Sent, Failed: o.Failed, Next: o.Next}
		if row.Withdrawn {
			row.Score = "none"
		}
		if row.Name == "" {
			row.Name = "A student without a name"
		}
		for _, t := range o.Tries {
			row.Tries = append(row.Tries, views.LTITry{At: t.At, Failed: t.Failed})
		}
		view.Failing = view.Failing || !o.Failed.IsZero()
		view.Scores = append(view.Scores, row)
	}
	return subjects, err
}

// HomeworkLinked says whether homework was opened from a course.
func (s *Pages) HomeworkLinked(ctx context.Context, id string) bool {
	if !s.On() {
		return false
	}
	links, err := s.rows.LinksTo(ctx, "/homework/"+id)
	return err == nil && len(links) > 0
}

// HomeworkBook shows the teacher of homework what went to the gradebooks of the courses that link it.
func (s *Pages) HomeworkBook(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	at := "/homework/" + h.ID
	links, err := s.rows.LinksTo(r.Context(), at)
	if err != nil {
		return err
	}
	if len(links) == 0 {
		return notLinked
	}
	view := views.LTIGradebook{Frame: web.Frame(r, "Gradebook", "class"), At: at, Back: at + "/teach", Title: h.Title, Course: links[0].Course, Released: h.Released(), Takes: true}
	view.Frame.Path = at + "/gradebook"
	for _, link := range links {
		if _, err := s.scores(r.Context(), link, &view); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, views.LTIGradebookPage(view))
}

// RetryHomework has the scores of homework that were given up be tried again.
func (s *Pages) RetryHomework(w http.ResponseWriter, r *http.Request, h homework.Homework) error {
	links, err := s.rows.LinksTo(r.Context(), "/homework/"+h.ID)
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := s.rows.RetryScores(r.Context(), link.ID); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/homework/"+h.ID+"/gradebook", http.StatusSeeOther)
	return nil
}

// roster names who is in the course and has not come.
func (s *Pages) roster(ctx context.Context, link lti.Placement, came map[string]bool, view *views.LTIGradebook) {
	ctx, cancel := context.WithTimeout(ctx, rosterTime)
	defer cancel()
	view.Asked = true
	p, err := s.rows.Platform(ctx, link.Platform)
	var all []lti.Member
	if err == nil {
		all, err = s.client.Members(ctx, p, link.Members)
	}
	if err != nil {
		s.log.WarnContext(ctx, "the members of a course are not to be had", "link", link.ID, "err", err)
		view.RosterError = "The platform did not say who is in the course: " + err.Error() + "."
	}
	for _, m := range all {
		if m.Teaches() || m.Status != "" && m.Status != "Active" {
			continue
		}
		view.Students++
		if came[m.Subject] {
			continue
		}
		if view.Absent++; view.Absent > maxAbsent {
			continue
		}
		name := strings.TrimSpace(m.Name)
		if name == "" {
			name = strings.TrimSpace(m.Given + " " + m.Family)
		}
		if name == "" {
			name = fmt.Sprintf("Student %d", view.Students)
		}
		view.Names = append(view.Names, web.Clean(persons.Line(name)))
	}
}

// SetPoints says how many points there are in the gradebook.
func (s *Pages) SetPoints(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	text := web.Form(r).Get("points")
	points, err := lti.ParsePoints(strings.Replace(strings.TrimSpace(text), ",", ".", 1))
	if err != nil {
		return s.gradebook(w, r, http.StatusUnprocessableEntity, c, text, web.Sentence(err.Error()))
	}
	link, err := s.rows.LinkOf(r.Context(), c.ID)
	if errors.Is(err, lti.ErrUnknown) {
		return notLinked
	}
	if err == nil {
		err = s.rows.Choose(r.Context(), link.ID, link.Target, points)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/class/"+c.Code+"/gradebook", http.StatusSeeOther)
	return nil
}

// Retry has the scores that were given up be tried again.
func (s *Pages) Retry(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	link, err := s.rows.LinkOf(r.Context(), c.ID)
	if errors.Is(err, lti.ErrUnknown) {
		return notLinked
	}
	if err == nil {
		err = s.rows.RetryScores(r.Context(), link.ID)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/class/"+c.Code+"/gradebook", http.StatusSeeOther)
	return nil
}
