package labs

import (
	"net/url"
	"slices"
	"strings"

	"gradlab/views"
)

// Chip shows a run that stands beside an answer: the address of a lab. It is nil where there is none.
func (all Labs) Chip(run string) *views.Run {
	u, err := url.Parse(run)
	if run == "" || err != nil {
		return nil
	}
	l, query, _ := all.At(run)
	chip := &views.Run{Href: run, Label: l.Noun}
	var settings []string
	for name, values := range query {
		if len(values[0]) <= 20 { // a drawn picture says nothing in letters
			settings = append(settings, name+" "+values[0])
		}
	}
	slices.Sort(settings)
	if len(settings) > 0 {
		chip.Label += ": " + strings.Join(settings, ", ")
	}
	if l.Picture != nil {
		chip.Image = "/labs/" + l.Name + "/picture.svg?" + u.RawQuery
	}
	return chip
}
