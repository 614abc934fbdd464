package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestKeptAnswers(t *testing.T) {
	served := 0
	cache := NewResponses(1 << 20)
	site := cache.Middleware(Compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served++
		query := r.URL.Query()
		w.Header().Set("Content-Type", "application/json")
		if query.Has("cookie") {
			http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "secret"})
		}
		if !query.Has("own") {
			Keep(r)
		}
		if query.Has("bad") {
			w.WriteHeader(http.StatusBadRequest)
		}
		size := 2000
		if query.Has("long") {
			size = keptBody
		}
		fmt.Fprint(w, served, strings.Repeat("x", size))
	})))
	ask := func(method, path string, header ...string) string {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, w.Header(), w.Body)
	}
	for _, test := range []struct {
		name, method, path string
		header             []string
		kept               bool
	}{
		{"marked", "GET", "/a?depth=4", nil, true},
		{"compressed", "GET", "/a?depth=5", []string{"Accept-Encoding", "gzip"}, true},
		{"another form", "GET", "/a?depth=4", []string{"Accept", "text/vnd.graphviz"}, true},
		{"not marked", "GET", "/a?own", nil, false},
		{"refused", "GET", "/a?bad", nil, false},
		{"with a cookie", "GET", "/a?cookie", nil, false},
		{"too long", "GET", "/a?long", nil, false},
		{"long query", "GET", "/a?" + strings.Repeat("q", keptRequest), nil, false},
		{"post", "POST", "/a?depth=4", nil, false},
		{"stream", "GET", "/a?depth=4", []string{"Accept", "text/event-stream"}, false},
	} {
		before := served
		first, second := ask(test.method, test.path, test.header...), ask(test.method, test.path, test.header...)
		if want := map[bool]int{true: 1, false: 2}[test.kept]; served-before != want {
			t.Errorf("%s: the handler was asked %d times, want %d", test.name, served-before, want)
		}
		if test.kept != (first == second) {
			t.Errorf("%s: the answers\n%.200s\n%.200s\nare the same: %t, want %t", test.name, first, second, first == second, test.kept)
		}
	}
}

func TestKeptAnswersAreBounded(t *testing.T) {
	c := NewResponses(20 << 10)
	for i := range 50 {
		c.add(&response{key: fmt.Sprint(i), body: make([]byte, 1<<10)})
		c.kept("0")
		if c.bytes > c.maximum || len(c.byKey) != c.recent.Len() {
			t.Fatalf("after %d: %d bytes of %d, %d keys, %d answers", i, c.bytes, c.maximum, len(c.byKey), c.recent.Len())
		}
	}
	if c.kept("0") == nil || c.kept("49") == nil || c.kept("1") != nil {
		t.Error("what was asked for lately is gone, or the oldest is still there")
	}
}

// Who asks for what is being computed waits for it, but not for an answer that is another's own, nor for long; and one who fails
// takes it from nobody.
func TestConcurrentRequestsAreJoined(t *testing.T) {
	const asked = 6
	for _, test := range []struct {
		name     string
		first    func(r *http.Request, hangUp func()) // what becomes of the request that leads
		own      bool
		takes    time.Duration
		computed int
		failed   int
		all      time.Duration
	}{
		{name: "joined", takes: 500 * time.Millisecond, computed: 1, all: 500 * time.Millisecond},
		{name: "after a panic", first: func(*http.Request, func()) { panic("a bug") }, takes: 200 * time.Millisecond, computed: 2, failed: 1, all: 400 * time.Millisecond},
		{name: "after a reader hung up", first: func(_ *http.Request, hangUp func()) { hangUp() }, takes: 200 * time.Millisecond, computed: 2, all: 400 * time.Millisecond},
		{name: "one's own", own: true, takes: 200 * time.Millisecond, computed: asked, all: 400 * time.Millisecond},
		{name: "slow", takes: 5 * time.Second, computed: asked, all: joinTime + 5*time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				var mu sync.Mutex
				computed, failed := 0, 0
				cache := NewResponses(1 << 20)
				site := cache.Middleware(Compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					if answered, err := Join(w, r); answered || err != nil {
						return
					}
					mu.Lock()
					computed++
					first := computed == 1
					mu.Unlock()
					time.Sleep(test.takes)
					if first && test.first != nil {
						test.first(r, hangUp)
					}
					if !test.own {
						Keep(r)
					}
					fmt.Fprint(w, strings.Repeat("the same for all ", 200))
				})))
				begin := time.Now()
				bodies := make([]string, asked)
				var all sync.WaitGroup
				for i := range bodies {
					r := httptest.NewRequest("GET", "/a", nil)
					r.Header.Set("Accept-Encoding", "gzip")
					if i == 0 {
						r = r.WithContext(ctx)
					}
					all.Go(func() {
						defer func() {
							if recover() != nil {
								mu.Lock()
								failed++
								mu.Unlock()
							}
						}()
						w := httptest.NewRecorder()
						site.ServeHTTP(w, r)
						bodies[i] = fmt.Sprint(w.Code, w.Header(), w.Body)
					})
					synctest.Wait() // the first leads
				}
				all.Wait()
				if computed != test.computed || failed != test.failed || time.Since(begin) != test.all {
					t.Errorf("computed %d times, %d failed, in %v; want %d, %d, %v", computed, failed, time.Since(begin), test.computed, test.failed, test.all)
				}
				for i, body := range bodies[1:] {
					if body != bodies[asked-1] || !strings.HasPrefix(body, "200") || !strings.Contains(body, "gzip") {
						t.Errorf("request %d: %.200q, another %.200q", i+1, body, bodies[asked-1])
					}
				}
				if len(cache.flights) != 0 {
					t.Errorf("%d flights are left", len(cache.flights))
				}
			})
		})
	}
}
