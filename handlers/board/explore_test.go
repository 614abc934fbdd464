package board

import (
	"testing"

	"gradlab/classroom"
)

// An exploration says of how many steps the loss is the mean: as many as the runs have.
func TestLossOfHowManySteps(t *testing.T) {
	length := map[string]int{"start": 8, "8": 8, "40": 40, "16": 16, "1": 1, "unknown": 0}
	for _, c := range []struct {
		start  string
		runs   []string
		goal   string
		axis   string
		budget float64
	}{
		{"start", nil, "Find the lowest mean loss of all 8 steps.", "mean loss of all 8 steps", 0},
		{"start", []string{"8", "8"}, "Find the lowest mean loss of all 8 steps, with at most 1·10⁹ multiply-adds.", "mean loss of all 8 steps", 1e9},
		{"start", []string{"40"}, "Find the lowest mean loss of the last 16 steps, or of all where a run has fewer.", "mean loss of the last 16 steps", 0},
		{"40", []string{"40", "16"}, "Find the lowest mean loss of the last 16 steps.", "mean loss of the last 16 steps", 0},
		{"40", []string{"40", "8"}, "Find the lowest mean loss of the last 16 steps, or of all where a run has fewer.", "mean loss of the last 16 steps, or of all where a run has fewer", 0},
		{"1", []string{"1"}, "Find the lowest mean loss of the only step.", "mean loss of the only step", 0},
		{"unknown", nil, "Find the lowest mean loss of the last 16 steps.", "mean loss of the last 16 steps", 0},
	} {
		var all []classroom.Submission
		for _, run := range c.runs {
			all = append(all, classroom.Submission{Run: run, Cost: 1, Scored: true, Value: 1})
		}
		got := Explored(classroom.Stop{Goal: classroom.LowestLoss, Path: c.start, Budget: c.budget}, all, func(run string) string { return run }, func(path string) int { return length[path] })
		if got.Goal != c.goal || got.Y != c.axis {
			t.Errorf("%s, %v: %q and %q, want %q and %q", c.start, c.runs, got.Goal, got.Y, c.goal, c.axis)
		}
	}
}
