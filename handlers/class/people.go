package class

import (
	"context"
	"errors"
	"net/http"
	"strconv"

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
	roll, err := s.roll(r.Context(), c)
	if err != nil {
		return err
	}
	view := views.ClassPeople{Frame: web.Frame(r, "People", "class"), Code: c.Code, Title: c.Title, Joined: len(roll.Rows), Wrong: wrong, Done: doneWords[web.Query(r).Get("done")]}
	for i, stop := range roll.Stops {
		column := views.PeopleStop{Number: i + 1, Title: stop.Title}
		for _, row := range roll.Rows {
			if row.Cells[i].In() {
				column.In++
			}
		}
		view.Stops = append(view.Stops, column)
	}
	for _, row := range roll.Rows {
		view.Names = append(view.Names, row.Name)
		if row.Here {
			view.Here++
		}
	}
	view.Pages = max(1, (len(roll.Rows)+pageOfPeople-1)/pageOfPeople)
	at, _ := strconv.Atoi(web.Query(r).Get("page"))
	view.Page = min(max(at, 1), view.Pages)
	for _, row := range roll.Rows[(view.Page-1)*pageOfPeople : min(view.Page*pageOfPeople, len(roll.Rows))] {
		line := views.PeopleRow{Member: row.ID, Name: row.Name, Nickname: row.Nickname, Here: row.Here, Joined: row.JoinedAt, Attended: row.Attended()}
		for i, cell := range row.Cells {
			line.Cells = append(line.Cells, board.RollCell(roll.Stops[i], cell))
		}
		view.Rows = append(view.Rows, line)
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, views.ClassPeoplePage(view))
}

// roll calls the roll of a class.
func (s *Pages) roll(ctx context.Context, c classroom.Class) (classroom.Roll, error) {
	members, err := s.rows.Members(ctx, c.ID)
	if err != nil {
		return classroom.Roll{}, err
	}
	var handed classroom.Handed
	if handed.Guesses, err = s.rows.Guesses(ctx, c.ID, ""); err != nil {
		return classroom.Roll{}, err
	}
	if handed.Answers, err = s.rows.ClassAnswers(ctx, c.ID, ""); err != nil {
		return classroom.Roll{}, err
	}
	if handed.Marks, err = s.rows.Marks(ctx, c.ID); err != nil {
		return classroom.Roll{}, err
	}
	if handed.Submissions, err = s.rows.Submissions(ctx, c.ID, "", ""); err != nil {
		return classroom.Roll{}, err
	}
	return c.Call(members, handed), nil
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
