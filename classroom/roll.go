package classroom

import "fmt"

// A Roll is who is in a class, in the order in which they joined, and what each has handed in.
type Roll struct {
	Stops []Stop // that take something, in the order of the plan
	Rows  []RollRow
}

// A RollRow is a member and what they handed in, by the roll's stops.
type RollRow struct {
	Member
	Name  string // see Names
	Cells []RollCell
}

// A RollCell is what a member handed in at a stop; of what is not there the zero value.
type RollCell struct {
	Member  string // whose it is
	Guesses [Rounds]Guess
	Answer  Answer
	Mark    Mark
	Marked  bool
	Runs    int // submitted to an exploration
}

// In says whether anything was handed in.
func (c RollCell) In() bool {
	return c.Guesses != [Rounds]Guess{} || c.Answer.Revision > 0 || c.Runs > 0
}

// Attended is at how many of the roll's stops a member handed something in.
func (r RollRow) Attended() (n int) {
	for _, cell := range r.Cells {
		if cell.In() {
			n++
		}
	}
	return n
}

// Handed is what was handed in to a class, in any order.
type Handed struct {
	Guesses     []Guess
	Answers     []Answer
	Submissions []Submission
	Marks       []Mark
}

// Call puts down for each member of a class what they handed in. What is of somebody who has left is passed over.
func (c Class) Call(members []Member, handed Handed) Roll {
	var roll Roll
	for _, stop := range c.Plan {
		if stop.Kind == Predict || stop.Kind == Ask || stop.Kind == Explore {
			roll.Stops = append(roll.Stops, stop)
		}
	}
	column, row, names := map[string]int{}, map[string]int{}, Names(members)
	for i, stop := range roll.Stops {
		column[stop.ID] = i
	}
	for i, m := range members {
		row[m.ID] = i
		roll.Rows = append(roll.Rows, RollRow{Member: m, Name: names[m.ID], Cells: make([]RollCell, len(roll.Stops))})
		for j := range roll.Rows[i].Cells {
			roll.Rows[i].Cells[j].Member = m.ID
		}
	}
	put := func(stop, member string, do func(*RollCell)) {
		i, joined := row[member]
		if at, asked := column[stop]; joined && asked {
			do(&roll.Rows[i].Cells[at])
		}
	}
	for _, g := range handed.Guesses {
		put(g.Stop, g.Member, func(c *RollCell) { c.Guesses[g.Round-1] = g })
	}
	for _, a := range handed.Answers {
		put(a.Stop, a.Member, func(c *RollCell) { c.Answer = a })
	}
	for _, m := range handed.Marks {
		put(m.Stop, m.Member, func(c *RollCell) { c.Mark, c.Marked = m, true })
	}
	for _, sub := range handed.Submissions {
		put(sub.Stop, sub.Member, func(c *RollCell) { c.Runs++ })
	}
	return roll
}

// Names tells members apart: by their nicknames; of several with the same one by a number behind it, in the order of joining; one without
// a nickname by their place in it.
func Names(members []Member) map[string]string {
	all, taken := make(map[string]string, len(members)), make(map[string]int, len(members))
	for i, m := range members {
		name := m.Nickname
		if name == "" {
			name = fmt.Sprintf("Student %d", i+1)
		}
		base := name
		for taken[name] > 0 { // "Anna (2)" may be a nickname, too
			taken[base]++
			name = fmt.Sprintf("%s (%d)", base, taken[base])
		}
		taken[name]++
		all[m.ID] = name
	}
	return all
}
