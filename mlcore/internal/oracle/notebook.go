package oracle

import "testing"

// Notebook is the notebook's second part at seed 0.
type Notebook struct {
	TrainFirst []Number `json:"train_first_20"`
	TrainLast  []Number `json:"train_last_20"`
	TestFirst  []Number `json:"test_first_20"`
	Labels     []int
	ConvWeight []Number `json:"conv1.weight"`
	ConvBias   []Number `json:"conv1.bias"`
	LinWeight  []Number `json:"linearization.weight_first_20"`
	LinBias    []Number `json:"linearization.bias"`
	Logits     []Number `json:"initial_logits_first_image"`
	Printed    []Number `json:"printed_losses"` // the 44 that the notebook shows
	Run        struct {
		Losses []Number // of all 100 steps
		Test   struct{ Loss, Accuracy Number }
	}
}

// ReadNotebook reads the notebook's numbers.
func ReadNotebook(t testing.TB) Notebook {
	t.Helper()
	var n Notebook
	Read(t, "notebook", &n)
	if len(n.Printed) != 44 || len(n.Run.Losses) != 100 {
		t.Fatalf("the notebook has %d printed losses of %d, want 44 of 100", len(n.Printed), len(n.Run.Losses))
	}
	return n
}
