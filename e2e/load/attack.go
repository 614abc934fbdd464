package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// The strangers: so many connections at once, and cookies that they take turns with.
const (
	attackConnections = 50
	attackCookies     = 1000
)

// attack has strangers do their worst while a class is on: everything that deeds hold, each as often, and a hundred wrong codes
// a second beside. It prints what the class, another class's reveals and ordinary visitors notice of it.
func attack(ctx context.Context, o options, c *cluster) error {
	h, err := gather(ctx, o, c, question)
	if err != nil {
		return err
	}
	defer h.leave()
	revealing, err := newRevealing(c.url)
	if err != nil {
		return fmt.Errorf("open a class to reveal in: %w", err)
	}
	var work sync.WaitGroup
	fmt.Printf("%d students, and strangers on %d connections with %d cookies, for %v\n", o.students, attackConnections, attackCookies, o.last)

	end, cancel := context.WithTimeout(ctx, o.last)
	defer cancel()
	s := newStrangers(c.url, h.code, h.stop)
	for range attackConnections {
		work.Go(func() { s.work(end) })
	}
	work.Go(func() { s.guess(end) })
	var pages, labs, runs, acknowledged, refused times
	visit := func(into *times, path func(n int) string) {
		work.Go(func() {
			someone := newStudent(c.url, 0)
			for n := 0; end.Err() == nil; n++ {
				start := time.Now()
				if _, status, err := someone.do(ctx, http.MethodGet, path(n), nil); err == nil && status == http.StatusOK {
					into.add(time.Since(start))
				} else {
					refused.add(time.Since(start))
				}
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	ordinary := []string{"/", "/lessons/the-chain", "/questions/residual-fit", "/glossary", "/class", "/answers"}
	visit(&pages, func(n int) string { return ordinary[n%len(ordinary)] })
	visit(&labs, func(n int) string { return fmt.Sprintf("/labs/chain?depth=%d&layer=1", 1+n%100) })
	visit(&runs, func(n int) string { return fmt.Sprintf("/api/train?steps=5&seed=%d", 1_000_000+n) })
	for _, one := range h.students {
		work.Go(func() { one.write(end, o.every, &acknowledged, &refused) })
	}
	work.Go(func() { revealing.work(end) })
	work.Go(func() { h.changes(end) })
	work.Wait()
	last := h.last()
	for _, f := range h.followers {
		if err := f.wait(ctx, last.version); err != nil {
			return err
		}
	}
	steady, moves, _ := screens(h.teacher, h.followers, time.Time{}, o)
	fmt.Println("on the screens after:", steady)
	fmt.Println("of which stops:      ", moves)
	fmt.Println("answers acknowledged:", &acknowledged)
	fmt.Println("revealed after:      ", &revealing.took)
	fmt.Println("ordinary pages:      ", &pages)
	fmt.Println("chains:              ", &labs)
	fmt.Println("runs of five steps:  ", &runs)
	fmt.Println("refused or too late: ", &refused)
	fmt.Println("memory at its most:  ", c.memory())
	fmt.Println("the strangers:       ", s)
	h.leave()
	h.follow.Wait()
	return checkKept(ctx, h.students)
}

// A revealing is a class with one student, to whom a prediction's truth is revealed again and again, each of another run.
type revealing struct {
	teacher *teacher
	student *student
	took    times
}

func newRevealing(base string) (*revealing, error) {
	t, err := openClass(base)
	if err != nil {
		return nil, err
	}
	one := newStudent(base, 0)
	body, status, err := one.do(context.Background(), http.MethodPost, "/class/"+t.code+"/join", url.Values{"nickname": {""}})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%d: %.300s", status, body)
	}
	return &revealing{teacher: t, student: one}, err
}

// work asks, reveals at once, and measures until the student's page shows the truth: every two seconds, as many as a plan takes.
func (r *revealing) work(ctx context.Context) {
	for n := 0; n < 50 && ctx.Err() == nil; n++ {
		form := url.Values{"kind": {"predict-number"}, "title": {"How low?"}, "path": {fmt.Sprintf("/labs/train?seed=%d", 2_000_000+n)}, "truth": {"train losses[-1]"}, "go": {"1"}}
		resp, err := r.teacher.http.PostForm(r.teacher.url+"/class/"+r.teacher.code+"/plan", form)
		if err != nil {
			fmt.Println("a prediction was not taken:", err)
			continue
		}
		resp.Body.Close()
		start := time.Now()
		var b board
		if err := r.teacher.json(http.MethodPost, "/do", url.Values{"do": {"reveal"}}, &b); err != nil {
			fmt.Println("a reveal was not taken:", err)
			continue
		}
		for end := start.Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
			body, status, err := r.student.do(ctx, http.MethodGet, fmt.Sprintf("/class/%s/state?version=%d", r.teacher.code, b.Version), nil)
			if ctx.Err() != nil {
				return
			}
			if err == nil && status == http.StatusOK && !strings.Contains(string(body), `"waits":true`) {
				r.took.add(time.Since(start))
				break
			}
			if time.Now().After(end) {
				fmt.Println("a truth was not there after a minute")
				break
			}
		}
		select {
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
		}
	}
}
