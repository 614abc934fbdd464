package plan

import (
	"strconv"
	"strings"
	"sync"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/views"
)

// mostTypeset bounds how many texts are kept as they were set; a hall looks at one.
const mostTypeset = 500

// set keeps texts as they were typeset: a hall of phones is shown one at the same moment.
var set = struct {
	sync.Mutex
	texts map[string]string
}{texts: map[string]string{}}

// typeset converts a text as lessons.HTML does.
func typeset(text string) (string, error) {
	set.Lock()
	markup, found := set.texts[text]
	set.Unlock()
	if found {
		return markup, nil
	}
	markup, err := lessons.HTML(text)
	if err != nil {
		return "", err
	}
	set.Lock()
	defer set.Unlock()
	if len(set.texts) >= mostTypeset {
		clear(set.texts)
	}
	set.texts[text] = markup
	return markup, nil
}

// Heading is a title with its formulas typeset, "" where it has none, or is more than a line of text.
func Heading(title string) string {
	if !strings.ContainsAny(title, `$\\`) {
		return ""
	}
	markup, err := typeset(title)
	line, isLine := strings.CutPrefix(strings.TrimSpace(markup), "<p>")
	line, ends := strings.CutSuffix(line, "</p>")
	if err != nil || !isLine || !ends || strings.Contains(line, "<p>") || !strings.Contains(line, "<math ") {
		return ""
	}
	return line
}

// Notes are a teacher's own, with their formulas typeset; "" where they have none, or the rules refuse them.
func Notes(text string) string {
	if !strings.ContainsAny(text, `$\\`) {
		return ""
	}
	markup, err := typeset(text)
	if err != nil || !strings.Contains(markup, "<math ") {
		return ""
	}
	return markup
}

// Stage shows the public part of a class, but for what its time makes of it.
func (s Desk) Stage(p classroom.Public) views.ClassStage {
	view := views.ClassStage{
		Number: p.Number, Of: p.Of, Kind: string(p.Kind), Phase: string(p.Phase), Stop: p.Stop, Heading: p.Heading, Picture: p.Picture, Alt: p.Alt,
		Round: p.Round, EyesUp: p.EyesUp, Ended: p.Ended, Form: string(p.Form), Lab: s.Labs.Frame(p.Path, false), LabPage: p.Path, Runs: p.Runs,
	}
	view.OnStage = p.Staged
	if p.Text != "" {
		view.TextHTML, _ = typeset(p.Text) // it was looked at when it was kept; the rules of now may refuse it
	}
	view.HeadingHTML = Heading(p.Heading)
	for i, label := range p.Choices {
		view.Choices = append(view.Choices, views.ClassChoice{Value: strconv.Itoa(i), Letter: classroom.Letter(i), Label: label})
	}
	return view
}
