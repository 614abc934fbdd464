package class

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/export"
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

// Report gives the teacher a line for each student, also for those who handed in nothing: at how many stops they did, and of each stop
// what, when, and whether it was right.
func (s *Pages) Report(w http.ResponseWriter, r *http.Request, c classroom.Class) error {
	roll, err := s.roll(r.Context(), c)
	if err != nil {
		return err
	}
	s.rows.Tell(r.Context(), audit.ClassExported, "class "+c.ID, c.Code+"-students.csv")
	head := []any{"student", "nickname", "member", "joined", "stops handed in", "of"}
	patient, cancel := context.WithTimeout(r.Context(), exportTruths)
	defer cancel()
	parts := make([]reported, len(roll.Stops))
	for i, stop := range roll.Stops {
		parts[i] = s.reported(patient, stop)
		for _, column := range parts[i].columns {
			head = append(head, fmt.Sprintf("%d. %s: %s", i+1, stop.Title, column))
		}
	}
	sheet := [][]any{head}
	for _, row := range roll.Rows {
		line := []any{row.Name, row.Nickname, row.ID, row.JoinedAt, row.Attended(), len(roll.Stops)}
		for i, cell := range row.Cells {
			line = append(line, parts[i].cells(cell)...)
		}
		sheet = append(sheet, line)
	}
	web.Attach(w, "class-"+c.Code+"-students.csv")
	w.Header().Set("Content-Type", web.FileTypes["csv"])
	export.Sheet(w, sheet) // a teacher who hung up is no error of ours
	return nil
}

// reported are the columns of a stop in the report, and what stands in them for a student.
type reported struct {
	columns []string
	cells   func(classroom.RollCell) []any
}

func (s *Pages) reported(ctx context.Context, stop classroom.Stop) reported {
	switch stop.Kind {
	case classroom.Ask:
		return reported{[]string{"answer", "time", "points", "comment"}, func(cell classroom.RollCell) []any {
			line := []any{nil, nil, nil, nil}
			if cell.Answer.Revision > 0 {
				line[0], line[1] = cell.Answer.Text, cell.Answer.UpdatedAt
			}
			if cell.Marked {
				line[2], line[3] = cell.Mark.Points(), cell.Mark.Comment
			}
			return line
		}}
	case classroom.Explore:
		return reported{[]string{"runs submitted"}, func(cell classroom.RollCell) []any { return []any{cell.Runs} }}
	}
	right := s.rightly(ctx, stop)
	_, truth := s.exportedTruth(ctx, stop)
	return reported{[]string{"truth", "first vote", "time", "right", "second vote", "time", "right"}, func(cell classroom.RollCell) []any {
		line := []any{truth}
		for _, g := range cell.Guesses {
			if g.Round == 0 {
				line = append(line, nil, nil, nil)
				continue
			}
			_, said := exportedGuess(stop, g.Value)
			line = append(line, said, g.UpdatedAt, right(g))
		}
		return line
	}}
}

// rightly says of a guess whether it is right: "yes" or "no", nil where the truth is not known.
func (s *Pages) rightly(ctx context.Context, stop classroom.Stop) func(classroom.Guess) any {
	truth, known := s.truthWithin(ctx, stop)
	tolerance := 0.0
	if known {
		tolerance = s.tolerance(stop, truth)
		if !stop.Truth.None() && stop.Form != classroom.Choice {
			truth, known = stop.Scale(truth)
		}
	}
	return func(g classroom.Guess) any {
		switch {
		case !known:
			return nil
		case math.Abs(g.Value-truth) <= tolerance:
			return "yes"
		}
		return "no"
	}
}
