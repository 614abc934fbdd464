package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/lti"
)

// paged counts how often each line of a list is in it, read two at a time.
func paged[T any](t *testing.T, find func(context.Context, audit.Page) ([]T, error), place func(T) (time.Time, string)) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for page := (audit.Page{Most: 2}); ; {
		all := must(find(t.Context(), page))
		if len(all) == 0 {
			return seen
		}
		for _, one := range all {
			page.At, page.ID = place(one)
			seen[page.ID]++
		}
	}
}

// The operator's lists have everything once, page by page, also what was opened at the same moment, and find what holds a text.
func TestOperatorLists(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		class, plan := inAll(t, s)
		for range 4 {
			newClass(t, s)
		}
		for range 3 {
			newPlan(t, s)
		}
		first := newHomework(t, s)
		for range 2 {
			newHomework(t, s)
		}
		for i := range 5 {
			must(s.SavePlatform(t.Context(), lti.Platform{ID: fmt.Sprint("lms", i), Issuer: fmt.Sprintf("https://lms%d.example", i), ClientID: "c"}))
		}
		seen := paged(t, s.OperatorClasses, func(c audit.Class) (time.Time, string) { return c.Opened, c.ID })
		plansSeen := paged(t, s.OperatorPlans, func(l audit.Plan) (time.Time, string) { return l.Saved, l.ID })
		worksSeen := paged(t, s.OperatorHomework, func(h audit.Homework) (time.Time, string) { return h.Until, h.ID })
		platforms := paged(t, s.OperatorPlatforms, func(p audit.Platform) (time.Time, string) { return p.Added, p.ID })
		if len(platforms) < 5 {
			t.Errorf("%d platforms, want 5 at least", len(platforms))
		}
		load := must(s.Load(t.Context()))
		for what, n := range map[string]map[string]int{"classes": seen, "plans": plansSeen, "homework": worksSeen, "platforms": platforms} {
			for id, times := range n {
				if times != 1 {
					t.Errorf("%s: %s is listed %d times", what, id, times)
				}
			}
		}
		if len(seen) != 5 || load.Classes != 5 || load.OpenClasses != 5 || len(plansSeen) != load.Plans || load.Plans < 4 || load.Owners < 4 || load.Names != 1 {
			t.Errorf("%d classes, %d plans, counted are %+v", len(seen), len(plansSeen), load)
		}
		if worksSeen[first.ID] != 1 || load.Homework != len(worksSeen) {
			t.Errorf("%d homework listed, %d counted", len(worksSeen), load.Homework)
		}
		works := must(s.OperatorHomework(t.Context(), audit.Page{Text: first.ID, Most: 9}))
		if len(works) != 1 || works[0].Stops != 2 || works[0].Bytes < 100 || !works[0].Until.Equal(first.Until) || !works[0].Last.Equal(first.Until.Add(first.Grace)) || works[0].Expires.Sub(first.Until) != homework.KeptTime || !works[0].Used.Equal(first.SetAt) {
			t.Errorf("the homework: %+v", works)
		}
		if load.Used < 10_000 || load.Open < 1 || load.Most < load.Open || load.Free == 0 {
			t.Errorf("load: %+v", load)
		}
		for text, want := range map[string]int{class.Code: 1, "deep NETS": 5, class.KeyHash[:8]: 1, class.ID: 1, "%": 0, "nowhere": 0} {
			if got := must(s.OperatorClasses(t.Context(), audit.Page{Text: text, Most: 9})); len(got) != want {
				t.Errorf("%q is found in %d classes, want %d", text, len(got), want)
			}
		}
		if got := must(s.OperatorPlans(t.Context(), audit.Page{Text: "another", Most: 9})); len(got) != 1 || got[0].ID != plan.ID || got[0].Stops != 1 || got[0].Bytes < 100 || got[0].Expires.Sub(now) != s.kept.Plans {
			t.Errorf("the plan: %+v", got)
		}
		got := must(s.OperatorClasses(t.Context(), audit.Page{Text: class.ID, Most: 9}))[0]
		if got.Members != 1 || got.HandedIn != 3 || got.Bytes < 100 || got.Owner != "" || !got.Used.Equal(now) || got.Expires.Sub(got.Opened) != classroom.KeptTime {
			t.Errorf("the class: %+v", got)
		}
		anna := signIn(t, s, "ben")
		if _, err := s.write.ExecContext(t.Context(), "UPDATE classes SET person = $2 WHERE id = $1", class.ID, anna.ID); err != nil {
			t.Fatal(err)
		}
		if mine := must(s.OperatorClasses(t.Context(), audit.Page{Text: "BEN", Most: 9})); len(mine) != 1 || mine[0].Owner != "Ben" {
			t.Errorf("by the name of its owner: %+v", mine)
		}
		now = now.Add(classroom.KeptTime)
		if left := must(s.OperatorClasses(t.Context(), audit.Page{Most: 9})); len(left) != 0 {
			t.Errorf("expired, and listed: %+v", left)
		}
	})
}
