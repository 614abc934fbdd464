package board

import (
	"fmt"
	"time"

	"gradlab/classroom"
	"gradlab/views"
)

// RollCell is what a student handed in at a stop: a mark or a few characters, and the same in words where the mark alone does not say it.
func RollCell(stop classroom.Stop, cell classroom.RollCell) views.PeopleCell {
	switch {
	case !cell.In():
		return views.PeopleCell{}
	case stop.Kind == classroom.Ask && cell.Marked && cell.Mark.Points() != "":
		return views.PeopleCell{Mark: views.T("✓ " + cell.Mark.Points()), Says: "answered, marked with " + cell.Mark.Points()}
	case stop.Kind == classroom.Ask:
		return views.PeopleCell{Mark: views.T("✓"), Says: "answered"}
	case stop.Kind == classroom.Explore:
		return views.PeopleCell{Mark: views.T(Counted(cell.Runs, "run"))}
	}
	var votes views.Text
	for _, g := range cell.Guesses {
		if g.Round == 0 {
			continue
		}
		if votes != nil {
			votes = views.Join(votes, views.T(" → "))
		}
		if stop.Form == classroom.Choice {
			votes = views.Join(votes, views.T(classroom.Letter(int(g.Value))))
		} else {
			votes = views.Join(votes, GuessWords(stop, g.Value))
		}
	}
	return views.PeopleCell{Mark: votes}
}

// Hands are the hands that are up in a class, in the order in which they were raised.
func Hands(c classroom.Class, members []classroom.Member, now time.Time) views.ClassHands {
	view, names := views.ClassHands{Code: c.Code}, classroom.Names(members)
	for i, m := range classroom.Raised(members) {
		up := max(now.Sub(m.HandAt), 0)
		view.Up = append(view.Up, views.ClassHandUp{
			Member: m.ID, Name: names[m.ID], Place: i + 1, Key: fmt.Sprintf("%s-%d", m.ID, m.HandAt.UnixMilli()), For: up.Milliseconds(), Long: longWords(up), Away: !m.Here,
		})
	}
	return view
}

// longWords say how long a hand is up, as the script does that counts on.
func longWords(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case minutes < 1:
		return "just now"
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	default:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	}
}

// People is who is in a class and what each has handed in: the page of so many of them that was asked for, counted from 1, or the nearest.
func People(c classroom.Class, roll classroom.Roll, page, of int, now time.Time) views.ClassPeople {
	view, over := views.ClassPeople{Code: c.Code, Title: c.Title, Joined: len(roll.Rows), Takes: len(roll.Stops)}, c.Ended(now)
	column, members := map[string]int{}, make([]classroom.Member, len(roll.Rows))
	for i, stop := range roll.Stops {
		column[stop.ID] = i
	}
	for i, row := range roll.Rows {
		members[i] = row.Member
		view.Names = append(view.Names, row.Name)
		if row.Here {
			view.Here++
		}
	}
	place := map[string]int{}
	view.Hands = views.ClassHands{Code: c.Code}
	if !over {
		view.Hands = Hands(c, members, now)
	}
	for _, hand := range view.Hands.Up {
		place[hand.Member] = hand.Place
	}
	for i, stop := range c.Plan {
		head := views.PeopleStop{ID: stop.ID, Number: i + 1, Title: stop.Title, Now: i == c.Current && !over}
		var at int
		if at, head.Takes = column[stop.ID]; head.Takes {
			for _, row := range roll.Rows {
				if row.Cells[at].In() {
					head.In++
				}
			}
		}
		view.Stops = append(view.Stops, head)
	}
	view.Pages = max(1, (len(roll.Rows)+of-1)/of)
	view.Page = min(max(page, 1), view.Pages)
	view.Hands.Page = view.Page
	for _, row := range roll.Rows[(view.Page-1)*of : min(view.Page*of, len(roll.Rows))] {
		line := views.PeopleRow{
			Member: row.ID, Name: row.Name, Nickname: row.Nickname, Here: row.Here, Away: row.AwayAt, Joined: row.JoinedAt, Attended: row.Attended(), Hand: place[row.ID],
		}
		if row.Here && !over {
			line.Branched = row.BranchedAt
		}
		for _, stop := range c.Plan {
			var cell views.PeopleCell
			if at, takes := column[stop.ID]; takes {
				cell = RollCell(stop, row.Cells[at])
				cell.Takes = true
			}
			cell.Branched = !line.Branched.IsZero() && stop.ID == row.Branch
			line.Cells = append(line.Cells, cell)
		}
		view.Rows = append(view.Rows, line)
	}
	return view
}
