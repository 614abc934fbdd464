package board

import (
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A SweepResult is a sweep as the API has it.
type SweepResult struct {
	SweepStart
	Points []SweepPoint `json:"points"`
}

// A SweepStart is what a sweep is about, before its points.
type SweepStart struct {
	Config map[string]any `json:"config"`
	Lines  []SweepLine    `json:"lines"`
	Depths []int          `json:"depths"`
	Of     int            `json:"of,omitempty"` // how many points will come; of a stream
}

// A SweepLine is one of the nets whose depth grows.
type SweepLine struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Residual bool   `json:"residual"`
}

// A SweepPoint is where a point stands, what was read, and the run that it was read from.
type SweepPoint struct {
	Point         int    `json:"point"`
	Line          string `json:"line"`
	Depth         int    `json:"depth"`
	FirstGradNorm Float  `json:"first_grad_norm"`
	Loss          Float  `json:"loss"`
	Train         string `json:"train"` // the run's page
	Diverged      bool   `json:"diverged,omitempty"`
}

// NewSweepStart describes a sweep.
func NewSweepStart(config experiment.Sweep, plan experiment.Plan) SweepStart {
	s := SweepStart{Config: experiment.SweepTable().JSON(config), Lines: make([]SweepLine, len(plan.Lines)), Depths: plan.Depths}
	for i, l := range plan.Lines {
		s.Lines[i] = SweepLine{l.ID, l.Name, l.Residual}
	}
	return s
}

// NewSweepPoint reads point i of a plan from the outcome of its run.
func NewSweepPoint(plan experiment.Plan, i int, o *experiment.Outcome) SweepPoint {
	p, reading := plan.Points[i], experiment.Read(o)
	return SweepPoint{
		Point: i, Line: plan.Lines[p.Line].ID, Depth: p.Depth,
		FirstGradNorm: Float{reading.Gradient, Bits(p.Run.DType)}, Loss: Float{reading.Loss, 64},
		Train: views.Href("/labs/train", p.Run.Query()), Diverged: reading.Diverged,
	}
}

// NewSweepResult reads the outcomes of a plan's points, in their order.
func NewSweepResult(config experiment.Sweep, outcomes []*experiment.Outcome) SweepResult {
	plan := config.Plan()
	r := SweepResult{SweepStart: NewSweepStart(config, plan), Points: make([]SweepPoint, len(outcomes))}
	for i, o := range outcomes {
		r.Points[i] = NewSweepPoint(plan, i, o)
	}
	return r
}

// NewSweepFacts is the result with every digit, since claims are computed with them.
func NewSweepFacts(config experiment.Sweep, outcomes []*experiment.Outcome) SweepResult {
	r := NewSweepResult(config, outcomes)
	for i := range r.Points {
		r.Points[i].FirstGradNorm.Bits = 64
	}
	return r
}
