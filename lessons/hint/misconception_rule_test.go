package hint_test

import (
	"testing"

	"gradlab/lessons/hint"
)

// A misconception holds for its sentence, or for the whole answer where it says so, and not where it is denied.
func TestMisconceptions(t *testing.T) {
	r, err := hint.ParseRubric([]byte(`
concepts:
  degradation: [(degradation)]
  depth: [(deeper)]
misconceptions:
  any: [(always)]
  degradation: ["(degradation) > +(is) > +(vanishing)", "@next (vanish) > (this caused) > (degradation)"]
  depth: ["@answer (shallower) > (better)"]
`), "", []string{"degradation", "depth"})
	if err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string][2]bool{
		"Degradation is the vanishing gradient.":                         {false, false},
		"Degradation is not the vanishing gradient.":                     {true, false},
		"Gradients vanished. This caused degradation.":                   {false, false},
		"Gradients vanished. There is rain. This caused degradation.":    {true, false},
		"Deeper is always worse, and so is degradation.":                 {false, false},
		"Degradation is the vanishing gradient. Degradation is measured": {true, false},
		"Deeper is worse. A shallower net is better.":                    {false, false},
		"Deeper is worse.": {false, true},
	} {
		for i, f := range r.Find(answer) {
			if f.Found != want[i] {
				t.Errorf("%q: %s found %v, want %v", answer, f.ID, f.Found, want[i])
			}
		}
	}
	if _, err := hint.ParseRubric([]byte("misconceptions: {width: [(wide)]}"), "", []string{"depth"}); err == nil {
		t.Error("a misconception of what is no concept is taken")
	}
}
