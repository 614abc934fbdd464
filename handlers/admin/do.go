package admin

import (
	"errors"
	"net/http"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/plans"
	"gradlab/views"
)

// notices are what was done.
var notices = map[string]string{
	"closed":  "The class is closed.",
	"class":   "The class was deleted, with everything that was handed in to it.",
	"plan":    "The plan was deleted.",
	"lms":     "The learning platform was deleted, with the links of its courses.",
	"ended":   "The homework is closed.",
	"work":    "The homework was deleted, with everything that was handed in to it.",
	"unsure":  "Nothing was deleted: tick the box to say that you are sure.",
	"gone":    "Nothing was done: it had been deleted or had expired.",
	"nothing": "Nothing was done: there is no such action.",
}

// done leads back to a list, and says there what was done.
func done(w http.ResponseWriter, r *http.Request, path, notice string) error {
	web.Notify(w, r, path, notice)
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// Class closes or deletes a class, or takes its key away.
func (s *Pages) Class(w http.ResponseWriter, r *http.Request) error {
	const list = "/admin/classes"
	id, notice := web.Path(r, "id"), "nothing"
	var err error
	switch web.Form(r).Get("do") {
	case "close":
		notice, err = "closed", s.classes.Close(r.Context(), id)
	case "delete":
		if web.Form(r).Get("sure") != "1" {
			notice = "unsure"
		} else {
			notice, err = "class", s.classes.Remove(r.Context(), id)
		}
	case "key":
		var link string
		if link, err = s.classes.Rekey(r, id); err == nil {
			return web.Render(w, r, http.StatusOK, views.OperatorKeyPage(views.OperatorKey{Frame: frame(r, "A new key"), Link: link, What: "class", Back: list}))
		}
	}
	if errors.Is(err, classroom.ErrNone) {
		notice, err = "gone", nil
	}
	if err != nil {
		return err
	}
	return done(w, r, list, notice)
}

// Plan deletes a plan, or takes the key of its owner's plans away.
func (s *Pages) Plan(w http.ResponseWriter, r *http.Request) error {
	const list = "/admin/plans"
	id, notice := web.Path(r, "id"), "nothing"
	switch web.Form(r).Get("do") {
	case "delete":
		if notice = "unsure"; web.Form(r).Get("sure") == "1" {
			if err := s.rows.DeletePlan(r.Context(), id); err != nil {
				return err
			}
			notice = "plan"
		}
	case "key":
		return s.rekey(w, r, list)
	}
	return done(w, r, list, notice)
}

// Platform deletes a learning platform.
func (s *Pages) Platform(w http.ResponseWriter, r *http.Request) error {
	notice := "nothing"
	if form := web.Form(r); form.Get("do") == "delete" {
		if notice = "unsure"; form.Get("sure") == "1" {
			if err := s.rows.DeletePlatform(r.Context(), web.Path(r, "id")); err != nil {
				return err
			}
			notice = "lms"
		}
	}
	return done(w, r, "/admin/platforms", notice)
}

// Work closes or deletes homework, or takes the key of its owner's plans away.
func (s *Pages) Work(w http.ResponseWriter, r *http.Request) error {
	const list = "/admin/homework"
	id, notice := web.Path(r, "id"), "nothing"
	var err error
	switch web.Form(r).Get("do") {
	case "close":
		notice, err = "ended", s.work.Close(r.Context(), id)
	case "delete":
		if notice = "unsure"; web.Form(r).Get("sure") == "1" {
			notice, err = "work", s.work.Remove(r.Context(), id)
		}
	case "key":
		return s.rekey(w, r, list)
	}
	if errors.Is(err, homework.ErrNone) {
		notice, err = "gone", nil
	}
	if err != nil {
		return err
	}
	return done(w, r, list, notice)
}

// rekey takes the key away of the owner that a form names, and shows the new one; list is where the form stands.
func (s *Pages) rekey(w http.ResponseWriter, r *http.Request, list string) error {
	shelf, found, err := s.rows.ShelfOf(r.Context(), web.Form(r).Get("shelf"))
	if err != nil {
		return err
	}
	if !found {
		return done(w, r, list, "gone")
	}
	fresh, key := plans.NewShelf()
	err = s.rows.Rekey(r.Context(), shelf, fresh.KeyHash)
	if errors.Is(err, plans.ErrStale) {
		return done(w, r, list, "gone")
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.OperatorKeyPage(views.OperatorKey{Frame: frame(r, "A new key"), Link: web.Origin(r) + "/plans/key#" + key, What: "plans", Back: list}))
}
