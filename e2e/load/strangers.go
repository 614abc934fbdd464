package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Strangers do their worst from so many connections, with cookies that they take turns with. They know the code of the class.
type strangers struct {
	url, code, stop string
	cookies         []string

	mu     sync.Mutex
	n      int
	told   map[string]map[string]int // by deed, what came first of each answer
	reason string                    // that one was given for waiting
}

func newStrangers(url, code, stop string) *strangers {
	s := &strangers{url: url, code: code, stop: stop, cookies: make([]string, attackCookies), told: map[string]map[string]int{}}
	for i := range s.cookies {
		var token [32]byte
		rand.Read(token[:])
		s.cookies[i] = base64.RawURLEncoding.EncodeToString(token[:])
	}
	return s
}

// A deed is one thing that strangers do, the nth in all, with a cookie. It returns what they were told.
type deed struct {
	name string
	do   func(s *strangers, ctx context.Context, n int, cookie string) string
}

const (
	largeRun = "net=deep&n=18&channels=16&count=64&batch=64&steps=100&optimizer=adam"
	eventful = "net=mlp&depth=100&width=1&data=noise&count=1&batch=1&steps=5000" // half a million numbers to tell
	dearest  = "depth=100&dtype=float64&spread=0.5&activation=gelu&layer=1&check=on"
	stack    = "kernel=custom&kernel2=custom&kernel3=custom&weights=1,2,3,4,5,6,7,8,9&weights2=1,2,3,4,5,6,7,8,9&weights3=1,2,3,4,5,6,7,8,9&padding=2&padding2=2&padding3=2&stage=3"
)

var deeds = []deed{
	{"a large run, left at its first step", get("/api/train?"+largeRun+"&seed=%d", asStream, 20*time.Second, "step")},
	{"a large run, held", get("/api/train?"+largeRun+"&seed=%d", asStream, 10*time.Second, "")},
	{"middling runs", get("/api/train?net=deep&n=3&count=64&batch=32&steps=2000&twin=1&seed=%d", asStream, 2*time.Second, "")},
	{"a run of many numbers, told again", get("/api/train?"+eventful, asStream, 5*time.Second, "")},
	{"a sweep", get("/api/sweep?show=loss&seed=%d", asStream, time.Second, "")},
	{"a sweep's file", get("/export/sweep.csv?show=loss&seed=%d", "", time.Second, "")},
	{"a run's file", get("/export/train.csv?"+largeRun+"&seed=%d", "", time.Second, "")},
	{"kernels of a long run", get("/api/kernels?kernel=learnt&run=net%%3Ddeep%%26steps%%3D500%%26seed%%3D%d", "", time.Second, "")},
	{"a body that never comes", get("/api/train?"+largeRun+"&seed=%d", "Content-Length: 1\r\n", time.Second, "")},
	{"a form that never comes", func(s *strangers, ctx context.Context, n int, cookie string) string {
		return s.send(ctx, fmt.Sprintf("POST /labs/train?%s&seed=%d", largeRun, n), cookie, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n", time.Second, "")
	}},
	{"the dearest chains", often("/labs/chain?"+dearest+"&seed=%d", "/labs/chain/board?"+dearest+"&seed=%d", "/api/graph?depth=100&spread=0.5&seed=%d")},
	{"the dearest kernels", often("/labs/kernels?"+stack+"&garment=%d", "/labs/kernels/board?"+stack+"&garment=%d", "/export/kernels.csv?"+stack+"&garment=%d")},
	{"pages of large nets", often("/labs/train?"+largeRun+"&seed=%d", "/labs/train/board?"+largeRun+"&seed=%d", "/api/network?"+largeRun+"&seed=%d")},
	{"the class's stream", func(s *strangers, ctx context.Context, n int, cookie string) string {
		if told := s.post(ctx, "/join", cookie, url.Values{"nickname": {""}}); !strings.HasPrefix(told, "2") {
			return told
		}
		return s.send(ctx, "GET /class/"+s.code+"/events", cookie, asStream, 2*time.Second, "")
	}},
	{"an answer of random letters", func(s *strangers, ctx context.Context, n int, cookie string) string {
		s.post(ctx, "/join", cookie, url.Values{"nickname": {""}})
		letters := make([]byte, 20_000)
		for i := range letters {
			letters[i] = 'a' + byte(mathrand.IntN(26))
		}
		return s.post(ctx, "/answer", cookie, url.Values{"stop": {s.stop}, "text": {string(letters)}, "revision": {"0"}})
	}},
}

const asStream = "Accept: text/event-stream\r\n"

// get asks for a path, and hangs up after a time, or at an event.
func get(path, header string, hold time.Duration, until string) func(*strangers, context.Context, int, string) string {
	return func(s *strangers, ctx context.Context, n int, cookie string) string {
		request := "GET " + path
		if strings.Contains(path, "%d") {
			request = fmt.Sprintf(request, n)
		}
		return s.send(ctx, request, cookie, header, hold, until)
	}
}

// often asks for paths twenty times, as fast as they come.
func often(paths ...string) func(*strangers, context.Context, int, string) string {
	return func(s *strangers, ctx context.Context, n int, cookie string) (told string) {
		for i := range 20 {
			told = s.send(ctx, "GET "+fmt.Sprintf(paths[i%len(paths)], (20*n+i)%10_000), cookie, "Connection: close\r\n", 20*time.Second, "")
		}
		return told
	}
}

// work does one deed after another until ctx ends: a connection's.
func (s *strangers) work(ctx context.Context) {
	for ctx.Err() == nil {
		s.mu.Lock()
		n := s.n
		s.n++
		s.mu.Unlock()
		d := deeds[n%len(deeds)]
		told := d.do(s, ctx, n, s.cookies[n%len(s.cookies)])
		s.note(d.name, told)
		if told == "nothing" || strings.HasPrefix(told, "4") || strings.HasPrefix(told, "5") {
			time.Sleep(50 * time.Millisecond) // the machine is the class's, too
		}
	}
}

// guess tries a hundred wrong codes a second until ctx ends.
func (s *strangers) guess(ctx context.Context) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	var tries sync.WaitGroup
	defer tries.Wait()
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		tries.Go(func() {
			one := &student{url: s.url, cookie: s.cookies[n%len(s.cookies)]}
			_, status, err := one.do(ctx, http.MethodPost, "/class/join", url.Values{"code": {wrongCode()}, "nickname": {""}})
			if ctx.Err() == nil {
				s.note("wrong codes", toldOf(status, err))
			}
		})
	}
}

