package web

import (
	"bytes"
	recency "container/list"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5/middleware"
)

const (
	KeptBytes   = 32 << 20 // of all kept answers together
	keptBody    = 1 << 20  // the largest answer that is kept
	keptRequest = 4 << 10  // the longest request whose answer is kept, in bytes of its key
)

// Responses keeps whole answers, compressed as they were sent. A run is deterministic, so for a hall in which everybody
// opens the same link the work is done once. A handler says by keep that its answer depends on nothing but what answerKey
// holds. The answers that were asked for least recently go first.
type Responses struct {
	mu      sync.Mutex
	byKey   map[string]*recency.Element // of *keptAnswer
	recent  *recency.List               // the latest in front
	bytes   int
	maximum int
}

type response struct {
	key    string
	header http.Header
	body   []byte
}

// NewResponses keeps so many bytes of them.
func NewResponses(maximum int) *Responses {
	return &Responses{byKey: map[string]*recency.Element{}, recent: recency.New(), maximum: maximum}
}

type keepKey struct{}

// Keep marks the answer to a request as one that is the same for everybody and for ever, as long as this process lives.
func Keep(r *http.Request) {
	if wanted, ok := r.Context().Value(keepKey{}).(*bool); ok {
		*wanted = true
	}
}

// responseKey is all of a request that a kept answer may depend on, "" where no answer is kept.
func responseKey(r *http.Request) string {
	accept := r.Header.Get("Accept")
	if r.Method != http.MethodGet || strings.Contains(accept, "text/event-stream") {
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
		if a := c.find(key); a != nil {
			for name, values := range a.header {
				w.Header()[name] = values
			}
			w.Write(a.body)
			return
		}
		var wanted bool
		var body bounded
		recorder := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		recorder.Tee(&body)
		next.ServeHTTP(recorder, r.WithContext(context.WithValue(r.Context(), keepKey{}, &wanted)))
		if !wanted || body.over || recorder.Status() != http.StatusOK || r.Context().Err() != nil {
			return
		}
		header := http.Header{}
		for name, values := range w.Header() {
			if name != "X-Request-Id" { // that is each request's own
				header[name] = values[:len(values):len(values)] // an append elsewhere must not write into it
			}
		}
		if header.Get("Set-Cookie") == "" {
			c.add(&response{key, header, body.Bytes()})
		}
	})
}

func (c *Responses) find(key string) *response {
	c.mu.Lock()
	defer c.mu.Unlock()
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
	if c.byKey[a.key] != nil { // two asked at the same time
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
