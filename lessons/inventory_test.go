package lessons

import (
	"slices"
	"testing"
)

// The two forms ask for the same things in the same order.
func TestInventoryIsParallel(t *testing.T) {
	forms := library(t).Inventory()
	if len(forms) != 2 {
		t.Fatal("no two forms")
	}
	ids := func(l Lesson) (all []string) {
		for _, p := range l.Predicts() {
			all = append(all, p.ID)
		}
		return all
	}
	before, after := ids(forms[0]), ids(forms[1])
	if len(before) != 10 || !slices.Equal(before, after) || !slices.EqualFunc(forms[0].Contents, forms[1].Contents, func(a, b Heading) bool { return a.Text == b.Text }) {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestGain(t *testing.T) {
	for _, row := range []struct {
		before, after, want float64
		ok                  bool
	}{{0.4, 0.7, 0.5, true}, {0, 1, 1, true}, {0.5, 0.5, 0, true}, {0.5, 0, -1, true}, {1, 1, 0, false}} {
		if got, ok := Gain(row.before, row.after); got-row.want > 1e-12 || row.want-got > 1e-12 || ok != row.ok {
			t.Errorf("%v to %v: got %v, %v", row.before, row.after, got, ok)
		}
	}
}