// wrongCode looks like a code of a class; see classroom's.
func wrongCode() string {
	const letters = "ACDEFGHJKMNPQRTUWXY34679"
	var code [7]byte
	for i := range code {
		code[i] = letters[mathrand.IntN(len(letters))]
	}
	return string(code[:])
}

func (s *strangers) note(deed, told string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told[deed] == nil {
		s.told[deed] = map[string]int{}
	}
	s.told[deed][told]++
}

// post sends a form to the class.
func (s *strangers) post(ctx context.Context, path, cookie string, form url.Values) string {
	one := &student{url: s.url, cookie: cookie}
	_, status, err := one.do(ctx, http.MethodPost, "/class/"+s.code+path, form)
	return toldOf(status, err)
}

func toldOf(status int, err error) string {
	if err != nil {
		return "nothing"
	}
	return fmt.Sprint(status, " ", http.StatusText(status))
}

// send asks by hand, so that it may hang up anywhere: it reads until an event has come, the answer ends or the time is over,
// and hangs up. It returns what it was told first.
func (s *strangers) send(ctx context.Context, request, cookie, header string, hold time.Duration, until string) string {
	host := strings.TrimPrefix(s.url, "http://")
	conn, err := net.DialTimeout("tcp", host, 5*time.Second)
	if err != nil {
		return "no connection"
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(hold))
	fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: %s\r\nCookie: visitor=%s\r\n%s\r\n", request, host, cookie, header)
	lines, told, event := bufio.NewReader(conn), "nothing", ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return told
		}
		if status, found := strings.CutPrefix(line, "HTTP/1.1 "); found {
			if told = strings.TrimSpace(status); !strings.HasPrefix(told, "200") {
				return told
			}
		}
		if name, found := strings.CutPrefix(line, "event: "); found {
			if event = strings.TrimSpace(name); strings.HasPrefix(told, "200") {
				told = event
			}
			if event == "failed" || event == until {
				return event
			}
		}
		if data, found := strings.CutPrefix(line, "data: "); found && event == "queued" {
			var queued struct{ Message string }
			if json.Unmarshal([]byte(data), &queued) == nil && queued.Message != "" {
				s.mu.Lock()
				s.reason = queued.Message
				s.mu.Unlock()
			}
		}
	}
}

// String is what the strangers did, a line a deed, and what they were told.
func (s *strangers) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.told)) {
		fmt.Fprintf(&b, "\n  %-38s %v", name+":", s.told[name])
	}
	fmt.Fprintf(&b, "\n  why one waits: %q", s.reason)
	return b.String()
}
