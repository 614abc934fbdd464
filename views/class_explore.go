package views

// ClassExplored is what was submitted to an exploration, each different run once.
type ClassExplored struct {
	Goal, Says     string
	X, Y           string // what the axes are
	XTicks, YTicks []ClassTick
	Points         []ClassPoint
	Runs           []ClassRun // the newest first; not all, where there are very many
	Different      int        // how many runs there are
	Computed       int        // how many of what was submitted are computed
	RankedBy       string     // "" where no ranking is asked for
	Ranked         []ClassRun
}

// A ClassTick is a number of an axis, at a place of the scatter.
type ClassTick struct {
	At    float64
	Label string
}

// A ClassPoint is a run in the scatter. One that diverged stands above it.
type ClassPoint struct {
	X, Y, Radius     float64
	Says, Path       string
	Diverged, Staged bool
}

// A ClassRun is a run that was submitted so many times.
type ClassRun struct {
	Path, Label, Cost string
	Value             Text
	Times             int
	Staged            bool
}
