package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
		c.find("0")
		if c.bytes > c.maximum || len(c.byKey) != c.recent.Len() {
			t.Fatalf("after %d: %d bytes of %d, %d keys, %d answers", i, c.bytes, c.maximum, len(c.byKey), c.recent.Len())
		}
	}
	if c.find("0") == nil || c.find("49") == nil || c.find("1") != nil {
		t.Error("what was asked for lately is gone, or the oldest is still there")
	}
}
