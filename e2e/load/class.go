package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// class fills a class: every student follows and answers, and the teacher shows another lab every second, and every tenth
// time another stop. It prints how long changes took to be on the students' screens, and answers to be acknowledged.
func class(ctx context.Context, o options, c *cluster) error {
	h, err := gather(ctx, o, c, question)
	if err != nil {
		return err
	}
	defer h.leave()
	fmt.Printf("%d students for %v, a change every second, an answer of each every %v\n", o.students, o.last, o.every)
	var work sync.WaitGroup

	cpu := c.cpu()
	var acknowledged, refused times
	end, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	for _, s := range h.students {
		work.Go(func() { s.write(end, o.every, &acknowledged, &refused) })
	}
	work.Go(func() { h.changes(end) })
	broken := time.Now().Add(o.last / 2)
	if err := c.trouble(ctx, o); err != nil {
		return err
	}
	if o.reconnect {
		fmt.Println("every stream breaks off, and comes back at once")
		for _, f := range h.followers {
			f.breakOff()
		}
	}
	work.Wait()
	last := h.last()
	for _, f := range h.followers {
		if err := f.wait(ctx, last.version); err != nil {
			return err
		}
	}
	memory := c.memory()
	cpu = c.cpu() - cpu
	h.leave()
	h.follow.Wait()

	steady, moves, troubled := screens(h.teacher, h.followers, broken, o)
	fmt.Println("changes made:        ", len(h.made))
	fmt.Println("on the screens after:", steady)
	fmt.Println("of which stops:      ", moves)
	if o.troubled() {
		fmt.Println("in the trouble:      ", troubled)
		fmt.Println("following again:     ", returns(h.followers))
	}
	fmt.Println("answers acknowledged:", &acknowledged)
	fmt.Println("attempts in vain:    ", &refused)
	fmt.Println("memory at its most:  ", memory)
	if !o.kill { // what a killed one used is not known
		fmt.Println("CPU of the servers:  ", ms(cpu/time.Duration(max(1, len(h.made)*len(h.students)))), "a change and student")
	}
	return checkKept(ctx, h.students)
}

// screens says how long each change took to each screen: those of the time around the trouble apart. Moves are those of the steady
// ones that show another stop. A change that was overtaken by the next counts until the next was there.
func screens(t *teacher, followers []*follower, broken time.Time, o options) (steady, moves, troubled *times) {
	steady, moves, troubled = &times{}, &times{}, &times{}
	const recovery = 6 * time.Second
	for _, m := range t.made {
		for _, f := range followers {
			took := f.reached(m.version).Sub(m.at)
			if o.troubled() && m.at.After(broken.Add(-time.Second)) && m.at.Before(broken.Add(o.outage+recovery)) {
				troubled.add(took)
				continue
			}
			steady.add(took)
			if m.move {
				moves.add(took)
			}
		}
	}
	return steady, moves, troubled
}

// returns says how long those who lost their stream were without one.
func returns(followers []*follower) *times {
	all := &times{}
	for _, f := range followers {
		for _, gap := range f.gaps {
			all.add(gap)
		}
	}
	return all
}

// A hall is a class with everybody in it, who follow what its teacher shows.
type hall struct {
	*teacher
	stop      string // that is shown
	students  []*student
	followers []*follower
	following context.Context // until they leave
	leave     func()
	follow    sync.WaitGroup
}

// question is a stop at which answers are handed in.
var question = url.Values{"kind": {"ask"}, "title": {"Why?"}, "path": {"/labs/chain"}, "go": {"1"}}

