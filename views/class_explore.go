package views

// ClassExplored is what was submitted to an exploration, each different run once.
type ClassExplored struct {
	Goal, Says     string
	X, Y           string // what the axes are
	XTicks, YTicks []ClassTick
	Points         []ClassPoint
	Runs           []ClassRun
}

// A ClassTick is a number of an axis, at a place of the scatter.
type ClassTick struct {
	At    float64
	Label string
}

// A ClassPoint is a run in the scatter. One that diverged stands above it.
type ClassPoint struct {
	X, Y, Radius     float64
	Says             string
	Diverged, Staged bool
}

// A ClassRun is a run that was submitted so many times.
type ClassRun struct {
	Path, Label, Cost string
	Value             Text
	Times             int
	Staged            bool
}
