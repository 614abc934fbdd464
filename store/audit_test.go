package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
)

// told are the acts in the log, the oldest first.
func told(t *testing.T, s *Store) (acts []audit.Act) {
	t.Helper()
	all, err := s.EventsAfter(t.Context(), audit.Event{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		acts = append(acts, e.Act)
	}
	return acts
}

// What a class's teacher does is told once each, with who did it; what changes nothing tells nothing.
func TestDeedsAreTold(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { now = now.Add(time.Millisecond); return now }))
		ctx := audit.Known(t.Context())
		audit.Identify(ctx, audit.Who{Name: "teacher with key 12345678"})
		audit.Identify(ctx, audit.Who{Course: "ML 1"})
		class, _ := inAll(t, s)
		stop, members := class.Plan[1].ID, must(s.Members(ctx, class.ID))
		act := func(c classroom.Class, do string) classroom.Class {
			next, err := c.Do(classroom.Action{Do: do}, now)
			if err != nil {
				t.Fatal(err)
			}
			if next.Version != c.Version {
				if err := s.UpdateClass(ctx, next); err != nil {
					t.Fatal(err)
				}
			}
			return next
		}
		begun := len(told(t, s))
		mark := classroom.Mark{Stop: stop, Member: members[0].ID, Hundredths: 100, Revision: 1}
		for range 2 { // the second one is a repeated save, which is stored already
			if _, err := s.SaveMark(ctx, class.ID, mark); err != nil {
				t.Fatal(err)
			}
		}
		class = act(act(act(act(act(class, "bigger"), "close"), "withhold"), "release"), "reopen")
		if err := s.UpdateClass(ctx, class); !errors.Is(err, classroom.ErrStale) {
			t.Errorf("a state that is stored already: %v", err)
		}
		next, _ := class.Rekeyed()
		if err := errors.Join(s.UpdateClass(ctx, next), s.DeleteClass(ctx, class.ID), s.DeleteClass(ctx, class.ID)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.DeleteAll(ctx, "anna", true); err != nil {
			t.Fatal(err)
		}
		want := []audit.Act{audit.MarkChanged, audit.ClassClosed, audit.MarksWithheld, audit.MarksReleased, audit.ClassReopened, audit.KeyReplaced, audit.ClassDeleted, audit.DataDeleted}
		if got := told(t, s)[begun:]; !slices.Equal(got, want) {
			t.Errorf("told is %q, want %q", got, want)
		}
		last := must(s.Events(ctx, "", audit.Event{}, 1))[0]
		if last.Name != "teacher with key 12345678" || last.Course != "ML 1" || last.Act != audit.DataDeleted || last.At.After(now) || last.About != "" {
			t.Errorf("the last event is %+v", last)
		}
	})
}

// An event and its deed are kept together, or neither: of one that could not be written there is no other.
func TestDeedsGoWithTheirEvents(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		class := newClass(t, s)
		if _, err := s.write.ExecContext(t.Context(), "ALTER TABLE audit_log RENAME TO hidden"); err != nil {
			t.Fatal(err)
		}
		closed, err := class.Do(classroom.Action{Do: "close"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if s.UpdateClass(t.Context(), closed) == nil || s.DeleteClass(t.Context(), class.ID) == nil {
			t.Error("done without being told")
		}
		if now, err := s.ClassByID(t.Context(), class.ID); err != nil || !now.ClosedAt.IsZero() {
			t.Errorf("the class is %+v, %v: want it as it was", now, err)
		}
	})
}

// The log is added to and read, and nothing else: not by an update, a deletion, a replacement or a truncation, whoever asks. What its
// time is over for may be deleted, and no more than that.
func TestLogTakesAdditionsAlone(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().Add(-2 * AuditTime)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		s.Tell(t.Context(), audit.KeyUsed, "old", "")
		now = time.Now()
		s.Tell(t.Context(), audit.KeyUsed, "new", "")
		_, sqlite := s.engine.(sqliteFile)
		attempts := []string{"UPDATE audit_log SET who = 'somebody else'", "UPDATE audit_log SET kept_until = 0 WHERE about = 'old'", "DELETE FROM audit_log", "DELETE FROM audit_log WHERE about = 'new'"}
		if sqlite {
			attempts = append(attempts, "INSERT OR REPLACE INTO audit_log SELECT id, at, kept_until, 'somebody else', course, act, about, detail FROM audit_log")
		} else {
			attempts = append(attempts, "TRUNCATE audit_log", "INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT (id) DO UPDATE SET who = 'somebody else'")
		}
		for _, attempt := range attempts {
			if _, err := s.write.ExecContext(t.Context(), attempt); err == nil {
				t.Errorf("%s was done", attempt)
			}
		}
		var rows, whole int
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*), COUNT(CASE WHEN who = '' THEN 1 END) FROM audit_log").Scan(&rows, &whole); err != nil || rows != 2 || whole != 2 {
			t.Errorf("%d rows, %d of them as they were, %v", rows, whole, err)
		}
		if _, err := s.write.ExecContext(t.Context(), "DELETE FROM audit_log WHERE about = 'old'"); err != nil {
			t.Errorf("what has had its time: %v", err)
		}
		if left := must(s.Events(t.Context(), "", audit.Event{}, 9)); len(left) != 1 || left[0].About != "new" {
			t.Errorf("left is %+v", left)
		}
	})
}

// Pages of the log have each event once, in either direction, also of those that were at the same moment; a search finds what holds a
// text, and takes it as it is.
func TestLogIsPagedAndSearched(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		for i := range 25 {
			if i%10 == 0 {
				now = now.Add(time.Millisecond)
			}
			s.Tell(t.Context(), audit.KeyUsed, fmt.Sprintf("class %02d", i), map[bool]string{true: "100%_ a\\b É", false: "abc"}[i == 7])
		}
		for name, page := range map[string]func(context.Context, audit.Event) ([]audit.Event, error){
			"backwards": func(ctx context.Context, last audit.Event) ([]audit.Event, error) { return s.Events(ctx, "", last, 4) },
			"forwards":  func(ctx context.Context, last audit.Event) ([]audit.Event, error) { return s.EventsAfter(ctx, last, 4) },
		} {
			seen, last := map[string]bool{}, audit.Event{}
			for {
				events := must(page(t.Context(), last))
				if len(events) == 0 {
					break
				}
				for _, e := range events {
					seen[e.About] = true
				}
				last = events[len(events)-1]
			}
			if len(seen) != 25 {
				t.Errorf("%s: %d events, want 25", name, len(seen))
			}
		}
		for text, want := range map[string]int{"CLASS 0": 10, "key used": 25, "100%_": 1, "%": 1, "_": 1, `a\b`: 1, "nowhere": 0} {
			if got := must(s.Events(t.Context(), text, audit.Event{}, 100)); len(got) != want {
				t.Errorf("%q is found %d times, want %d", text, len(got), want)
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Events of one moment stay in the order in which they were told.
func TestEventsOfOneMomentKeepTheirOrder(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		for i := range 20 {
			s.Tell(t.Context(), audit.ClassExported, "class", fmt.Sprintf("%02d", i))
		}
		events, err := s.EventsAfter(t.Context(), audit.Event{}, 100)
		if err != nil || len(events) != 20 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		for i, e := range events {
			if want := fmt.Sprintf("%02d", i); e.Detail != want {
				t.Errorf("event %d is %s, want %s", i, e.Detail, want)
			}
		}
	})
}
