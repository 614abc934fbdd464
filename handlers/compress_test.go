package handlers

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gradlab/static"
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
			site := compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	site := compressed(http.HandlerFunc(func(p http.ResponseWriter, r *http.Request) {
		e := newEvents(p)
		e.comment("hello")
		if err := e.flush(); err != nil {
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
	s := &site{Config: Config{Log: slog.New(slog.DiscardHandler)}}
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	r.Header.Set("Accept-Encoding", "gzip")
	s.recovered(compressed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }))).ServeHTTP(w, r)
	if w.Code != 500 || !strings.Contains(w.Body.String(), "Something went wrong") {
		t.Errorf("got %d %.100q, want the error page", w.Code, w.Body)
	}
}

// What is sent depends on the header, and says so. A weight of 0 is a no (RFC 9110, section 12.5.3); what is not understood is one, too.
func TestAcceptedEncodings(t *testing.T) {
	site := newSite(t)
	for header, want := range map[string]string{
		"": "", "gzip": "gzip", "GZIP": "gzip", "gzip;q=0": "", "gzip; q=0.000": "", "gzip;q=0.001": "gzip", "br, gzip;q=0.5": "gzip", "br": "", "zstd, gzip": "gzip",
		"gzip;q=0, *": "", "*, gzip;q=0": "", "gzipped": "", "gzip;q=x": "", "deflate, br": "", "zstd": "",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := site.do(t, site.client(t), method, "/lessons", nil, "Accept-Encoding", header)
			want := want
			if method == "HEAD" {
				want = "" // nothing is sent
			}
			if coding, vary := got.header.Get("Content-Encoding"), got.header.Values("Vary"); got.status != 200 || coding != want || len(vary) != 1 || vary[0] != "Accept-Encoding" {
				t.Errorf("%s with %q: status %d, encoding %q, Vary %q, want %q", method, header, got.status, coding, vary, want)
			}
		}
	}
	if vary := site.do(t, site.client(t), "GET", "/api/graph", nil, "Accept-Encoding", "gzip").header.Values("Vary"); strings.Join(vary, ", ") != "Accept-Encoding, Accept" {
		t.Errorf("the graph, of which there are two kinds: Vary %q", vary)
	}
}

// Static files have copies that were compressed beforehand; a part of one is a part of that copy.
func TestStaticFilesAreCompressedBeforehand(t *testing.T) {
	site := newSite(t)
	file := func(method string, headers ...string) answer {
		t.Helper()
		return site.do(t, site.client(t), method, static.Path("js/class.js"), nil, append(headers, "Accept-Encoding", "gzip")...)
	}
	whole, head, part := file("GET"), file("HEAD"), file("GET", "Range", "bytes=0-99")
	for _, got := range []answer{whole, head, part} {
		if got.header.Get("Content-Encoding") != "gzip" || !strings.HasSuffix(got.header.Get("Etag"), `-gz"`) || len(got.header.Values("Vary")) != 1 {
			t.Errorf("headers %v", got.header)
		}
	}
	if head.status != 200 || head.header.Get("Content-Length") != fmt.Sprint(len(whole.body)) {
		t.Errorf("HEAD: status %d, length %s; want that of %d bytes", head.status, head.header.Get("Content-Length"), len(whole.body))
	}
	if part.status != 206 || part.body != whole.body[:100] {
		t.Errorf("a part: status %d, %d bytes", part.status, len(part.body))
	}
	if again := file("GET", "If-None-Match", whole.header.Get("Etag")); again.status != 304 || again.body != "" {
		t.Errorf("a file that the browser has: status %d", again.status)
	}
}
