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

// class fills a class: every student follows and answers, and the teacher shows something else every second. It prints how
// long changes took to be on the students' screens, and answers to be acknowledged.
func class(ctx context.Context, o options, c *cluster) error {
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
	fmt.Printf("%d students for %v, a change every second, an answer of each every %v\n", o.students, o.last, o.every)
	followers := make([]*follower, len(students))
	following, leave := context.WithCancel(ctx)
	defer leave()
	var follow, work sync.WaitGroup
	for i, s := range students {
		followers[i] = &follower{student: s, code: t.code}
		follow.Go(func() { followers[i].follow(following) })
	}
	for _, f := range followers { // all are there before the measurement begins
		if err := f.wait(ctx, 1); err != nil {
			return err
		}
	}

	cpu := c.cpu()
	var acknowledged, refused times
	end, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	for _, s := range students {
		work.Go(func() { s.write(end, o.every, &acknowledged, &refused) })
	}
	work.Go(func() { t.changes(end) })
	broken := time.Now().Add(o.last / 2)
	if err := c.trouble(ctx, o); err != nil {
		return err
	}
	work.Wait()
	last := t.last()
	for _, f := range followers {
		if err := f.wait(ctx, last.version); err != nil {
			return err
		}
	}
	memory := c.memory()
	cpu = c.cpu() - cpu
	leave()
	follow.Wait()

	steady, troubled := screens(t, followers, broken, o)
	fmt.Println("changes made:        ", len(t.made))
	fmt.Println("on the screens after:", steady)
	if o.kill || o.outage > 0 {
		fmt.Println("in the trouble:      ", troubled)
		fmt.Println("following again:     ", returns(followers))
	}
	fmt.Println("answers acknowledged:", &acknowledged)
	fmt.Println("attempts in vain:    ", &refused)
	fmt.Println("memory at its most:  ", memory)
	if !o.kill { // what a killed one used is not known
		fmt.Println("CPU of the servers:  ", ms(cpu/time.Duration(max(1, len(t.made)*len(students)))), "a change and student")
	}
	return checkKept(ctx, students)
}

// screens says how long each change took to each screen: those of the time around the trouble apart. A change that was
// overtaken by the next counts until the next was there.
func screens(t *teacher, followers []*follower, broken time.Time, o options) (steady, troubled *times) {
	steady, troubled = &times{}, &times{}
	const recovery = 6 * time.Second
	for _, m := range t.made {
		for _, f := range followers {
			took := f.reached(m.version).Sub(m.at)
			if (o.kill || o.outage > 0) && m.at.After(broken.Add(-time.Second)) && m.at.Before(broken.Add(o.outage+recovery)) {
				troubled.add(took)
			} else {
				steady.add(took)
			}
		}
	}
	return steady, troubled
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

// A change is the time at which a version of the class was asked for.
type change struct {
	version int64
	at      time.Time
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

// ask shows a question and returns the id of its stop.
func (t *teacher) ask() (stop string, err error) {
	resp, err := t.http.PostForm(t.url+"/class/"+t.code+"/plan", url.Values{"kind": {"ask"}, "title": {"Why?"}, "path": {"/labs/chain"}, "go": {"1"}})
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

// changes shows another lab every second until ctx ends.
func (t *teacher) changes(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		at := time.Now()
		var b board
		path := fmt.Sprintf("/labs/chain?depth=%d", 1+n%100)
		if err := t.json(http.MethodPost, "/do", url.Values{"do": {"show"}, "path": {path}}, &b); err != nil {
			fmt.Println("a change was not taken:", err)
			continue
		}
		t.made = append(t.made, change{b.Version, at})
	}
}

// last is the last change that was made; there is one at least.
func (t *teacher) last() change {
	if len(t.made) == 0 {
		return change{}
	}
	return t.made[len(t.made)-1]
}
