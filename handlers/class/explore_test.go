package class

import (
	"math"
	"testing"

	"gradlab/classroom"
	"gradlab/mlcore/experiment"
)

// A run comes to its loss or its gradient, and to nothing where it diverged or the number has no place among others.
func TestGoalValue(t *testing.T) {
	for _, c := range []struct {
		goal classroom.Goal
		r    experiment.Reading
		want float64
	}{
		{classroom.LowestLoss, experiment.Reading{Gradient: 3, Loss: 0.5}, 0.5},
		{classroom.LargestGradient, experiment.Reading{Gradient: 3, Loss: 0.5}, 3},
		{classroom.LargestGradient, experiment.Reading{Gradient: 3, Diverged: true}, math.NaN()},
		{classroom.LargestGradient, experiment.Reading{Gradient: math.Inf(1)}, math.NaN()},
	} {
		if got := goalValue(c.goal, c.r); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s of %+v is %v, want %v", c.goal, c.r, got, c.want)
		}
	}
}
