package labs

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// eventNumbers bounds what one event carries: who comes late to a long run gets it in parts, and its text is never whole in
// memory.
const eventNumbers = 20_000

// now is for one who need not wait.
var now = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// A lane is one run in a stream, by the name that its events carry.
type lane struct {
	name     string // "plain" or "residual", "post" or "pre"
	run      experiment.Run
	config   map[string]any // as its start tells of it
	dtype    string
	follower *runner.Follower
	sent     int // steps that the reader has
	place    int // that the reader was told last
	started  bool
	done     bool
}

// streamTrain trains while the reader listens: the run alone, or with its twin. See streamLanes; its results are by run.
func streamTrain(s *Site, w http.ResponseWriter, r *http.Request) error {
	query, after := goOn(r)
	own, errs := training().asked(query)
	if errs != nil {
		return web.BadQuery(errs)
	}
	config, _ := experiment.ParseTrain(own)
	_, twin, _ := withoutTwin(query)
	configs := []experiment.Train{config}
	if twin && config.HasTwin() {
		configs = append(configs, config.Twin())
	}
	var lanes []*lane
	for _, config := range configs {
		lanes = append(lanes, &lane{name: board.TwinName(config), run: config, config: experiment.TrainTable().JSON(config), dtype: config.DType})
	}
	return s.streamLanes(w, r, after, lanes, func(outcomes []*experiment.Outcome) any {
		results := doneEvent{}
		for i, o := range outcomes {
			results[lanes[i].name] = board.NewTrainResult(o)
		}
		return results
	})
}

// streamLanes trains runs side by side while the reader listens. Events are
//
//	queued   {run, place, message}   the run waits, or pauses for others; told again when its place changes
//	start    {run, config, parameters, layers, steps}
//	step     {run, steps: [...]}     those since the last event, at most thirty events a second, no step lost
//	diverged {run, step, message}    the loss is not finite; the run ends with this step
//	done     results of the outcomes; the stream ends
//	failed   {error}                 the stream ends
//
// The id of a step event says how many steps of each run the reader has; a reader who comes back with it, in the header
// Last-Event-ID or the parameter after, goes on from there. A reader who hangs up parks the runs.
func (s *Site) streamLanes(w http.ResponseWriter, r *http.Request, after string, lanes []*lane, results func([]*experiment.Outcome) any) error {
	var runs []experiment.Run
	for _, l := range lanes {
		runs = append(runs, l.run)
	}
	if errs := s.Runs.over(runs); errs != nil {
		return web.BadQuery(errs)
	}
	have, err := parseEventID(after)
	if err != nil {
		return err
	}
	for _, l := range lanes {
		l.follower, err = s.Runs.follow(r.Context(), l.run)
		if web.Declined(err) != nil { // browsers read no answer to a stream but its events
			return s.Play(w, r, func(*web.Events) ([]<-chan struct{}, error) { return nil, err })
		}
		if err != nil {
			return err
		}
		defer l.follower.Close()
		l.sent = have[l.name]
	}
	return s.Play(w, r, func(out *web.Events) ([]<-chan struct{}, error) {
		changed, err := advance(out, lanes, func() (func(), error) { return s.Runs.Pool.Turn(r.Context(), web.Reader(r.Context()), ownWork) })
		if changed == nil && err == nil {
			outcomes := make([]*experiment.Outcome, len(lanes))
			for i, l := range lanes {
				outcomes[i] = l.follower.Look().Outcome
			}
			out.Send("done", "", results(outcomes))
		}
		return changed, err
	})
}

// advance writes what is new in each lane, and returns what to wait for: nil when all runs have ended. Where it has more to tell
// than one event carries, it waits for a turn to write the event.
func advance(out *web.Events, lanes []*lane, turn func() (end func(), err error)) ([]<-chan struct{}, error) {
	var changed []<-chan struct{}
	for _, l := range lanes {
		if l.done {
			continue
		}
		v := l.follower.Look()
		if v.Err != nil {
			return nil, v.Err
		}
		if v.Place > 0 && v.Place != l.place {
			out.Send("queued", "", queuedEvent{l.name, v.Place, board.Waiting(v.Place, v.Paused, v.Crowded)})
		}
		l.place = v.Place
		if v.Info != nil && !l.started {
			l.started = true
			out.Send("start", "", startEvent{l.name, l.config, v.Info.Parameters, v.Info.Layers, l.run.Length()})
		}
		if l.sent < len(v.Steps) {
			from := l.sent
			l.sent = min(len(v.Steps), from+max(1, eventNumbers/(4+len(v.Info.Layers))))
			more := l.sent < len(v.Steps)
			event, err := stepEvent(lanes, l, v.Steps[from:l.sent], more, turn)
			if err != nil {
				return nil, err
			}
			if out.Write(event); more {
				changed = append(changed, now)
				continue
			}
			if last := v.Steps[len(v.Steps)-1]; last.Diverged {
				out.Send("diverged", "", divergedEvent{l.name, last.Number, board.Diverged(last)})
			}
		}
		if v.Outcome != nil {
			l.done = true
			continue
		}
		changed = append(changed, v.Changed)
	}
	return changed, nil
}

// stepEvent tells of a lane's steps; long is as many as an event carries, which takes some 15 ms of a core, and a turn.
func stepEvent(lanes []*lane, l *lane, steps []experiment.Step, long bool, turn func() (end func(), err error)) ([]byte, error) {
	if long {
		end, err := turn()
		if err != nil {
			return nil, err
		}
		defer end()
	}
	return web.Event("step", eventID(lanes), stepsEvent{l.name, board.Steps(steps, l.dtype)}), nil
}

// eventID says how many steps of each run the reader has, as a query: plain=12&residual=10.
func eventID(lanes []*lane) string {
	have := url.Values{}
	for _, l := range lanes {
		have.Set(l.name, strconv.Itoa(l.sent))
	}
	return have.Encode()
}

// goOn is the query of a stream, and the id of the event after which a reader who comes back goes on.
func goOn(r *http.Request) (query url.Values, after string) {
	query = maps.Clone(web.Query(r))
	if after = r.Header.Get("Last-Event-ID"); after == "" {
		after = query.Get("after")
	}
	query.Del("after")
	return query, after
}

func parseEventID(id string) (map[string]int, error) {
	bad := &web.Problem{Status: http.StatusBadRequest, Heading: "Bad event id", Text: "the last event id is not one of ours, such as plain=12&residual=10"}
	values, err := web.ParseQuery(id)
	if err != nil || len(id) > 64 {
		return nil, bad
	}
	have := map[string]int{}
	for name := range values {
		n, err := strconv.Atoi(values.Get(name))
		if err != nil || n < 0 {
			return nil, bad
		}
		have[name] = n
	}
	return have, nil
}
