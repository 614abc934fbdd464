package class

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/views"
)

// pageOfPeople is how many students one page of the grid shows.
const pageOfPeople = 100

// People shows who is in the class and what each has handed in, stop by stop.
func (s *Pages) People(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	return s.people(w, r, c, nil)
}

// people is the grid, with what was wrong with a name that was typed into it.
func (s *Pages) people(w http.ResponseWriter, r *http.Request, c classroom.Class, wrong *views.WrongName) error {
	view, err := s.peopleView(r, c)
	if err != nil {
		return err
	}
	view.Frame, view.Wrong, view.Done = web.Frame(r, "People", "class", "class-people.js"), wrong, doneWords[web.Query(r).Get("done")]
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, views.ClassPeoplePage(view))
}

// peopleView is the page of the grid that was asked for.
func (s *Pages) peopleView(r *http.Request, c classroom.Class) (views.ClassPeople, error) {
	roll, err := s.roll(r.Context(), c)
	if err != nil {
		return views.ClassPeople{}, err
	}
	page, _ := strconv.Atoi(cmp.Or(web.Query(r).Get("page"), web.Form(r).Get("page")))
	return board.People(c, roll, page, pageOfPeople, time.Now()), nil
}

// peopleBoard answers the script of the grid.
func (s *Pages) peopleBoard(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	view, err := s.peopleView(r, c)
	if err != nil {
		return err
	}
	parts, err := web.Parts(r.Context(), map[string]templ.Component{
		"joined": views.PeopleJoined(view), "hands": views.ClassHandsView(view.Hands), "grid": views.PeopleGrid(view),
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, peopleState{parts})
}

// A peopleState is what the script of the grid is told: its parts, rendered.
type peopleState struct {
	Parts map[string]string `json:"parts"`
}

// roll calls the roll of a class. Its answers have no texts.
func (s *Pages) roll(ctx context.Context, c classroom.Class) (classroom.Roll, error) {
	members, handed, err := s.handed(ctx, c, s.rows.AnsweredBy)
	if err != nil {
		return classroom.Roll{}, err
	}
	return c.Call(members, handed), nil
}

// handed reads the members of a class and what they handed in; answers reads the answers, with their texts or without.
func (s *Pages) handed(ctx context.Context, c classroom.Class, answers func(ctx context.Context, class string) ([]classroom.Answer, error)) (members []classroom.Member, h classroom.Handed, err error) {
	if members, err = s.rows.Members(ctx, c.ID); err != nil {
		return members, h, err
	}
	if h.Guesses, err = s.rows.Guesses(ctx, c.ID, ""); err != nil {
		return members, h, err
	}
	if h.Answers, err = answers(ctx, c.ID); err != nil {
		return members, h, err
	}
	if h.Marks, err = s.rows.Marks(ctx, c.ID); err != nil {
		return members, h, err
	}
	h.Submissions, err = s.rows.Submissions(ctx, c.ID, "", "")
	return members, h, err
}

// Rename gives a student another name, by which the teacher finds them again.
func (s *Pages) Rename(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	form, member := web.Form(r), web.Path(r, "member")
	name, err := classroom.Nickname(form.Get("name"))
	if err == nil {
		err = s.rows.RenameMember(r.Context(), c.ID, member, name)
	}
	var refused *classroom.RefusedError
	switch {
	case errors.As(err, &refused):
		return s.people(w, r, c, &views.WrongName{Member: member, Typed: form.Get("name"), Error: web.Sentence(refused.Reason)})
	case errors.Is(err, classroom.ErrNone):
		return &web.Problem{Status: http.StatusNotFound, Heading: "No such student", Text: "Nobody in this class is that student any more."}
	case err != nil:
		return problemOf(err)
	}
	s.hub.Arrived(c.ID)
	http.Redirect(w, r, peopleAgain(c, form, ""), http.StatusSeeOther)
	return nil
}
