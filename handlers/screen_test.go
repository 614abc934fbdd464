package handlers

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A screen is a device in a lecture that learns of the class by its event stream alone: the wall, the teacher's own, a phone.
type screen struct {
	*testClass
	name   string
	client *http.Client
	stream io.Closer
	events *bufio.Scanner
	board  string // what it asks when it hears of something, "" for a phone, which is sent its stage
	stage  string // the name of the stage that it shows
	shows  string // the address of the lab in its frame, and the HTML of its parts
}

// A shown is what a page is told of a class.
type shown struct {
	Lab   string
	Parts map[string]string
	State string // of a phone
}

// screen opens a page and its stream, and waits for the first that it tells.
func (c *testClass) screen(t *testing.T, name string, client *http.Client, board string) *screen {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+"/class/"+c.code+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := (&http.Client{Jar: client.Jar}).Do(r)
	if err != nil || stream.StatusCode != http.StatusOK {
		t.Fatalf("the stream of %s: %v, %v", name, stream, err)
	}
	t.Cleanup(func() { stream.Body.Close() })
	s := &screen{testClass: c, name: name, client: client, stream: stream.Body, events: bufio.NewScanner(stream.Body), board: board}
	s.events.Buffer(nil, 1<<20)
	s.open(t)
	return s
}

// open loads the page anew, as after a form that was sent without scripts.
func (s *screen) open(t *testing.T) {
	t.Helper()
	path := "/state"
	if s.board != "" {
		path = s.board
	}
	var told shown
	if err := json.Unmarshal([]byte(s.do(t, s.client, "GET", "/class/"+s.code+path, nil).body), &told); err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	s.take(told)
}

func (s *screen) take(told shown) {
	s.stage, s.shows = told.State, told.Lab
	for _, part := range told.Parts {
		s.shows += part
	}
}

// hear takes the next event of the stream, as the page's script does; in is false where the stream has ended, or tells nothing for minutes.
func (s *screen) hear(t *testing.T) (in bool) {
	t.Helper()
	defer time.AfterFunc(2*time.Minute, func() { s.stream.Close() }).Stop()
	for s.events.Scan() {
		data, found := strings.CutPrefix(s.events.Text(), "data: ")
		if !found {
			continue
		}
		var change struct {
			Version    int64
			Stage, Lab string
			Answer     *shown
		}
		if err := json.Unmarshal([]byte(data), &change); err != nil {
			t.Fatal(err)
		}
		switch {
		case change.Answer != nil:
			s.take(*change.Answer)
		case s.board != "" || change.Version == 0 || change.Stage != s.stage:
			s.open(t)
		default: // another lab on the same stage
			s.shows = change.Lab + s.shows[strings.Index(s.shows+"<", "<"):]
		}
		return true
	}
	return false
}

// sees follows the stream until the device shows all that is wanted; what begins with "not " must not be there then.
func (s *screen) sees(t *testing.T, when string, wanted ...string) {
	t.Helper()
	lacks := func() string {
		for _, w := range wanted {
			if !strings.HasPrefix(w, "not ") && !strings.Contains(s.shows, w) {
				return w
			}
		}
		return ""
	}
	for lacks() != "" {
		if !s.hear(t) {
			t.Fatalf("%s: %s is not told of %q; it shows\n%s", when, s.name, lacks(), s.shows)
		}
	}
	for _, w := range wanted {
		if secret, is := strings.CutPrefix(w, "not "); is && strings.Contains(s.shows, secret) {
			t.Errorf("%s: %s shows %q", when, s.name, secret)
		}
	}
}
