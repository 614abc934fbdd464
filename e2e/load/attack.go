package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The attackers: so many connections at once, and cookies that they take turns with.
const (
	attackConnections = 50
	attackCookies     = 1000
)

// attack has strangers do their worst to the runs while a class is on: large runs that are left at their first step or held,
// runs whose body never comes, sweeps, files. It prints what the class and ordinary visitors notice of it.
func attack(ctx context.Context, o options, c *cluster) error {
	t, err := openClass(c.url)
	if err != nil {
		return fmt.Errorf("open a class: %w", err)
	}
	stop, err := t.ask()
	if err != nil {
		return fmt.Errorf("ask a question: %w", err)
	}
	students, err := join(ctx, o, c, t.code, stop)
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	followers := make([]*follower, len(students))
	following, leave := context.WithCancel(ctx)
	defer leave()
	var follow, work sync.WaitGroup
	for i, s := range students {
		followers[i] = &follower{student: s, code: t.code, again: make(chan struct{}, 1)}
		follow.Go(func() { followers[i].follow(following) })
	}
	for _, f := range followers {
		if err := f.wait(ctx, 1); err != nil {
			return err
		}
	}
	fmt.Printf("%d students, and strangers on %d connections with %d cookies, for %v\n", o.students, attackConnections, attackCookies, o.last)

	end, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	a := &attacker{host: strings.TrimPrefix(c.url, "http://"), cookies: make([]string, attackCookies), told: map[string]int{}}
	for i := range a.cookies {
		var token [32]byte
		rand.Read(token[:])
		a.cookies[i] = base64.RawURLEncoding.EncodeToString(token[:])
	}
	for i := range attackConnections {
		work.Go(func() { a.work(end, i) })
	}
	var pages, runs, failures times
	for _, visit := range []struct {
		into *times
		path func(n int) string
	}{
		{&pages, func(int) string { return "/lessons/the-chain" }},
		{&runs, func(n int) string { return fmt.Sprintf("/api/train?steps=5&seed=%d", 1_000_000+n) }},
	} {
		work.Go(func() {
			someone := newStudent(c.url, 0)
			for n := 0; end.Err() == nil; n++ {
				start := time.Now()
				if _, status, err := someone.do(ctx, http.MethodGet, visit.path(n), nil); err == nil && status == http.StatusOK {
					visit.into.add(time.Since(start))
				} else {
					failures.add(time.Since(start))
				}
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	work.Go(func() { t.changes(end) })
	work.Wait()
	last := t.last()
	for _, f := range followers {
		if err := f.wait(ctx, last.version); err != nil {
			return err
		}
	}
	steady, moves, _ := screens(t, followers, time.Time{}, o)
	fmt.Println("on the screens after:", steady)
	fmt.Println("of which stops:      ", moves)
	fmt.Println("ordinary pages:      ", &pages)
	fmt.Println("runs of five steps:  ", &runs)
	fmt.Println("refused or too late: ", &failures)
	fmt.Println("memory at its most:  ", c.memory())
	fmt.Println("the strangers:       ", a)
	leave()
	follow.Wait()
	return nil
}

// An attacker sends requests by hand, so that it may hang up anywhere.
type attacker struct {
	host    string
	cookies []string

	mu   sync.Mutex
	n    int
	told map[string]int // what came first of each answer
}

func (a *attacker) String() string { return fmt.Sprint(a.n, " requests; told ", a.told) }

// work sends one request after another until ctx ends: a connection's.
func (a *attacker) work(ctx context.Context, connection int) {
	const large = "net=deep&n=18&channels=16&count=64&batch=64&steps=100&optimizer=adam"
	for ctx.Err() == nil {
		a.mu.Lock()
		n := a.n
		a.n++
		a.mu.Unlock()
		stream, hold, extra := true, time.Duration(0), ""
		path := fmt.Sprintf("/api/train?%s&seed=%d", large, n)
		switch connection % 5 {
		case 0: // left at its first step
		case 1: // held
			hold = 10 * time.Second
		case 2: // with a body that never comes, and closed
			stream, extra, hold = false, "Content-Length: 1\r\n", 50*time.Millisecond
		case 3: // many middling runs
			path, hold = fmt.Sprintf("/api/train?net=deep&n=3&count=64&batch=32&steps=2000&twin=1&seed=%d", n), 2*time.Second
		case 4: // a sweep, or a file of one, left after a second
			stream, hold = n%2 == 0, time.Second
			path = fmt.Sprintf("/api/sweep?show=loss&seed=%d", n)
		}
		if stream {
			extra += "Accept: text/event-stream\r\n"
		}
		first := a.send(ctx, path, extra+"Cookie: visitor="+a.cookies[n%len(a.cookies)]+"\r\n", hold, connection%5 == 0)
		a.mu.Lock()
		a.told[first]++
		a.mu.Unlock()
		if first == "nothing" || strings.HasPrefix(first, "4") || strings.HasPrefix(first, "5") {
			time.Sleep(50 * time.Millisecond) // the machine is the class's, too
		}
	}
}

// send asks, reads until a first step has come or the time is over, and hangs up. It returns what it was told.
func (a *attacker) send(ctx context.Context, path, header string, hold time.Duration, step bool) string {
	conn, err := net.DialTimeout("tcp", a.host, 5*time.Second)
	if err != nil {
		return "no connection"
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if hold == 0 {
		hold = 20 * time.Second
	}
	conn.SetDeadline(time.Now().Add(hold))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, a.host, header)
	lines, told := bufio.NewReader(conn), "nothing"
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
		if event, found := strings.CutPrefix(line, "event: "); found {
			told = strings.TrimSpace(event)
			if told == "failed" || step && told == "step" {
				return told
			}
		}
	}
}
