package store

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"gradlab/classroom"
)

// A member submits ten different runs and no more, from two tabs at once, too; the same run again is none. A run is scored for all who
// submitted it, and leaves with its member.
func TestSubmissions(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		join(t, s, c, "anna")
		join(t, s, c, "ben")
		submit := func(owner, run string) error {
			for {
				err := s.SaveSubmission(t.Context(), c.ID, c.Version, owner, classroom.Submission{Stop: "s", Run: run, Cost: 2e9})
				if !errors.Is(err, classroom.ErrStale) { // the other tab was quicker
					return err
				}
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		used := 0
		for tab := range 2 {
			wg.Go(func() {
				for i := range 8 {
					err := submit("anna", fmt.Sprint("/labs/train?seed=", tab*8+i))
					mu.Lock()
					if errors.Is(err, classroom.ErrUsed) {
						used++
					} else if err != nil {
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		all, err := s.Submissions(t.Context(), c.ID, "s", "")
		if err != nil || len(all) != classroom.MaxSubmissions || used != 6 {
			t.Fatalf("%d of 16 are kept, and %d were refused (%v); want 10 and 6", len(all), used, err)
		}
		if err := submit("anna", all[3].Run); err != nil {
			t.Errorf("a run that is kept, again: %v", err)
		}
		if err := submit("ben", all[0].Run); err != nil {
			t.Fatal(err)
		}
		if err := s.Score(t.Context(), c.ID, "s", all[0].Run, 0.5); err != nil {
			t.Fatal(err)
		}
		if err := s.Score(t.Context(), c.ID, "s", all[1].Run, math.NaN()); err != nil {
			t.Fatal(err)
		}
		scored, diverged := 0, 0
		if all, err = s.Submissions(t.Context(), c.ID, "s", ""); err != nil {
			t.Fatal(err)
		}
		for _, sub := range all {
			if sub.Diverged() {
				diverged++
			} else if sub.Scored && sub.Value == 0.5 && sub.Cost == 2e9 {
				scored++
			}
		}
		if n, err := s.ClassCount(t.Context(), c.ID, "s", 1); len(all) != 11 || scored != 2 || diverged != 1 || n.Submissions != 11 || err != nil {
			t.Errorf("%d, counted %d (%v): %d with the value, %d diverged; want 11, 2 and 1", len(all), n.Submissions, err, scored, diverged)
		}
		old := c
		c = do(t, s, c, "lock")
		for _, late := range []struct {
			class classroom.Class
			owner string
		}{{old, "ben"}, {c, "stranger"}} {
			if err := s.SaveSubmission(t.Context(), c.ID, late.class.Version, late.owner, classroom.Submission{Stop: "s", Run: "late"}); !errors.Is(err, classroom.ErrStale) {
				t.Errorf("%s of version %d: %v, want that the class has changed", late.owner, late.class.Version, err)
			}
		}
		if err := s.Leave(t.Context(), c.ID, "anna"); err != nil {
			t.Fatal(err)
		}
		if all, err := s.Submissions(t.Context(), c.ID, "s", ""); err != nil || len(all) != 1 {
			t.Errorf("after she left: %d submissions (%v), want the other's", len(all), err)
		}
	})
}
