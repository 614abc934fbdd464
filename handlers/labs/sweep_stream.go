package labs

import (
	"net/http"
	"strconv"
	"time"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// progressTime is the least time between two words on how far a sweep is.
const progressTime = 250 * time.Millisecond

// streamSweep computes a sweep while the reader listens. Events are
//
//	start    {config, lines, depths, of}   what will come
//	queued   {place, message}              no run of the sweep trains; told again when the place changes
//	progress {known, of, share}            share of the work that is done, 0 to 1; four times a second at most
//	point    {point, line, depth, first_grad_norm, loss, train}   one run's reading, in the order of the plan
//	done     {of}                          the stream ends
//	failed   {error}                       the stream ends
//
// The id of a point says how many points the reader has; see streamTrain. A reader who hangs up parks the runs.
func streamSweep(s *Site, w http.ResponseWriter, r *http.Request) error {
	query, after := goOn(r)
	config, errs := experiment.ParseSweep(query)
	if errs == nil {
		errs = s.Runs.over(points(query))
	}
	if errs != nil {
		return web.BadQuery(errs)
	}
	have, err := parseEventID(after)
	if err != nil {
		return err
	}
	plan := config.Plan()
	group := s.Runs.followAll(r.Context(), points(query))
	defer group.Close()
	f := newSweepFeed(config, plan, have["points"])
	return s.Play(w, r, func(out *web.Events) ([]<-chan struct{}, error) { return f.advance(out, group.Look(), time.Now()) })
}

// sweepFeed is what one reader of a sweep has been told.
type sweepFeed struct {
	config  experiment.Sweep
	plan    experiment.Plan
	runs    []experiment.Train // by point
	sent    int                // points
	place   int                // in the queue
	started bool
	told    time.Time // the last progress
}

func newSweepFeed(config experiment.Sweep, plan experiment.Plan, sent int) *sweepFeed {
	return &sweepFeed{config: config, plan: plan, runs: runsOf(plan), sent: sent}
}

// advance writes what is new, and returns what to wait for: nothing when all is said.
func (f *sweepFeed) advance(out *web.Events, v runner.GroupView, now time.Time) ([]<-chan struct{}, error) {
	if v.Err != nil {
		return nil, v.Err
	}
	of := len(f.plan.Points)
	if !f.started {
		f.started = true
		start := board.NewSweepStart(f.config, f.plan)
		start.Of = of
		out.Send("start", "", start)
	}
	if v.Place > 0 && v.Place != f.place {
		out.Send("queued", "", queuedEvent{Place: v.Place, Message: board.Waiting(v.Place, false, false)})
	}
	f.place = v.Place
	for f.sent < of && v.Outcomes[f.sent] != nil {
		point := board.NewSweepPoint(f.plan, f.sent, v.Outcomes[f.sent])
		f.sent++
		out.Send("point", "points="+strconv.Itoa(f.sent), point)
	}
	if f.sent >= of {
		out.Send("done", "", sweptEvent{of})
		return nil, nil
	}
	if now.Sub(f.told) >= progressTime {
		f.told = now
		out.Send("progress", "", progressEvent{f.sent, of, shareOf(f.runs, v)})
	}
	return []<-chan struct{}{v.Changed}, nil
}

// shareOf is how much of the work of runs is done, by its cost.
func shareOf(runs []experiment.Train, v runner.GroupView) float64 {
	done, all := 0.0, 0.0
	for i, run := range runs {
		cost := run.Cost()
		if all += cost; v.Outcomes[i] != nil {
			done += cost
		} else { // what comes after the last step is not among the steps
			done += run.StepCost() * float64(v.Steps[i])
		}
	}
	return done / all
}
