package class

import (
	"errors"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Plan adds a stop to the plan, after the one that is shown. A form with something wrong in it comes back as it was filled
// in, with the reason at its field.
func (s *Pages) Plan(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	stop, err := s.desk.Read(r, web.Form(r))
	if err == nil {
		stop.Token = web.Form(r).Get("token")
		c, err = s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) {
			if web.Form(r).Get("go") == "" {
				return c.Add(stop)
			}
			next, err := c.Insert(stop, c.Current+1)
			if err != nil || next.Version == c.Version {
				return next, err
			}
			return next.Do(classroom.Action{Do: "next"}, time.Now())
		})
	}
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.renderRemote(w, r, http.StatusUnprocessableEntity, c, func(page *views.ClassRemote) { page.Add = s.desk.Refilled(web.Form(r), refused) })
	}
	if err != nil {
		return problemOf(err)
	}
	s.startRun(c)
	http.Redirect(w, r, "/class/"+c.Code+"/remote", http.StatusSeeOther)
	return nil
}

// KeepPlan keeps the class's plan among the teacher's own, as if nothing had been done at it yet.
func (s *Pages) KeepPlan(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	kept, err := s.Plans.KeepTitled(w, r, c.Title, c.Plan)
	if err != nil {
		return problemOf(err)
	}
	http.Redirect(w, r, "/plans/"+kept, http.StatusSeeOther)
	return nil
}
