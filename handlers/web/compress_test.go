package web

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompressed(t *testing.T) {
	long, short := strings.Repeat("gradient ", 500), "gradient"
	for _, test := range []struct {
		name, kind, accepts, text string
		status                    int
		header                    string // that the handler sets
		want                      string // the encoding
	}{
		{"a page", "text/html; charset=utf-8", "gzip, deflate, br", long, 200, "", "gzip"},
		{"an error page", "text/html; charset=utf-8", "gzip", long, 503, "", "gzip"},
		{"JSON", "application/json", "gzip", long, 200, "", "gzip"},
		{"no type given", "", "gzip", long, 200, "", "gzip"},
		{"short", "application/json", "gzip", short, 200, "", ""},
		{"not wanted", "text/html", "br", long, 200, "", ""},
		{"a picture", "image/png", "gzip", long, 200, "", ""},
		{"packed already", "text/css", "gzip", long, 200, "Content-Encoding", "br"},
		{"a part", "text/css", "gzip", long, 206, "Content-Range", ""},
		{"no body", "", "gzip", "", 303, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			site := Compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if test.kind != "" {
					w.Header().Set("Content-Type", test.kind)
				}
				if test.header != "" {
					w.Header().Set(test.header, "br")
				}
				w.WriteHeader(test.status)
				if test.text != "" {
					fmt.Fprint(w, test.text)
				}
			}))
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Accept-Encoding", test.accepts)
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Encoding"); got != test.want || w.Code != test.status {
				t.Fatalf("status %d, encoding %q, want %d, %q", w.Code, got, test.status, test.want)
			}
			var body io.Reader = w.Body
			if test.want == "gzip" {
				gz, err := gzip.NewReader(body)
				if err != nil {
					t.Fatal(err)
				}
				body = gz
			}
			if got, err := io.ReadAll(body); err != nil || string(got) != test.text {
				t.Errorf("got %d bytes, %v, want %d", len(got), err, len(test.text))
			}
		})
	}
}

// What a stream has flushed is there at once, as it is.
func TestStreamsAreNotCompressed(t *testing.T) {
	w := httptest.NewRecorder()
	site := Compressed(http.HandlerFunc(func(p http.ResponseWriter, r *http.Request) {
		e := NewEvents(p)
		e.comment("hello")
		if err := e.Flush(); err != nil {
			t.Error(err)
		}
		if got, want := w.Body.String(), ": hello\n\n"; got != want || !w.Flushed {
			t.Errorf("flushed %t, got %q, want %q", w.Flushed, got, want)
		}
	}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	site.ServeHTTP(w, r)
	if got := w.Header().Get("Content-Encoding"); got != "" {
		t.Errorf("encoding %q, want none", got)
	}
}

func TestPanicBeforeCompression(t *testing.T) {
	s := NewAdapter(slog.New(slog.DiscardHandler), t.Context())
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	r.Header.Set("Accept-Encoding", "gzip")
	s.Recovered(Compressed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }))).ServeHTTP(w, r)
	if w.Code != 500 || !strings.Contains(w.Body.String(), "Something went wrong") {
		t.Errorf("got %d %.100q, want the error page", w.Code, w.Body)
	}
}
