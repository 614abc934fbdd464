package main

import (
	"bufio"
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// voteTime is how long a class takes for a vote, and for the talk.
const voteTime = 10 * time.Second

// vote lets a class vote, talk and vote again, and prints how long it took until an acknowledged vote was counted on the wall.
func vote(ctx context.Context, o options, c *cluster) error {
	h, err := gather(ctx, o, c, url.Values{"kind": {"predict-choice"}, "title": {"Which?"}, "choices": {"left\nright\nneither\nboth"}, "given": {"2"}, "go": {"1"}})
	if err != nil {
		return err
	}
	defer h.leave()
	w := &wall{teacher: h.teacher}
	h.follow.Go(func() { w.follow(h.following) })
	fmt.Printf("%d students vote, talk and vote again, %v each\n", o.students, voteTime)
	var b board
	for round := 1; round <= 2; round++ {
		var acknowledged, shown times
		w.start(round)
		at := make([]time.Time, len(h.students))
		var work sync.WaitGroup
		for i, s := range h.students {
			work.Go(func() {
				time.Sleep(time.Duration(mathrand.Int64N(int64(voteTime))))
				start := time.Now()
				form := url.Values{"stop": {h.stop}, "round": {fmt.Sprint(round)}, "guess": {fmt.Sprint(i % 4)}, "confidence": {"2"}}
				body, status, err := s.do(ctx, http.MethodPost, "/class/"+h.code+"/guess", form)
				if err != nil || status != http.StatusOK {
					fmt.Printf("%s: %d, %v, %.200s\n", s.name, status, err, body)
					return
				}
				at[i] = time.Now()
				acknowledged.add(at[i].Sub(start))
			})
		}
		work.Wait()
		slices.SortFunc(at, time.Time.Compare)
		for i, when := range at {
			seen, err := w.reached(ctx, i+1)
			if err != nil {
				return err
			}
			shown.add(max(0, seen.Sub(when)))
		}
		fmt.Printf("vote %d acknowledged after:  %v\n", round, &acknowledged)
		fmt.Printf("       counted on the wall: %v\n", &shown)
		for range []int{2, 0}[round-1] { // lock, discuss
			if err := h.json(http.MethodPost, "/do", url.Values{"do": {"advance"}}, &b); err != nil {
				return err
			}
		}
		if round == 1 {
			time.Sleep(voteTime)
			if err := h.json(http.MethodPost, "/do", url.Values{"do": {"advance"}}, &b); err != nil {
				return err
			}
		}
	}
	fmt.Println("memory at its most:  ", c.memory())
	h.leave()
	h.follow.Wait()
	return ctx.Err()
}

// A wall is the projector's page: told that votes have come in, it fetches what it shows, as its script does.
type wall struct {
	*teacher
	pause time.Duration // between two looks
	mu    sync.Mutex
	again bool // the second vote is counted
	seen  []counted
}

type counted struct {
	votes int
	at    time.Time
}

func (w *wall) start(round int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.again, w.seen = round == 2, nil
}

var countLine = regexp.MustCompile(`(\d+) of \d+ have predicted( again)?`)

func (w *wall) follow(ctx context.Context) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/class/"+w.code+"/events", nil)
	if err != nil {
		return
	}
	r.Header.Set("Accept", "text/event-stream")
	for _, cookie := range w.http.Jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	resp, err := streams.Do(r)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	wanted := make(chan struct{}, 1) // of several wishes at once one is enough
	go func() {
		for range wanted {
			var b board
			if err := w.json(http.MethodGet, "/board?view=projector", nil, &b); err != nil {
				continue
			}
			time.Sleep(w.pause)
			m, now := countLine.FindStringSubmatch(b.Parts["stage"]), time.Now()
			if m == nil {
				continue
			}
			n, _ := strconv.Atoi(m[1])
			w.mu.Lock()
			if (m[2] != "") == w.again {
				w.seen = append(w.seen, counted{n, now})
			}
			w.mu.Unlock()
		}
	}()
	defer close(wanted)
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event: ") {
			select {
			case wanted <- struct{}{}:
			default:
			}
		}
	}
}

// reached says when the wall first showed so many votes.
func (w *wall) reached(ctx context.Context, votes int) (time.Time, error) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		w.mu.Lock()
		for _, s := range w.seen {
			if s.votes >= votes {
				w.mu.Unlock()
				return s.at, nil
			}
		}
		w.mu.Unlock()
	}
	return time.Time{}, fmt.Errorf("the wall does not count %d votes within a minute", votes)
}
