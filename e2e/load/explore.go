package main

import (
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// exploreTime is how long a hall takes to submit its runs.
const exploreTime = time.Minute

// beside are pages that others look at meanwhile.
var beside = []string{"/", "/lessons/the-skip", "/labs/chain", "/labs/chain/board?depth=20&activation=tanh", "/questions/residual-fit"}

// explore lets each student of a class submit a run, which another submits, too, and prints how long that took,
// how long other pages took before and meanwhile, and when the last was computed. It fails when a run is lost.
func explore(ctx context.Context, o options, c *cluster) error {
	const lab = "/labs/train?steps=20&count=20&batch=10"
	h, err := gather(ctx, o, c, url.Values{"kind": {"explore"}, "title": {"Train it well"}, "path": {lab}, "goal": {"loss"}, "go": {"1"}})
	if err != nil {
		return err
	}
	defer h.leave()
	w := &wall{teacher: h.teacher, pause: time.Second}
	h.follow.Go(func() { w.follow(h.following) })

	idle := visit(ctx, h.students, 20*time.Second)
	fmt.Printf("%d students submit a run each within %v\n", o.students, exploreTime)
	var acknowledged times
	var work sync.WaitGroup
	start, cpu := time.Now(), c.cpu()
	for i, s := range h.students {
		work.Go(func() {
			time.Sleep(time.Duration(mathrand.Int64N(int64(exploreTime))))
			at := time.Now()
			form := url.Values{"stop": {h.stop}, "run": {fmt.Sprint(lab, "&depth=", i/2%10, "&seed=", i/2)}}
			if body, status, err := s.do(ctx, http.MethodPost, "/class/"+h.code+"/submit", form); err != nil || status != http.StatusOK {
				fmt.Printf("%s: %d, %v, %.200s\n", s.name, status, err, body)
				return
			}
			acknowledged.add(time.Since(at))
		})
	}
	busy := visit(ctx, h.students, exploreTime)
	work.Wait()
	for {
		var shown board
		if err := h.json(http.MethodGet, "/board?view=projector", nil, &shown); err != nil {
			return err
		}
		if strings.Contains(shown.Parts["stage"], "submitted") && !strings.Contains(shown.Parts["stage"], "being computed") {
			break
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	computed := time.Since(start)
	kept, err := h.submitted()
	if err != nil {
		return err
	}
	fmt.Println("submissions acknowledged after:", &acknowledged)
	fmt.Println("other pages before:            ", idle)
	fmt.Println("other pages meanwhile:         ", busy)
	fmt.Printf("the last run was computed after %v, with %v of processor; memory at its most %s\n", computed.Round(time.Second), (c.cpu() - cpu).Round(time.Second), c.memory())
	h.leave()
	h.follow.Wait()
	if n := len(acknowledged.all); kept != n || n != o.students {
		return fmt.Errorf("%d submissions, %d acknowledged, %d kept", o.students, n, kept)
	}
	return ctx.Err()
}

// visit asks for other pages, 20 a second, and says how long they took.
func visit(ctx context.Context, students []*student, lasts time.Duration) *times {
	var took times
	var asked sync.WaitGroup
	ticker := time.NewTicker(time.Second / 20)
	defer ticker.Stop()
	for n, end := 0, time.Now().Add(lasts); time.Now().Before(end) && ctx.Err() == nil; n++ {
		<-ticker.C
		asked.Go(func() {
			start := time.Now()
			path := beside[n%len(beside)]
			if _, status, err := students[n%len(students)].do(ctx, http.MethodGet, path, nil); err != nil || status != http.StatusOK {
				fmt.Printf("%s: %d, %v\n", path, status, err)
				return
			}
			took.add(time.Since(start))
		})
	}
	asked.Wait()
	return &took
}

// submitted counts the computed runs of the class's file.
func (t *teacher) submitted() (n int, err error) {
	var all struct {
		Rows []struct {
			Run   string
			Value any
		}
	}
	err = t.json(http.MethodGet, "/export.json", nil, &all)
	for _, row := range all.Rows {
		if row.Run != "" && row.Value != nil {
			n++
		}
	}
	return n, err
}
