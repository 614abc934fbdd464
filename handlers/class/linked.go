package class

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/views"
)

// A class that a course of a learning platform links is opened, joined and led by whoever the platform sends: package lti of the
// handlers calls these.

// Begin opens a class of a plan's name for somebody who may, and returns it with its key. The error is a *classroom.RefusedError where the
// title cannot be one.
func (s *Pages) Begin(r *http.Request, title, plan string) (c classroom.Class, key string, err error) {
	stops, err := s.planOf(r, plan)
	if err != nil {
		return c, "", err
	}
	if c, key, err = classroom.Open(title, stops, time.Now()); err != nil {
		return c, "", err
	}
	person, _ := web.Person(r)
	c.Person = person.ID
	audit.Identify(r.Context(), keyHolder(c))
	if err := s.rows.CreateClass(r.Context(), c); errors.Is(err, classroom.ErrFull) {
		return c, "", noRoom
	} else if err != nil {
		return c, "", problemOf(err)
	}
	s.counts.Opened()
	return c, key, nil
}

// ByID is a class by its id; of one that was deleted the error is classroom.ErrNone.
func (s *Pages) ByID(ctx context.Context, id string) (classroom.Class, error) {
	return s.rows.ClassByID(ctx, id)
}

// Discard deletes a class that was just opened, and that nobody has seen.
func (s *Pages) Discard(ctx context.Context, id string) error { return s.rows.DeleteClass(ctx, id) }

// Enter makes the visitor of a request a member of a class, under the name that a course has for them, without a code. One who is in it keeps the name.
func (s *Pages) Enter(r *http.Request, c classroom.Class, name string) error {
	if _, found, err := s.rows.Member(r.Context(), c.ID, web.Visitor(r)); found || err != nil || c.Ended(time.Now()) {
		return err
	}
	if runes := []rune(name); len(runes) > classroom.MaxNickname {
		name = string(runes[:classroom.MaxNickname])
	}
	name, err := classroom.Nickname(name)
	if err != nil { // one that cannot be shown: the teacher sees a number instead
		name = ""
	}
	if _, err := s.rows.Join(r.Context(), c.ID, web.Visitor(r), classroom.NewMember(name)); err != nil {
		return problemOf(err)
	}
	s.hub.Arrived(c.ID)
	return nil
}

// Lead gives the browser of a request the key of a class. It is false where the key is not the class's any more, and the
// request's person has not opened it.
func (s *Pages) Lead(w http.ResponseWriter, r *http.Request, c classroom.Class, key string) bool {
	if c.Holds(key) {
		giveKey(w, r, c, key)
		return true
	}
	return teaches(r, c)
}

// PlanNames are the plans of which a class can be opened: the visitor's own, and the site's.
func (s *Pages) PlanNames(r *http.Request) ([]views.Option, error) {
	own, err := s.Plans.Mine(r)
	if err != nil {
		return nil, err
	}
	var all []views.Option
	for _, p := range own {
		all = append(all, views.Option{Value: "own-" + p.ID, Label: "Yours: " + p.Title})
	}
	for _, p := range s.library.Teaching().Plans {
		all = append(all, views.Option{Value: p.Slug, Label: p.Title})
	}
	for _, l := range s.library.Lessons() {
		all = append(all, views.Option{Value: l.Slug, Label: l.Name()})
	}
	return all, nil
}