// gather opens a class that shows a stop, lets everybody in, and returns once all follow.
func gather(ctx context.Context, o options, c *cluster, stop url.Values) (*hall, error) {
	t, err := openClass(c.url)
	if err != nil {
		return nil, fmt.Errorf("open a class: %w", err)
	}
	h := &hall{teacher: t}
	if h.stop, err = t.show(stop); err != nil {
		return nil, fmt.Errorf("show a stop: %w", err)
	}
	if h.students, err = join(ctx, o, c, t.code, h.stop); err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	h.following, h.leave = context.WithCancel(ctx)
	for _, s := range h.students {
		f := &follower{student: s, code: t.code, again: make(chan struct{}, 1)}
		h.followers = append(h.followers, f)
		h.follow.Go(func() { f.follow(h.following) })
	}
	for _, f := range h.followers {
		if err := f.wait(ctx, 1); err != nil {
			h.leave()
			return nil, err
		}
	}
	return h, nil
}

// join lets everybody in, a few at a time.
func join(ctx context.Context, o options, c *cluster, code, stop string) ([]*student, error) {
	students, errs := make([]*student, o.students), make(chan error, o.students)
	places := make(chan struct{}, 20)
	for i := range students {
		s := newStudent(c.url, i)
		s.page, s.post, s.form = "/class/"+code, "/class/"+code+"/answer", url.Values{"stop": {stop}}
		students[i] = s
		go func() {
			places <- struct{}{}
			defer func() { <-places }()
			body, status, err := s.do(ctx, http.MethodPost, "/class/"+code+"/join", url.Values{"nickname": {""}})
			if err == nil && status != http.StatusOK { // after the redirection to the class's page
				err = fmt.Errorf("%d: %.300s", status, body)
			}
			errs <- err
		}()
	}
	var err error
	for range students {
		err = errors.Join(err, <-errs)
	}
	return students, err
}

// A teacher opens a class and changes what is shown.
type teacher struct {
	http *http.Client
	url  string
	code string
	made []change
}

// A change is the time at which a version of the class was asked for. A move shows another stop, which every page fetches.
type change struct {
	version int64
	at      time.Time
	move    bool
}

func openClass(base string) (*teacher, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := &teacher{http: &http.Client{Jar: jar, Timeout: 10 * time.Second}, url: base}
	resp, err := t.http.PostForm(base+"/class", url.Values{"title": {"A full hall"}})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	t.code = regexp.MustCompile(`^/class/([^/]+)/remote$`).ReplaceAllString(resp.Request.URL.Path, "$1")
	if resp.StatusCode != http.StatusOK || strings.Contains(t.code, "/") {
		return nil, fmt.Errorf("%s at %s", resp.Status, resp.Request.URL.Path)
	}
	return t, nil
}

// show adds a stop to the plan, as its form says, and returns its id.
func (t *teacher) show(stop url.Values) (id string, err error) {
	resp, err := t.http.PostForm(t.url+"/class/"+t.code+"/plan", stop)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(resp.Status)
	}
	board, err := t.board()
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`name="stop" value="([^"]+)"`).FindStringSubmatch(board.Parts["controls"] + board.Parts["now"])
	if found == nil {
		return "", errors.New("the board names no stop")
	}
	return found[1], nil
}

type board struct {
	Version int64
	Parts   map[string]string
}

func (t *teacher) board() (board, error) {
	var b board
	return b, t.json(http.MethodGet, "/board", nil, &b)
}

// changes shows another lab every second until ctx ends, and every tenth time another stop: from the question to the one
// before, and back.
func (t *teacher) changes(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		form := url.Values{"do": {"show"}, "path": {fmt.Sprintf("/labs/chain?depth=%d", 1+n%100)}}
		switch n % 20 {
		case 5:
			form = url.Values{"do": {"previous"}}
		case 15:
			form = url.Values{"do": {"next"}}
		}
		at := time.Now()
		var b board
		if err := t.json(http.MethodPost, "/do", form, &b); err != nil {
			fmt.Println("a change was not taken:", err)
			continue
		}
		if b.Version > t.last().version { // else there was no stop to go to: the change before was lost
			t.made = append(t.made, change{b.Version, at, form.Get("do") != "show"})
		}
	}
}

// last is the last change that was made; there is one at least.
func (t *teacher) last() change {
	if len(t.made) == 0 {
		return change{}
	}
	return t.made[len(t.made)-1]
}
