package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// streams has no time limit, unlike browsers.
var streams = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: -1}}

// A follower is a student's page that keeps in step with the class, as its script does: a stream tells of a new version and
// the lab that is shown, and where more has changed, the page fetches what it may show.
type follower struct {
	*student
	code  string
	stage string        // its name, as the server told
	again chan struct{} // comes back at once after its stream was broken off

	mu    sync.Mutex
	cut   context.CancelFunc // breaks the stream off
	seen  []change           // versions that were on the screen, and since when
	gaps  []time.Duration
	lost  time.Time     // when the stream broke, zero while it lives
	retry time.Duration // that the server asked for
}

// follow keeps a stream until ctx ends.
func (f *follower) follow(ctx context.Context) {
	f.retry = 3 * time.Second // what browsers do unasked
	for ctx.Err() == nil {
		stream, cut := context.WithCancel(ctx)
		f.mu.Lock()
		f.cut = cut
		f.mu.Unlock()
		f.stream(stream)
		cut()
		f.mu.Lock()
		if f.lost.IsZero() {
			f.lost = time.Now()
		}
		f.mu.Unlock()
		select {
		case <-time.After(f.retry):
		case <-f.again:
		case <-ctx.Done():
		}
	}
}

// breakOff ends the stream, as a wireless network does that fails for a moment. Browsers would come back one by one within
// 2.5 s, as the server asks them to; here everybody is back at once.
func (f *follower) breakOff() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.again <- struct{}{}
	f.lost = time.Now()
	f.cut()
}

// stream reads one stream to its end.
func (f *follower) stream(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url+"/class/"+f.code+"/events", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	r.AddCookie(&http.Cookie{Name: "visitor", Value: f.cookie})
	resp, err := streams.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("stream: %s", resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "retry":
			if ms, err := strconv.Atoi(value); err == nil {
				f.retry = time.Duration(ms) * time.Millisecond
			}
		case "data":
			var told event
			if err := json.Unmarshal([]byte(value), &told); err != nil {
				return err
			}
			if told.Version == 0 { // runs are computed: the page fetches what they came to
				if err := f.fetch(ctx, told); err != nil {
					return err
				}
				continue
			}
			if told.Stage != f.stage && told.Answer.Version < told.Version {
				if err := f.fetch(ctx, told); err != nil {
					return err
				}
			}
			f.stage = told.Stage
			f.show(told.Version)
		}
	}
	return lines.Err()
}

// An event tells of a version of the class. Stage names what everybody sees of it but for the lab, and where it is another one,
// the page comes with it.
type event struct {
	Version int64
	Stage   string
	Answer  struct{ Version int64 }
}

// fetch gets the class as it was told, or newer. Students have processors of their own, so here they share one gently: what
// came is unpacked and read by one student in fifty.
func (f *follower) fetch(ctx context.Context, told event) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/class/%s/state?version=%d", f.url, f.code, told.Version), nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.AddCookie(&http.Cookie{Name: "visitor", Value: f.cookie})
	resp, err := browsers.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("state: %s", resp.Status)
	}
	if f.number%50 == 0 {
		if err := newEnough(body, resp.Header.Get("Content-Encoding") == "gzip", told.Version); err != nil {
			fmt.Println(f.name, "was shown something else:", err)
			return err
		}
	}
	return nil
}

// show notes that a version is on the screen.
func (f *follower) show(version int64) {
	now := time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.lost.IsZero() {
		if len(f.seen) > 0 { // not of the first connection
			f.gaps = append(f.gaps, now.Sub(f.lost))
		}
		f.lost = time.Time{}
	}
	f.seen = append(f.seen, change{version: version, at: now})
}

// newEnough returns nil where a state is at that version at least.
func newEnough(body []byte, packed bool, version int64) error {
	var from io.Reader = bytes.NewReader(body)
	if packed {
		gz, err := gzip.NewReader(from)
		if err != nil {
			return err
		}
		from = gz
	}
	var state struct{ Version int64 }
	if err := json.NewDecoder(from).Decode(&state); err != nil {
		return err
	}
	if state.Version < version {
		return fmt.Errorf("version %d instead of %d", state.Version, version)
	}
	return nil
}

// reached says when a version, or a newer one, was on the screen; now, where it is not yet.
func (f *follower) reached(version int64) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.seen {
		if s.version >= version {
			return s.at
		}
	}
	return time.Now()
}

// wait returns when a version is on the screen.
func (f *follower) wait(ctx context.Context, version int64) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		f.mu.Lock()
		there := len(f.seen) > 0 && f.seen[len(f.seen)-1].version >= version
		f.mu.Unlock()
		if there {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s does not follow: version %d is not on the screen after a minute", f.name, version)
}

// json sends a form of the class's teacher, or asks, and reads the answer.
func (t *teacher) json(method, path string, form url.Values, answer any) error {
	r, err := http.NewRequest(method, t.url+"/class/"+t.code+path, bytes.NewBufferString(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := t.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %.200s", resp.Status, bytes.TrimSpace(b))
	}
	return json.Unmarshal(b, answer)
}
