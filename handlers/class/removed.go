package class

import (
	"errors"
	"net/http"
	"net/url"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/views"
)

// doneWords say what was just done to a student.
var doneWords = map[string]string{
	"merge":  "Put together: what both devices handed in stands under one name.",
	"remove": "Taken out of the class. The answers stay on the student’s own page.",
}

// memberGone says that somebody else was quicker.
var memberGone = &web.Problem{Status: http.StatusConflict, Heading: "Gone meanwhile", Text: "This student is no longer in the class. Nothing was changed."}

// peopleAgain leads back to the page of the grid that a form came from.
func peopleAgain(c classroom.Class, form url.Values, done string) string {
	query := url.Values{}
	if page := form.Get("page"); page != "1" && page != "" {
		query.Set("page", page)
	}
	if done != "" {
		query.Set("done", done)
	}
	return views.Href("/class/"+c.Code+"/people", query)
}

// RemoveMember takes a student out of the class, who keeps what they wrote.
func (s *Pages) RemoveMember(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	member := web.Path(r, "member")
	return s.tookOut(w, r, c, "remove", member, "", s.rows.RemoveMember(r.Context(), c.ID, member))
}

// Merge puts two devices of one student together, under the name of the other one.
func (s *Pages) Merge(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	member, typed := web.Path(r, "member"), web.Form(r).Get("other")
	members, err := s.rows.Members(r.Context(), c.ID)
	if err != nil {
		return err
	}
	into, err := classroom.Called(members, typed, member)
	var refused *classroom.RefusedError
	if errors.As(err, &refused) {
		return s.people(w, r, c, &views.WrongName{Member: member, Typed: typed, Error: web.Sentence(refused.Reason), Other: true})
	}
	return s.tookOut(w, r, c, "merge", member, into, s.rows.MergeMembers(r.Context(), c.ID, member, into))
}

// tookOut ends what took a member out.
func (s *Pages) tookOut(w http.ResponseWriter, r *http.Request, c classroom.Class, done, member, into string, err error) error {
	if errors.Is(err, classroom.ErrNone) {
		return memberGone
	}
	if err != nil {
		return problemOf(err)
	}
	if err := s.departed(r, c, member, into); err != nil {
		return err
	}
	http.Redirect(w, r, peopleAgain(c, web.Form(r), done), http.StatusSeeOther)
	return nil
}

// departed tells the devices of a class that a member is in it no more; on the wall stand the answers of who has them now, or nobody's.
func (s *Pages) departed(r *http.Request, c classroom.Class, member, into string) error {
	s.hub.Departed(c.ID)
	_, err := s.hub.Change(r.Context(), c.Code, func(c classroom.Class) (classroom.Class, error) { return c.Repicked(member, into), nil })
	if err != nil {
		return problemOf(err)
	}
	return nil
}

// takenView is what is left to a visitor whom the teacher took out; nil where the teacher did not.
func (s *Pages) takenView(r *http.Request, c classroom.Class) (*views.ClassTaken, error) {
	left, found, err := s.rows.RemovedFrom(r.Context(), c.ID, web.Visitor(r))
	if err != nil || !found {
		return nil, err
	}
	view := &views.ClassTaken{Merged: left.Merged}
	for _, text := range left.Texts {
		line := views.ClassMark{Question: "A question that is no longer in the plan", Text: text.Text, Run: s.labs.Chip(text.Run)}
		if stop, _, found := c.Stop(text.Stop); found {
			line.Question = stop.Title
		}
		view.Texts = append(view.Texts, line)
	}
	return view, nil
}
