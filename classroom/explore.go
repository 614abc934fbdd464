package classroom

import (
	"math"
	"time"
)

// A Goal is what the runs of an exploration are to reach.
type Goal string

// The goals.
const (
	LowestLoss      Goal = "loss"     // the mean training loss of the last steps
	LargestGradient Goal = "gradient" // the first layer's weight gradient, at the first step: its L2 norm
)

// MaxSubmissions is how many different runs a member may submit to a stop.
const MaxSubmissions = 10

// A Submission is a run that a member submitted.
type Submission struct {
	Stop, Member string
	Run          string  // a lab of this site with its query; equal runs are equal texts
	Cost         float64 // multiply-adds
	Scored       bool    // the run is computed
	Value        float64 // by the stop's Goal; NaN where the run diverged, or is not computed
	UpdatedAt    time.Time
}

// Diverged says that a run was computed and has no value.
func (s Submission) Diverged() bool { return s.Scored && math.IsNaN(s.Value) }

// checkExploration is Checked of an exploration. Whether the lab at Path trains one run, and within Budget, is for the caller to know.
func (s Stop) checkExploration() error {
	switch {
	case s.Path == "":
		return at("path", refuse("give the lab to start from"))
	case s.Goal != LowestLoss && s.Goal != LargestGradient:
		return at("goal", refuse("say what the runs are to reach"))
	case math.IsNaN(s.Budget) || math.IsInf(s.Budget, 0) || s.Budget < 0:
		return at("budget", refuse("the budget is a number of multiply-adds, such as 2e9"))
	}
	return nil
}
