package labs_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"gradlab/handlers/labs"
	"gradlab/lessons"
	"gradlab/lessons/katex"
	"gradlab/mlcore/experiment"
)

// Our own content has no fault that the checker of folders finds; what needs training is tested beside the claims.
func TestOwnContentHasNoFault(t *testing.T) {
	source, err := os.ReadFile("../../static/vendor/katex/katex.min.js")
	if err != nil {
		t.Fatal(err)
	}
	checker, err := katex.New(string(source))
	if err != nil {
		t.Fatal(err)
	}
	library, err := lessons.Embedded(labs.All().Lessons())
	if err != nil {
		t.Fatal(err)
	}
	typeset := 0
	library.Check(t.Context(), never, 0, func(tex string, display bool) error {
		typeset++
		return checker.Check(tex, display)
	}, func(fault string) { t.Error(fault) })
	if typeset < 100 {
		t.Errorf("%d formulas were typeset, want the hundred and more of lessons and model answers", typeset)
	}
}

func never(context.Context, experiment.Train) (*experiment.Outcome, error) {
	return nil, errors.New("a quick check must not train")
}
