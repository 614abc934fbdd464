package labs

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

// What a lab says of itself is so: its files are there, the controls that it names are its fields, and its truths are in its facts.
func TestLabsAreWhole(t *testing.T) {
	for _, l := range All() {
		for _, file := range []string{"../../static/js/" + l.Script, "../../static/css/" + l.Sheet + ".css"} {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %v", l.Name, err)
			}
		}
		names, errs := l.controls(url.Values{})
		if errs != nil {
			t.Errorf("%s: an empty query is no page: %v", l.Name, errs)
		}
		for _, hand := range l.Hand {
			if !slices.Contains(names, hand) {
				t.Errorf("%s: has no control %q for a class", l.Name, hand)
			}
		}
		for _, truth := range l.Truths {
			c, err := All().Lessons().ParseComputation(l.Name + " " + truth.Path)
			if err != nil {
				t.Errorf("%s: %v", l.Name, err)
			}
			if of, found := l.Truth(truth.Path, truth.Lower); !found || of != truth {
				t.Errorf("%s: the truth %q is not found again", l.Name, truth.Path)
			}
			_, _, twins := l.Twins(url.Values{})
			_, _, deeper := l.Twins(url.Values{"depth": {"1"}}) // the notebook's own net has no layer to skip
			if truth.Lower && !twins && !deeper {
				t.Errorf("%s: asks for the lower twin, and has none", l.Name)
			}
			if c.Cost() > 0 {
				continue
			}
			if _, err := c.Compute(t.Context(), nil); err != nil {
				t.Errorf("%s: %v", l.Name, err)
			}
		}
	}
}

// Whatever a field of a run does not accept is refused at this field, in words that say what it does accept: a number out of its range
// or none at all, a choice that is not there, nothing. So is a parameter that nobody knows.
func TestWhatAFieldRefusesIsSaidThere(t *testing.T) {
	tried := 0
	for _, l := range All() {
		for _, e := range append([]Experiment{l.Experiment}, l.More...) {
			groups := e.Doc.Fields
			if len(groups) == 0 {
				groups = l.Doc.Fields
			}
			for _, g := range groups {
				fields, _ := e.Run(g.Query)
				for _, f := range fields {
					for _, bad := range refused(f) {
						query := maps.Clone(g.Query)
						if query == nil {
							query = url.Values{}
						}
						query.Set(f.Name, bad)
						_, errs := e.Run(query)
						if says := errs[f.Name]; !strings.Contains(says, f.Range()) && !strings.Contains(says, "is empty") {
							t.Errorf("%s?%s: %v lacks %q", e.Name, query.Encode(), errs, f.Range())
						}
						tried++
					}
				}
			}
			if _, errs := e.Run(url.Values{"no-such": {"1"}}); errs["no-such"] == "" {
				t.Errorf("%s takes a parameter that nobody knows", e.Name)
			}
		}
	}
	if tried < 400 {
		t.Errorf("only %d values were tried", tried)
	}
}

// refused are values that a field must not accept.
func refused(f experiment.Field) []string {
	switch f.Kind {
	case experiment.Integer:
		return []string{"", "abc", "2.5", fmt.Sprintf("%.0f", f.Min-1), fmt.Sprintf("%.0f", f.Max+1)}
	case experiment.Real:
		return []string{"", "abc", "NaN", fmt.Sprint(f.Min - 1), fmt.Sprint(f.Max * 1.01)}
	case experiment.Choice:
		return []string{"", "no-such-choice"}
	}
	return nil
}
