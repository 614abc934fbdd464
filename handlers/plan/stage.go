package plan

import (
	"strconv"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/views"
)

// Stage shows the public part of a class, but for what its time makes of it.
func (s Desk) Stage(p classroom.Public) views.ClassStage {
	view := views.ClassStage{
		Number: p.Number, Of: p.Of, Kind: string(p.Kind), Phase: string(p.Phase), Stop: p.Stop, Heading: p.Heading, Picture: p.Picture, Alt: p.Alt,
		Round: p.Round, Ended: p.Ended, Form: string(p.Form), Lab: s.Labs.Frame(p.Path, false), LabPage: p.Path, Runs: p.Runs,
	}
	if p.Text != "" {
		view.TextHTML, _ = lessons.HTML(p.Text) // it was looked at when it was kept; the rules of now may refuse it
	}
	for i, label := range p.Choices {
		view.Choices = append(view.Choices, views.ClassChoice{Value: strconv.Itoa(i), Letter: classroom.Letter(i), Label: label})
	}
	return view
}
