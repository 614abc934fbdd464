// Package labs holds the labs. Each is one value, a [Lab], in a file of its own: chain.go, train.go, sweep.go and so on. It
// says how its address is read, what it computes, shows and exports, and what lessons and classes may ask of it. Whatever the
// site does with labs ranges over [All]: routes, navigation, embedding, the API and its page, exports, the labs and predictions
// of lessons, the stages and truths of classes, runs that stand beside an answer.
//
// docs/adding-a-lab.md says how another one comes in.
package labs

import (
	"net/url"
	"slices"
	"strings"

	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// Labs are the labs of a site, in the order in which every page names them.
type Labs []Lab

// All are our labs.
func All() Labs {
	return Labs{chain(), train(), sweep(), kernels(), blocks(), barcode(), stream(), transformer()}
}

// Named finds a lab by its name.
func (all Labs) Named(name string) (Lab, bool) {
	i := slices.IndexFunc(all, func(l Lab) bool { return l.Name == name })
	if i < 0 {
		return Lab{}, false
	}
	return all[i], true
}

// At finds the lab of an address of this site, such as /labs/chain?depth=3, and the address's query. It is false where the
// address leads elsewhere, or cannot be read.
func (all Labs) At(address string) (Lab, url.Values, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return Lab{}, nil, false
	}
	name, is := strings.CutPrefix(u.Path, "/labs/")
	l, found := all.Named(name)
	return l, u.Query(), is && found
}

// Showing is the address where the run of an experiment can be seen.
func (all Labs) Showing(name string, query url.Values) string {
	i := slices.IndexFunc(all, func(l Lab) bool {
		return l.Name == name || slices.ContainsFunc(l.More, func(e Experiment) bool { return e.Name == name })
	})
	if i < 0 {
		return ""
	}
	return all[i].href(query)
}

// Lessons are the labs as lessons know them, and what else lessons may compute.
func (all Labs) Lessons() lessons.Experiments {
	var known, more lessons.Experiments
	for _, l := range all {
		e := l.lesson()
		e.Page = l.controls
		known = append(known, e)
		for _, e := range l.More {
			if e.Facts != nil {
				more = append(more, e.lesson())
			}
		}
	}
	return append(known, more...)
}

// Views are the labs as navigation and cards name them.
func (all Labs) Views() []views.Lab {
	cards := make([]views.Lab, len(all))
	for i, l := range all {
		cards[i] = views.Lab{Section: l.Name, Name: l.Menu, Title: l.Title, Text: l.Text, Start: l.Start, Sheet: l.Sheet}
	}
	return cards
}

func (l Lab) href(query url.Values) string { return views.Href("/labs/"+l.Name, query) }

// everyPart are the parts that each lab has: the settings behind "More", the table of numbers, and the line below the board.
var everyPart = []string{"more", "numbers", "foot"}

// controls are the names that an embedded page may list in a state.
func (l Lab) controls(query url.Values) ([]string, experiment.FieldErrors) {
	p := l.Page(query)
	names := slices.Concat(everyPart, l.Parts)
	for _, f := range p.Fields {
		names = append(names, f.Name)
	}
	return names, p.Errs
}
