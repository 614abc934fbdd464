package labs

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// progressTime is the least time between two words on how far runs are.
const progressTime = 250 * time.Millisecond

// streamGroup trains runs while the reader listens, and tells how far they are. Events are those of tell, and
//
//	queued   {place, message}      no run trains; told again when the place changes
//	progress {known, of, share}    share of the work that is done, 0 to 1; four times a second at most
//	done     {of}                  the stream ends
//	failed   {error}               the stream ends
//
// tell is given the outcomes, nil where there is none yet, and returns of how many the reader knows by now. A reader who hangs up parks
// the runs.
func (s *Site) streamGroup(w http.ResponseWriter, r *http.Request, runs []experiment.Run, tell func(*web.Events, []*experiment.Outcome) int) error {
	if errs := s.Runs.over(runs); errs != nil {
		return web.BadQuery(errs)
	}
	group := s.Runs.followAll(r.Context(), runs)
	defer group.Close()
	place, told := 0, time.Time{}
	return s.Play(w, r, func(out *web.Events) ([]<-chan struct{}, error) {
		v := group.Look()
		if v.Err != nil {
			return nil, v.Err
		}
		known := tell(out, v.Outcomes)
		if known >= len(runs) {
			out.Send("done", "", sweptEvent{len(runs)})
			return nil, nil
		}
		if v.Place > 0 && v.Place != place {
			out.Send("queued", "", queuedEvent{Place: v.Place, Message: board.Waiting(v.Place, false, false)})
		}
		place = v.Place
		if now := time.Now(); now.Sub(told) >= progressTime {
			told = now
			out.Send("progress", "", progressEvent{known, len(runs), shareOf(runs, v)})
		}
		return []<-chan struct{}{v.Changed}, nil
	})
}

// countKnown is how many outcomes there are.
func countKnown(outcomes []*experiment.Outcome) (known int) {
	for _, o := range outcomes {
		if o != nil {
			known++
		}
	}
	return known
}

// workDone says in a sentence how much of a query's runs is done.
func workDone(runs func(query url.Values) []experiment.Run) func(url.Values, runner.GroupView) string {
	return func(query url.Values, v runner.GroupView) string {
		return fmt.Sprintf("%.0f\u00a0%% of the work is done.", 100*shareOf(runs(query), v))
	}
}

// shareOf is how much of the work of runs is done, by its cost.
func shareOf(runs []experiment.Run, v runner.GroupView) float64 {
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
