package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestKeptAnswers(t *testing.T) {
	served := 0
	cache := newAnswerCache(1 << 20)
	site := cache.middleware(compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served++
		query := r.URL.Query()
		w.Header().Set("Content-Type", "application/json")
		if query.Has("cookie") {
			http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "secret"})
		}
		if !query.Has("own") {
			keep(r)
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
	c := newAnswerCache(20 << 10)
	for i := range 50 {
		c.add(&keptAnswer{key: fmt.Sprint(i), body: make([]byte, 1<<10)})
		c.find("0")
		if c.bytes > c.maximum || len(c.byKey) != c.recent.Len() {
			t.Fatalf("after %d: %d bytes of %d, %d keys, %d answers", i, c.bytes, c.maximum, len(c.byKey), c.recent.Len())
		}
	}
	if c.find("0") == nil || c.find("49") == nil || c.find("1") != nil {
		t.Error("what was asked for lately is gone, or the oldest is still there")
	}
}

// What the site keeps is what it would compute, for every visitor.
func TestLabAnswersAreKept(t *testing.T) {
	site := newSite(t)
	for _, path := range []string{"/api/chain?depth=7", "/labs/chain/board?depth=7", "/api/train?steps=3", "/labs/train/board?steps=3", "/api/graph", "/api/kernels", "/labs/kernels/board"} {
		first, second := site.do(t, site.client(t), "GET", path, nil), site.do(t, site.client(t), "GET", path, nil)
		if first.status != 200 || first.body != second.body || first.header.Get("Content-Type") != second.header.Get("Content-Type") || second.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %.100s, then %d %.100s", path, first.status, first.body, second.status, second.body)
		}
		if id := second.header.Get("X-Request-Id"); id == "" || id == first.header.Get("X-Request-Id") {
			t.Errorf("%s: request id %q twice", path, id)
		}
	}
}
