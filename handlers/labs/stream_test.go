package labs

import (
	"testing"

	"gradlab/mlcore/experiment"
)

func TestOrdinals(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestTheNotebooksRunComesWithThePage(t *testing.T) {
	if cost := experiment.TrainTable().Default().Cost(); cost > cheapCost {
		t.Errorf("the notebook's run costs %.2g multiply-adds, more than %.2g", cost, float64(cheapCost))
	}
}
