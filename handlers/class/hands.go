package class

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/views"
)

// Hand raises a student's hand, or lowers it. A form brings what is typed on its page along, which comes back with the page.
func (s *Pages) Hand(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	form := web.Form(r)
	up := form.Get("hand") == "up"
	switch {
	case !s.limits.signs.Allow(web.Visitor(r)):
		return web.TooMany
	case !up && form.Get("hand") != "down":
		return noSuchSign
	}
	err := s.joined(r, c)
	if err == nil && up && c.Ended(time.Now()) {
		err = classroom.ErrClosed
	}
	if err == nil {
		err = s.rows.Hand(r.Context(), c.ID, web.Visitor(r), up)
	}
	if errors.Is(err, classroom.ErrNone) { // taken out at this moment
		err = notMember
	}
	if err != nil {
		return problemOf(err)
	}
	s.hub.Hands(c.ID)
	if web.WantsJSON(r) {
		answer, err := s.stateAnswer(r.Context(), c, web.Visitor(r))
		if err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, answer)
	}
	if !form.Has("stop") { // there was no box on the page
		http.Redirect(w, r, "/class/"+c.Code, http.StatusSeeOther)
		return nil
	}
	student, err := s.studentView(r.Context(), c, web.Visitor(r))
	if err != nil {
		return err
	}
	typedAlong(c, &student.stage, form)
	return s.renderStudent(w, r, http.StatusOK, c, student)
}

// typedAlong puts back what was typed on the page of a form that hands nothing in.
func typedAlong(c classroom.Class, stage *views.ClassStage, form url.Values) {
	if stage.Stop != form.Get("stop") || !stage.Takes() {
		if left := unsent(c, form, "The class has gone on meanwhile."); left.Text+left.Run != "" {
			stage.Unsent = left
		}
		return
	}
	box := stage.Answer
	if box != nil && box.Text == web.Newlines(form.Get("text")) && box.Run == form.Get("run") {
		return // as it was handed in
	}
	retype(stage, form)
}

// LowerHands puts a student's hand down for the teacher, or all.
func (s *Pages) LowerHands(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	form := web.Form(r)
	member := form.Get("member")
	if member == "" && form.Get("all") == "" {
		return noSuchSign
	}
	if err := s.rows.LowerHands(r.Context(), c.ID, member); err != nil {
		return err
	}
	s.hub.Hands(c.ID)
	if web.WantsJSON(r) {
		return s.Board(w, r, c)
	}
	back := "/class/" + c.Code + "/remote"
	if form.Get("back") == "people" {
		back = peopleAgain(c, form, "")
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// Branch is told by a student's page that its student tries something of their own since a stop was shown; "" is back with the class.
func (s *Pages) Branch(w http.ResponseWriter, r *http.Request) error {
	if !s.limits.signs.Allow(web.Visitor(r)) {
		return web.TooMany
	}
	c, err := s.classAt(r, 0)
	if err != nil {
		return err
	}
	stop := web.Form(r).Get("stop")
	if err := s.joined(r, c); err != nil {
		return err
	}
	if _, _, found := c.Stop(stop); stop != "" && !found {
		return noSuchSign
	}
	err = s.rows.Branch(r.Context(), c.ID, web.Visitor(r), stop)
	if errors.Is(err, classroom.ErrNone) {
		err = notMember
	}
	if err != nil {
		return err
	}
	s.hub.Arrived(c.ID)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// handsView are the hands that are up in a class, where there are so many: none in one that is over.
func (s *Pages) handsView(ctx context.Context, c classroom.Class, n int) (views.ClassHands, error) {
	if n == 0 || c.Ended(time.Now()) {
		return views.ClassHands{Code: c.Code}, nil
	}
	members, err := s.rows.Members(ctx, c.ID)
	return board.Hands(c, members, time.Now()), err
}

// A handTold tells a student's page that the student's hand is up, or down.
type handTold struct {
	Up bool `json:"up"`
}

// hand finds out whether the student's hand is up, and whether the device was not told so yet.
func (l *listener) hand(sight classroom.Sight) (news bool) {
	up, known := sight.Raised(l.me.ID)
	if !known || up == l.up {
		return false
	}
	l.up = up
	return true
}
