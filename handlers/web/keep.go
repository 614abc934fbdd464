package web

import (
	"bytes"
	recency "container/list"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

const (
	KeptBytes   = 32 << 20 // of all kept answers together
	keptBody    = 1 << 20  // the largest answer that is kept
	keptRequest = 4 << 10  // the longest request whose answer is kept, in bytes of its key

	// joinTime is the longest that a request waits for another's answer: that reader's turn may come later than its own would.
	joinTime = time.Second
)

// Responses keeps whole answers, compressed as they were sent. A run is deterministic, so for a hall in which everybody
// opens the same link the work is done once. A handler says by Keep that its answer depends on nothing but what responseKey
// holds; by Join it waits for one who computes the same. The answers that were asked for least recently go first.
type Responses struct {
	mu      sync.Mutex
	byKey   map[string]*recency.Element // of *response
	flights map[string]*flight          // by key, while a handler that has joined computes
	recent  *recency.List               // the latest in front
	bytes   int
	maximum int
}

type response struct {
	key    string
	header http.Header
	body   []byte
}

// A flight is an answer that is being computed; others wait for it.
type flight struct {
	done chan struct{}
	own  bool // the answer was for one reader alone, so that none who waits need wait for another; set before done
}

// An asking is a request that may be answered from what is kept.
type asking struct {
	responses *Responses
	key       string
	wanted    bool    // the answer is to be kept
	leads     *flight // what others wait for until the request has ended; nil of one who has not joined or goes alone
}

// NewResponses keeps so many bytes of them.
func NewResponses(maximum int) *Responses {
	return &Responses{byKey: map[string]*recency.Element{}, flights: map[string]*flight{}, recent: recency.New(), maximum: maximum}
}

type keepKey struct{}

// Keep marks the answer to a request as one that is the same for everybody and for ever, as long as this process lives.
func Keep(r *http.Request) {
	if a, ok := r.Context().Value(keepKey{}).(*asking); ok {
		a.wanted = true
	}
}

// Join waits, for joinTime at most, where the same is being computed for another request, and answers with what was kept of it.
// Where it has not answered, the handler computes, and others may wait for it: also where the one before panicked or hung up. A
// handler calls it before the turn in which it computes. The error is that of the request's context.
func Join(w http.ResponseWriter, r *http.Request) (answered bool, err error) {
	a, ok := r.Context().Value(keepKey{}).(*asking)
	if !ok {
		return false, nil
	}
	late := time.After(joinTime)
	for {
		kept, other := a.join()
		if kept != nil {
			kept.write(w)
			return true, nil
		}
		if other == nil {
			return false, nil
		}
		select {
		case <-other.done:
			if other.own {
				return false, nil
			}
		case <-late:
			return false, nil
		case <-r.Context().Done():
			return false, r.Context().Err()
		}
	}
}

// join finds what is kept, or who computes it; where there is neither, the request leads from now on.
func (a *asking) join() (*response, *flight) {
	c := a.responses
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.find(a.key); kept != nil {
		return kept, nil
	}
	if other := c.flights[a.key]; other != nil {
		return nil, other
	}
	a.leads = &flight{done: make(chan struct{})}
	c.flights[a.key] = a.leads
	return nil, nil
}

// leave tells those who wait that the request has ended.
func (a *asking) leave(own bool) {
	if a.leads == nil {
		return
	}
	c := a.responses
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flights, a.key)
	a.leads.own = own
	close(a.leads.done)
}

// responseKey is all of a request that a kept answer may depend on, "" where no answer is kept: a page in a frame says who may frame it.
func responseKey(r *http.Request) string {
	accept := r.Header.Get("Accept")
	if r.Method != http.MethodGet || IsFramed(r) && r.Header.Get("Sec-Fetch-Dest") != "empty" || strings.Contains(accept, "text/event-stream") {
		return ""
	}
	key := r.URL.Path + "\n" + r.URL.RawQuery + "\n" + accept + "\n" + r.Header.Get("Accept-Encoding")
	if len(key) > keptRequest {
		return ""
	}
	return key
}

// Middleware answers from what is kept, and keeps what a handler marked.
func (c *Responses) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := responseKey(r)
		if key == "" {
			next.ServeHTTP(w, r)
			return
		}
		if kept := c.kept(key); kept != nil {
			kept.write(w)
			return
		}
		a := &asking{responses: c, key: key}
		own := false
		defer func() { a.leave(own) }() // after a panic, too
		var body bounded
		recorder := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		recorder.Tee(&body)
		next.ServeHTTP(recorder, r.WithContext(context.WithValue(r.Context(), keepKey{}, a)))
		if r.Context().Err() != nil {
			return
		}
		if own = !a.wanted || body.over || recorder.Status() != http.StatusOK || w.Header().Get("Set-Cookie") != ""; own {
			return
		}
		header := http.Header{}
		for name, values := range w.Header() {
			if name != "X-Request-Id" { // that is each request's own
				header[name] = values[:len(values):len(values)] // an append elsewhere must not write into it
			}
		}
		c.add(&response{key, header, body.Bytes()})
	})
}

func (a *response) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Write(a.body) // a visitor who hung up is no error of ours
}

func (c *Responses) kept(key string) *response {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(key)
}

// find is for who holds mu.
func (c *Responses) find(key string) *response {
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(*response)
}

func (c *Responses) add(a *response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[a.key] != nil { // two computed at the same time: they did not join, or one did not wait any longer
		return
	}
	c.byKey[a.key] = c.recent.PushFront(a)
	c.bytes += a.size()
	for c.bytes > c.maximum {
		oldest := c.recent.Remove(c.recent.Back()).(*response)
		delete(c.byKey, oldest.key)
		c.bytes -= oldest.size()
	}
}

// size is about what an answer takes in memory; the constant is for its headers and its place in the cache.
func (a *response) size() int { return len(a.key) + len(a.body) + 2<<10 }

// bounded is a buffer that stops at keptBody.
type bounded struct {
	bytes.Buffer
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.over = b.over || b.Len()+len(p) > keptBody; !b.over {
		b.Buffer.Write(p)
	}
	return len(p), nil
}
