package store

import (
	"testing"
	"time"

	"gradlab/classroom"
)

// Who was there is known by stop, from the moment at which it was shown or they came, until they were seen last: whoever closed the page, or comes when
// the class is over, is not there. Of two devices of one student it is both.
func TestAttendance(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		c, _, err := classroom.Open("Deep nets", []classroom.Stop{{Kind: classroom.Ask, Title: "Why?"}, {Kind: classroom.Show, Title: "Look", Text: "x"}}, now)
		if err == nil {
			err = s.CreateClass(t.Context(), c)
		}
		if err != nil {
			t.Fatal(err)
		}
		anna, ben, clara := join(t, s, c, "anna"), join(t, s, c, "ben"), join(t, s, c, "clara")
		start := now
		seen := func(here, gone []string) {
			t.Helper()
			if err := s.Seen(t.Context(), c.ID, here, gone); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Minute / 2)
		}
		do := func(action string) {
			t.Helper()
			next, err := c.Do(classroom.Action{Do: action}, now)
			if err == nil {
				next.Version = c.Version + 1
				err = s.UpdateClass(t.Context(), next)
			}
			if err != nil {
				t.Fatal(err)
			}
			c = next
		}
		seen([]string{anna, ben}, nil)
		seen([]string{anna}, []string{ben})
		do("next")
		seen([]string{clara}, nil)
		do("close")
		seen([]string{ben}, nil)
		if err := s.MergeMembers(t.Context(), c.ID, clara, ben); err != nil {
			t.Fatal(err)
		}
		all, err := s.Attendance(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := map[[2]string][2]time.Duration{}
		for _, a := range all {
			got[[2]string{a.Member, a.Stop}] = [2]time.Duration{a.First.Sub(start), a.Last.Sub(start)}
		}
		half := time.Minute / 2
		want := map[[2]string][2]time.Duration{
			{anna, c.Plan[0].ID}: {0, 2 * half}, {ben, c.Plan[0].ID}: {0, 0},
			{anna, c.Plan[1].ID}: {2 * half, 2 * half}, {ben, c.Plan[1].ID}: {2 * half, 3 * half}, // Clara's, who is Ben
		}
		for key, times := range want {
			if got[key] != times {
				t.Errorf("%v: %v, want %v", key, got[key], times)
			}
		}
		if len(got) != len(want) {
			t.Errorf("noted %v, want %v", got, want)
		}
		if err := s.Leave(t.Context(), c.ID, "ben"); err != nil {
			t.Fatal(err)
		}
		if all, err := s.Attendance(t.Context(), c.ID); err != nil || len(all) != 2 {
			t.Errorf("of who has left: %v, %v", all, err)
		}
	})
}
