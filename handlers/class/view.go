package class

import (
	"gradlab/classroom"
	"gradlab/views"
)

// classStage shows the public part of a class: what may be seen by everybody.
func (s *Pages) classStage(c classroom.Class, p classroom.Public) views.ClassStage {
	view := s.desk.Stage(p)
	view.Code, view.Closing = c.Code, closing(p)
	return view
}

// picked are the answers that the teacher shows, in the order in which they were picked.
func (s *Pages) picked(stop classroom.Stop, answers []classroom.Answer) []views.ClassPicked {
	var out []views.ClassPicked
	for _, member := range stop.Picked {
		for _, a := range answers {
			if a.Member == member && a.Stop == stop.ID {
				out = append(out, views.ClassPicked{Text: a.Text, Run: s.labs.Chip(a.Run)})
			}
		}
	}
	return out
}
