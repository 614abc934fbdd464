package classroom

import "time"

// An Attendance is that a member's page was open while a stop was shown: from First to Last at least.
type Attendance struct {
	Member, Stop string
	First, Last  time.Time
}

// A Stay is when a member was in a class, and at which stops.
type Stay struct {
	First, Last time.Time
	At          map[string]bool // by the stop's id
}

// Stays are those of the members of a class, by id. Who handed something in at a stop was there, too.
func (c Class) Stays(members []Member, seen []Attendance, handed Handed) map[string]*Stay {
	all := make(map[string]*Stay, len(members))
	for _, m := range members {
		all[m.ID] = &Stay{First: m.JoinedAt, Last: m.JoinedAt, At: map[string]bool{}}
	}
	put := func(member, stop string, times ...time.Time) {
		stay := all[member]
		if stay == nil { // who has left
			return
		}
		stay.At[stop] = true
		for _, t := range times {
			if t.Before(stay.First) {
				stay.First = t
			}
			if t.After(stay.Last) {
				stay.Last = t
			}
		}
	}
	for _, a := range seen {
		put(a.Member, a.Stop, a.First, a.Last)
	}
	for _, g := range handed.Guesses {
		put(g.Member, g.Stop, g.UpdatedAt)
	}
	for _, a := range handed.Answers {
		put(a.Member, a.Stop, a.UpdatedAt)
	}
	for _, sub := range handed.Submissions {
		put(sub.Member, sub.Stop, sub.UpdatedAt)
	}
	return all
}

// There is at how many stops of the plan the member was.
func (s Stay) There(plan []Stop) (n int) {
	for _, stop := range plan {
		if s.At[stop.ID] {
			n++
		}
	}
	return n
}
