package experiment

import (
	"math"
	"slices"
	"strings"
)

// A Line is one series of a sweep: the same net at several depths. Of a grid it is one cell.
type Line struct {
	ID       string // "plain" or "residual", then what tells the line from others: "plain-relu"
	Name     string // in words, short
	Residual bool   // its nets have skips
	Run      Train  // without its depth: the changes that make the line
}

// A Point is one run of a sweep, and where it stands.
type Point struct {
	Line  int // in the plan
	Depth int // on the axis: hidden layers (mlp), extra layers (notebook), weighted layers (deep)
	Run   Train
}

// A Plan lists the runs of a sweep, the shallow nets first.
type Plan struct {
	Lines  []Line
	Depths []int // on the axis
	Points []Point
}

// Cost estimates the multiply-adds of all runs; see [Train.Cost].
func (p Plan) Cost() float64 {
	sum := 0.0
	for _, point := range p.Points {
		sum += point.Run.Cost()
	}
	return sum
}

// A remedy is one change to a net that may keep its gradient alive.
type remedy struct {
	value, name string
	kind        func(*Train) *string // the field that it sets: remedies with the same one exclude each other
}

func ofActivation(c *Train) *string { return &c.Activation }
func ofInit(c *Train) *string       { return &c.Init }
func ofNorm(c *Train) *string       { return &c.Norm }
func ofSkip(c *Train) *string       { return &c.Skip }

// remedies are what each net can be given.
var remedies = map[string][]remedy{
	"mlp": {
		{"relu", "ReLU", ofActivation}, {"selu", "SELU", ofActivation},
		{"xavier_normal", "Xavier", ofInit}, {"kaiming_normal", "Kaiming", ofInit},
		{"batch", "batch norm", ofNorm}, {"layer", "layer norm", ofNorm},
		{"identity", "identity skip", ofSkip}, {"rezero", "ReZero", ofSkip}, {"highway", "highway", ofSkip},
	},
	"notebook": {
		{"relu", "ReLU", ofActivation}, {"leaky_relu", "leaky ReLU", ofActivation}, {"selu", "SELU", ofActivation}, {"identity", "identity skip", ofSkip},
	},
	"deep": {
		{"leaky_relu", "leaky ReLU", ofActivation}, {"selu", "SELU", ofActivation},
		{"batch", "batch norm", ofNorm}, {"group", "group norm", ofNorm},
		{"A", "skip A", ofSkip}, {"B", "skip B", ofSkip}, {"C", "skip C", ofSkip},
	},
}

// Choices are the remedies that the sweep's net can be given, in order.
func (c Sweep) Choices() []Option {
	var out []Option
	for _, r := range remedies[c.net()] {
		out = append(out, Option{r.value, r.name})
	}
	return out
}

// Chosen says whether a remedy is among the sweep's.
func (c Sweep) Chosen(value string) bool {
	return slices.Contains(strings.Split(c.Remedies, ","), value)
}

// Plan lists the runs. Lines that would repeat an earlier one, such as the remedy ReLU for a net that has it, are left out.
func (c Sweep) Plan() Plan {
	plan := Plan{Lines: c.lines()}
	for _, step := range c.depths() {
		depth := step
		if c.deep() {
			depth = 6*step + 2
		}
		plan.Depths = append(plan.Depths, depth)
		for i, line := range plan.Lines {
			run := line.Run
			if c.deep() {
				run.N = step
			} else {
				run.Depth = step
			}
			plan.Points = append(plan.Points, Point{Line: i, Depth: depth, Run: run})
		}
	}
	return plan
}

// depths are the sizes of the nets: blocks a stage of the deep net, layers of the others.
func (c Sweep) depths() []int {
	if c.Show == "grid" {
		return []int{c.N}
	}
	var out []int
	for k := range c.Points {
		step := math.Round(float64(c.Depth) * float64(k+1) / float64(c.Points)) // 5, 10, 15 …
		if c.deep() {                                                           // from one block to the deepest: 1, 3, 5 …
			step = math.Round(1 + float64(c.N-1)*float64(k)/float64(max(c.Points-1, 1)))
			if c.Points == 1 {
				step = float64(c.N)
			}
		}
		if d := max(1, int(step)); !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// lines are the nets to compare.
func (c Sweep) lines() []Line {
	base := c.base()
	switch c.Show {
	case "loss":
		residual := base
		base.Skip, residual.Skip = "none", c.Skip
		return []Line{{ID: "plain", Name: "plain", Run: base}, {ID: "residual", Name: "residual", Residual: true, Run: residual}}
	case "grid":
		var cells []Line
		for _, norm := range []string{"none", c.Norm} {
			for _, skip := range []string{"none", c.Skip} {
				cell := base
				cell.Norm, cell.Skip = norm, skip
				line := Line{ID: "plain-" + norm, Name: "no skip, ", Run: cell, Residual: skip != "none"}
				if line.Residual {
					line.ID, line.Name = "residual-"+norm, "skip, "
				}
				line.Name += map[bool]string{true: "no norm", false: norm + " norm"}[norm == "none"]
				cells = append(cells, line)
			}
		}
		return cells
	}
	lines := []Line{{ID: "plain", Name: "no remedy", Run: base}}
	add := func(value, name string, run Train) {
		if slices.ContainsFunc(lines, func(l Line) bool { return l.Run == run }) {
			return
		}
		line := Line{ID: "plain-" + value, Name: name, Residual: run.Residual(), Run: run}
		if line.Residual {
			line.ID = "residual-" + value
		}
		lines = append(lines, line)
	}
	all, chosen := base, 0
	for _, r := range remedies[c.net()] {
		if !c.Chosen(r.value) {
			continue
		}
		run := base
		*r.kind(&run), *r.kind(&all) = r.value, r.value
		add(r.value, r.name, run)
		chosen++
	}
	if c.Together == "yes" && chosen > 1 {
		add("together", "all together", all)
	}
	return lines
}

// base is a run of the sweep without a skip, its depth left open. A gradient takes one step, on one batch: of garments,
// or of noise for the notebook's net.
func (c Sweep) base() Train {
	run := runDefault(c.net())
	run.Activation, run.Skip, run.Batch, run.Seed = c.Activation, "none", c.Batch, c.Seed
	if c.net() == "mlp" {
		run.Width, run.Init = c.Width, c.Init
	}
	if c.net() == "deep" {
		run.Channels = c.Channels
	}
	if c.net() != "notebook" {
		run.Norm = c.Norm
	}
	if c.gradient() {
		run.Count, run.Steps, run.DType = c.Batch, 1, c.DType
		return run
	}
	run.Order, run.Count, run.Steps, run.Optimizer, run.LR = c.Order, c.Count, c.Steps, c.Optimizer, c.LR
	return run
}

// A Reading is what a sweep takes from one run.
type Reading struct {
	Gradient float64 // L2 norm of the first weighted layer's weight gradient at the first step, before any update
	Loss     float64 // mean training loss of the last [Tail] steps; NaN where the run diverged
	Diverged bool
}

// Tail is how many steps at the end of a run its loss is the mean of: one batch alone jumps about.
const Tail = 16

// Read takes a reading of a finished run.
func Read(o *Outcome) Reading {
	last := o.Steps[len(o.Steps)-1]
	r := Reading{Gradient: o.Steps[0].GradNorms[0], Diverged: last.Diverged}
	if r.Diverged {
		r.Loss = math.NaN()
		return r
	}
	tail := o.Steps[max(0, len(o.Steps)-Tail):]
	for _, s := range tail {
		r.Loss += s.Loss / float64(len(tail))
	}
	return r
}
