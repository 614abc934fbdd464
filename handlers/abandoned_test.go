package handlers

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/mlcore/runner"
)

// Whoever hangs up stops what was computed for it, whatever the request announced: a body that never comes, with every
// method and at every route that computes.
func TestHangingUpIsNoticed(t *testing.T) {
	const long = "?net=deep&n=6&count=64&batch=64&steps=500"
	site := newSite(t)
	for name, request := range map[string]string{
		"a run":                        "GET /api/train" + long + " HTTP/1.1\r\n",
		"a stream":                     "GET /api/train" + long + " HTTP/1.1\r\nAccept: text/event-stream\r\n",
		"a run with a body":            "GET /api/train" + long + " HTTP/1.1\r\nContent-Length: 1\r\n",
		"a run with chunks":            "GET /api/train" + long + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
		"a HEAD with a body":           "HEAD /api/train" + long + " HTTP/1.1\r\nContent-Length: 1\r\n",
		"a file with a body":           "GET /export/train.csv" + long + " HTTP/1.1\r\nContent-Length: 1\r\n",
		"a sweep":                      "GET /api/sweep?show=loss&steps=500 HTTP/1.1\r\n",
		"a sweep with a body":          "GET /api/sweep?show=loss&steps=500 HTTP/1.1\r\nContent-Length: 1\r\n",
		"a sweep's file with a body":   "GET /export/sweep.csv?show=loss&steps=500 HTTP/1.1\r\nContent-Length: 1\r\n",
		"kernels with a body":          "GET /api/kernels?kernel=learnt&run=net%3Ddeep%26steps%3D500 HTTP/1.1\r\nContent-Length: 1\r\n",
		"a press with half its form":   "POST /labs/train" + long + " HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n",
		"a press with half of nothing": "POST /labs/train" + long + " HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n",
		"a press":                      "POST /labs/train" + long + " HTTP/1.1\r\nContent-Length: 0\r\n",
		"a sweep's press":              "POST /labs/sweep?show=loss&steps=500 HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n",
	} {
		c, err := net.Dial("tcp", site.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		fmt.Fprintf(c, "%sHost: %s\r\n\r\n", request, site.Listener.Addr())
		computes := !strings.Contains(request, "h: 1\r") && !strings.Contains(request, "chunked") && !strings.Contains(request, "h: 9\r")
		if computes {
			within(t, name+" begins", func() bool { return site.config.Runs.Stats().Training > 0 })
		} else if strings.HasPrefix(request, "GET") || strings.HasPrefix(request, "HEAD") {
			answer, _ := io.ReadAll(c) // the server closes it, and does not wait for the body
			if !strings.Contains(string(answer), "400 Bad Request") || !strings.HasPrefix(request, "HEAD") && !strings.Contains(string(answer), "send no body") {
				t.Errorf("%s: got %.300s", name, answer)
			}
		} else {
			time.Sleep(50 * time.Millisecond) // it would have begun
		}
		c.Close()
		within(t, name+" stops", func() bool {
			s := site.config.Runs.Stats()
			return s.Training+s.Waiting == 0
		})
	}
}

// within waits for something that is soon to be so.
func within(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within half a minute: %s", what)
		}
	}
}

// withBudget gives a site's runs so much memory.
func withBudget(t *testing.T, bytes int64) func(*Config) {
	return func(c *Config) {
		c.Runs = runner.NewPool(runner.Options{Slots: 2, Budget: bytes})
		t.Cleanup(c.Runs.Close)
	}
}

// What the scheduler refuses is said with its reason, where it is asked for: to a script, on a page, and in a stream.
func TestRefusedRunsSayWhy(t *testing.T) {
	site := newSite(t, withBudget(t, 8<<20))
	const large = "?net=deep&count=64&batch=64&n=6"
	const reason = "times the memory that the server allows"
	for _, path := range []string{"/api/train" + large, "/export/train.csv" + large, "/api/sweep?show=loss&batch=64&channels=8", "/export/sweep.csv?show=loss&batch=64&channels=8"} {
		site.do(t, site.client(t), "GET", path, nil).wants(t, 400, `"batch":"makes this run need `, "")
	}
	for _, path := range []string{"/labs/train" + large, "/labs/train/board" + large, "/embed/train" + large, "/labs/sweep?show=loss&batch=64&channels=8"} {
		site.do(t, site.client(t), "GET", path, nil).wants(t, 200, reason, "")
	}
	site.do(t, site.client(t), "POST", "/labs/train"+large, nil).wants(t, 200, reason, "")
	// What is no field of the page is said as a whole.
	learnt := "?kernel=learnt&run=" + url.QueryEscape(large[1:])
	site.do(t, site.client(t), "GET", "/api/kernels"+learnt, nil).wants(t, 422, "this server gives one run 7 MB at most", "")
}
