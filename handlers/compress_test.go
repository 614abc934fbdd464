package handlers

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompressed(t *testing.T) {
	text := strings.Repeat("gradient ", 500)
	site := compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		fmt.Fprint(w, text)
	}))
	for _, test := range []struct {
		kind, accept, encoding, want string
	}{
		{"text/html", "*/*", "gzip, br", "gzip"},
		{"application/json", "", "gzip", "gzip"},
		{"text/html", "*/*", "", ""},
		{"image/png", "*/*", "gzip", ""},
		{"text/event-stream", "text/event-stream", "gzip", ""},
	} {
		r := httptest.NewRequest("GET", "/?type="+test.kind, nil)
		r.Header.Set("Accept", test.accept)
		r.Header.Set("Accept-Encoding", test.encoding)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != test.want {
			t.Errorf("%s for %q: encoding %q, want %q", test.kind, test.encoding, got, test.want)
			continue
		}
		var body io.Reader = w.Body
		if test.want == "gzip" {
			gz, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = gz
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != text {
			t.Errorf("%s for %q: got %d bytes, %v, want %d", test.kind, test.encoding, len(got), err, len(text))
		}
	}
}
