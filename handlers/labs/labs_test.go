package labs

import (
	"net/url"
	"os"
	"slices"
	"testing"
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
