package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// frameTime is the least time between two batches of steps: about thirty a second is all that a reader sees.
const frameTime = time.Second / 30

// heartbeat is how often a stream that has nothing to say shows that it lives.
const heartbeat = 15 * time.Second

// Play streams events until the reader hangs up or there is no more to say. advance writes what is new and returns what
// to wait for, three at most; none when it has written the last event. Its error ends the stream with the event failed. The stream of who had
// signed in ends with the session.
func (a *Adapter) Play(w http.ResponseWriter, r *http.Request, advance func(*Events) ([]<-chan struct{}, error)) error {
	out := NewEvents(w)
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	heard, over, stop := a.session(r)
	defer stop()
	if over() { // at this very moment: what was told of it is not heard any more
		return nil
	}
	for {
		turn := time.Now()
		changed, err := advance(out)
		switch {
		case err != nil && r.Context().Err() != nil:
			return nil // the reader hung up
		case Declined(err) != nil:
			p := Declined(err)
			out.Send("failed", "", Failure{p.Text, p.Status == http.StatusServiceUnavailable})
			return nil
		case err != nil:
			a.log.ErrorContext(r.Context(), "run failed", "request", RequestID(r), "err", err)
			out.Send("failed", "", Failure{Error: "The run could not be finished; please try again."})
			return nil
		case len(changed) == 0:
			return nil
		}
		if out.Flush() != nil {
			return nil // the reader hung up
		}
		select {
		case <-changed[0]:
		case <-changed[len(changed)/2]:
		case <-changed[len(changed)-1]:
		case <-heard:
			if over() {
				return nil
			}
		case <-ticker.C:
			out.comment("still here")
			continue
		case <-r.Context().Done():
			return nil
		case <-a.stopping.Done():
			out.Send("failed", "", Failure{"The server is stopping; reconnect in a moment.", true})
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

// Events writes a stream of server-sent events.
type Events struct {
	w  http.ResponseWriter
	to *http.ResponseController
}

// NewEvents begins a stream.
func NewEvents(w http.ResponseWriter) *Events {
	e := &Events{w, http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy must not collect
	w.WriteHeader(http.StatusOK)
	return e
}

// Send writes one event; what cannot be written shows at the next flush.
func (e *Events) Send(event, id string, data any) { e.Write(Event(event, id, data)) }

// Write writes an event that is made already.
func (e *Events) Write(event []byte) { e.w.Write(event) }

// Event is the text of one event.
func Event(event, id string, data any) []byte {
	b, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("web: event %s: %v", event, err)) // the values are of our own types
	}
	var text []byte
	if id != "" {
		text = fmt.Appendf(text, "id: %s\n", id)
	}
	return fmt.Appendf(text, "event: %s\ndata: %s\n\n", event, b)
}

func (e *Events) comment(text string) { fmt.Fprintf(e.w, ": %s\n\n", text) }

// Retry tells a browser that loses the stream how long it is to wait before it comes back.
func (e *Events) Retry(wait time.Duration) { fmt.Fprintf(e.w, "retry: %d\n\n", wait.Milliseconds()) }

// Flush sends what was written. Its error says that the reader hung up, or takes nothing any more (see Paced).
func (e *Events) Flush() error { return e.to.Flush() }
