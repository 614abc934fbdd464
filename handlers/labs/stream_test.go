package labs

import (
	"testing"

	"gradlab/mlcore/experiment"
)

func TestTheNotebooksRunComesWithThePage(t *testing.T) {
	if cost := experiment.TrainTable().Default().Cost(); cost > cheapCost {
		t.Errorf("the notebook's run costs %.2g multiply-adds, more than %.2g", cost, float64(cheapCost))
	}
}
