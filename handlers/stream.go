package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gradlab/handlers/board"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// frameTime is the least time between two batches of steps: about thirty a second is all that a reader sees.
const frameTime = time.Second / 30

// eventNumbers bounds what one event carries: who comes late to a long run gets it in parts, and its text is never whole in
// memory.
const eventNumbers = 20_000

// now is for one who need not wait.
var now = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// heartbeat is how often a stream that has nothing to say shows that it lives.
const heartbeat = 15 * time.Second

// A lane is one run in a stream, by the name that its events carry.
type lane struct {
	name     string // "plain" or "residual"
	config   experiment.Train
	follower *runner.Follower
	sent     int // steps that the reader has
	place    int // that the reader was told last
	started  bool
	done     bool
}

// streamTrain trains while the reader listens: the run alone, or with its twin. Events are
//
//	queued   {run, place, message}   the run waits, or pauses for others; told again when its place changes
//	start    {run, config, parameters, layers, steps}
//	step     {run, steps: [...]}     those since the last event, at most thirty events a second, no step lost
//	diverged {run, step, message}    the loss is not finite; the run ends with this step
//	done     {plain, residual}       the results; the stream ends
//	failed   {error}                 the stream ends
//
// The id of a step event says how many steps of each run the reader has; a reader who comes back with it, in the header
// Last-Event-ID or the parameter after, goes on from there. A reader who hangs up parks the runs.
func (s *site) streamTrain(w http.ResponseWriter, r *http.Request, configs []experiment.Train, after string) error {
	have, err := parseEventID(after)
	if err != nil {
		return err
	}
	var lanes []*lane
	for _, config := range configs {
		follower, err := s.follow(r.Context(), config)
		if declined(err) != nil { // browsers read no answer to a stream but its events
			return s.play(w, r, func(*events) ([]<-chan struct{}, error) { return nil, err })
		}
		if err != nil {
			return err
		}
		defer follower.Close()
		l := &lane{name: board.TwinName(config), config: config, follower: follower}
		l.sent = have[l.name]
		lanes = append(lanes, l)
	}

	return s.play(w, r, func(out *events) ([]<-chan struct{}, error) {
		changed, err := advance(out, lanes)
		if changed == nil && err == nil {
			results := map[string]any{}
			for _, l := range lanes {
				results[l.name] = board.NewTrainResult(l.follower.Look().Outcome)
			}
			out.send("done", "", results)
		}
		return changed, err
	})
}

// play streams events until the reader hangs up or there is no more to say. advance writes what is new and returns what
// to wait for, two at most; none when it has written the last event. Its error ends the stream with the event failed.
func (s *site) play(w http.ResponseWriter, r *http.Request, advance func(*events) ([]<-chan struct{}, error)) error {
	out := newEvents(w)
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		turn := time.Now()
		changed, err := advance(out)
		switch {
		case declined(err) != nil:
			p := declined(err)
			out.send("failed", "", map[string]any{"error": p.text, "again": p.status == http.StatusServiceUnavailable})
			return nil
		case err != nil:
			s.Log.ErrorContext(r.Context(), "run failed", "request", idOf(r), "err", err)
			out.send("failed", "", map[string]any{"error": "The run could not be finished; please try again."})
			return nil
		case len(changed) == 0:
			return nil
		}
		if out.flush() != nil {
			return nil // the reader hung up
		}
		select {
		case <-changed[0]:
		case <-changed[len(changed)-1]:
		case <-ticker.C:
			out.comment("still here")
			continue
		case <-r.Context().Done():
			return nil
		case <-s.Stopping.Done():
			out.send("failed", "", map[string]any{"error": "The server is stopping; reconnect in a moment.", "again": true})
			return nil
		}
		if rest := frameTime - time.Since(turn); rest > 0 {
			select {
			case <-time.After(rest):
			case <-r.Context().Done():
				return nil
			}
		}
	}
}

// advance writes what is new in each lane, and returns what to wait for: nil when all runs have ended.
func advance(out *events, lanes []*lane) ([]<-chan struct{}, error) {
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
			out.send("queued", "", map[string]any{"run": l.name, "place": v.Place, "message": waitWords(v)})
		}
		l.place = v.Place
		if v.Info != nil && !l.started {
			l.started = true
			out.send("start", "", map[string]any{
				"run": l.name, "config": experiment.TrainTable().JSON(l.config), "parameters": v.Info.Parameters,
				"layers": v.Info.Layers, "steps": l.config.Steps,
			})
		}
		if l.sent < len(v.Steps) {
			from := l.sent
			l.sent = min(len(v.Steps), from+max(1, eventNumbers/(4+len(v.Info.Layers))))
			out.send("step", eventID(lanes), map[string]any{"run": l.name, "steps": board.Steps(v.Steps[from:l.sent], l.config.DType)})
			if l.sent < len(v.Steps) {
				changed = append(changed, now)
				continue
			}
			if last := v.Steps[len(v.Steps)-1]; last.Diverged {
				out.send("diverged", "", map[string]any{"run": l.name, "step": last.Number, "message": board.Diverged(last)})
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

// eventID says how many steps of each run the reader has, as a query: plain=12&residual=10.
func eventID(lanes []*lane) string {
	have := url.Values{}
	for _, l := range lanes {
		have.Set(l.name, strconv.Itoa(l.sent))
	}
	return have.Encode()
}

func parseEventID(id string) (map[string]int, error) {
	bad := &problem{status: http.StatusBadRequest, heading: "Bad event id", text: "the last event id is not one of ours, such as plain=12&residual=10"}
	values, err := parseQuery(id)
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

// events writes a stream of server-sent events.
type events struct {
	w  http.ResponseWriter
	to *http.ResponseController
}

func newEvents(w http.ResponseWriter) *events {
	e := &events{w, http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy must not collect
	w.WriteHeader(http.StatusOK)
	return e
}

// send writes one event; what cannot be written shows at the next flush.
func (e *events) send(event, id string, data any) {
	b, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("handlers: event %s: %v", event, err)) // the values are of our own types
	}
	if id != "" {
		fmt.Fprintf(e.w, "id: %s\n", id)
	}
	fmt.Fprintf(e.w, "event: %s\ndata: %s\n\n", event, b)
}

func (e *events) comment(text string) { fmt.Fprintf(e.w, ": %s\n\n", text) }

// flush sends what was written. Its error says that the reader hung up, or takes nothing any more (see paced).
func (e *events) flush() error { return e.to.Flush() }
