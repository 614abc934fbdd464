package labs

import (
	"net/http"
	"strconv"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
)

// streamSweep computes a sweep while the reader listens. Events are those of streamGroup, and
//
//	start    {config, lines, depths, of}   what will come
//	point    {point, line, depth, first_grad_norm, loss, train}   one run's reading, in the order of the plan
//
// The id of a point says how many points the reader has; see streamTrain.
func streamSweep(s *Site, w http.ResponseWriter, r *http.Request) error {
	query, after := goOn(r)
	config, errs := experiment.ParseSweep(query)
	if errs != nil {
		return web.BadQuery(errs)
	}
	have, err := parseEventID(after)
	if err != nil {
		return err
	}
	plan, sent, started := config.Plan(), have["points"], false
	return s.streamGroup(w, r, runsOf(plan), func(out *web.Events, outcomes []*experiment.Outcome) int {
		if !started {
			started = true
			start := board.NewSweepStart(config, plan)
			start.Of = len(plan.Points)
			out.Send("start", "", start)
		}
		for sent < len(outcomes) && outcomes[sent] != nil {
			point := board.NewSweepPoint(plan, sent, outcomes[sent])
			sent++
			out.Send("point", "points="+strconv.Itoa(sent), point)
		}
		return sent
	})
}
