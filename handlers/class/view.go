package class

import (
	"strconv"

	"gradlab/classroom"
	"gradlab/views"
)

// classStage shows the public part of a class: what may be seen by everybody.
func (s *Pages) classStage(c classroom.Class, p classroom.Public) views.ClassStage {
	view := views.ClassStage{
		Code: c.Code, Number: p.Number, Of: p.Of, Kind: string(p.Kind), Phase: string(p.Phase), Stop: p.Stop, Heading: p.Heading,
		Ended: p.Ended, Form: string(p.Form), Lab: s.labs.Frame(p.Path, false), LabPage: p.Path, Runs: p.Runs, Closing: closing(p),
	}
	for i, label := range p.Choices {
		view.Choices = append(view.Choices, views.ClassChoice{Value: strconv.Itoa(i), Label: label})
	}
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
