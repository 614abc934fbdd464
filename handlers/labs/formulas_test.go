package labs_test

import (
	"context"
	"errors"
	"testing"

	"gradlab/mlcore/experiment"
)

// Our own content has no fault that the checker of folders finds; what needs training is tested beside the claims.
func TestOwnContentHasNoFault(t *testing.T) {
	library, err := content()
	if err != nil {
		t.Fatal(err)
	}
	library.Check(t.Context(), never, 0, func(fault string) { t.Error(fault) })
	if typeset := len(library.Formulas()); typeset < 100 {
		t.Errorf("%d formulas were typeset, want the hundred and more of lessons and model answers", typeset)
	}
}

func never(context.Context, experiment.Run) (*experiment.Outcome, error) {
	return nil, errors.New("a quick check must not train")
}
