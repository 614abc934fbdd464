package handlers

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A student's stream says that something changed, and which version, and nothing else; it ends when the class is deleted.
// A visitor has six streams at most.
func TestClassStream(t *testing.T) {
	c := newTestClass(t)
	listen := func() *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Jar: c.student.Jar}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	lines := bufio.NewScanner(listen().Body)
	next := func(prefix string) string {
		t.Helper()
		for lines.Scan() {
			if found, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				return found
			}
		}
		t.Fatalf("the stream ended before %q", prefix)
		return ""
	}
	if got := next("data: "); got != `{"version":1}` {
		t.Errorf("first event %s, want the version alone", got)
	}
	c.to(t, "predict")
	if got := next("data: "); got != `{"version":2}` {
		t.Errorf("after a change: %s", got)
	}
	for range visitorStreams - 1 {
		if got := listen().StatusCode; got != http.StatusOK {
			t.Errorf("a stream that is allowed: status %d", got)
		}
	}
	if got := listen().StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("one stream too many: status %d, want 429", got)
	}

	metrics := c.do(t, c.visitor, "GET", "/metrics", nil).body
	if !strings.Contains(metrics, "gradlab_class_streams 6") || !strings.Contains(metrics, `route="/class/{code}/do"`) {
		t.Errorf("the metrics lack streams or routes:\n%.600s", metrics)
	}
	if strings.Contains(metrics, c.code) || strings.Contains(metrics, "Anna") {
		t.Error("the metrics name a class or a student")
	}

	c.do(t, c.teacher, "POST", "/class/"+c.code+"/delete", url.Values{"code": {c.code}})
	if next("event: ") != "gone" {
		t.Error("a deleted class: want the event gone")
	}
}
