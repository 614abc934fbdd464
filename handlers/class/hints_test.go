package class

import (
	"fmt"
	"testing"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/lessons"
)

// While one class hands in without end, another one's answers are read in turn.
func TestClassesAreReadInTurn(t *testing.T) {
	h := newHintReader(t.Context(), nil, nil, nil)
	h.reading = true // nobody takes them but this test
	library, err := lessons.Embedded(labs.All().Lessons())
	if err != nil {
		t.Fatal(err)
	}
	q, _ := library.Question("vanishing-gradient")
	for n := range 100 {
		h.want("flood", q, classroom.Answer{Member: fmt.Sprint(n), Revision: 1})
	}
	h.want("quiet", q, classroom.Answer{Member: "anna", Revision: 1})
	h.next()
	if u, ok := h.next(); !ok || u.class != "quiet" {
		t.Errorf("the second one read is of class %q, want the quiet one", u.class)
	}
}
