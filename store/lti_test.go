package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/lti"
)

func addPlatform(t *testing.T, s *Store) lti.Platform {
	t.Helper()
	p := lti.Platform{ID: "p1", Issuer: "https://lms.example.edu", ClientID: "c1", Name: "an LMS", AuthURL: "https://lms.example.edu/auth", TokenURL: "https://lms.example.edu/token", KeysURL: "https://lms.example.edu/keys"}
	if _, err := s.SavePlatform(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// launch notes that a person came by a link of a course.
func launch(t *testing.T, s *Store, course, link, owner string) lti.Placement {
	t.Helper()
	l, err := s.Launched(t.Context(), lti.Placement{ID: lti.Random(), Platform: "p1", Deployment: "d1", Context: course, Link: link, Title: "A class", Target: "/class?plan=x", Points: 1000,
		Grades: lti.Grades{LineItem: "https://lms.example.edu/items/1"}}, owner, "subject of "+owner)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPlatforms(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		p := addPlatform(t, s)
		if got, err := s.PlatformOf(t.Context(), p.Issuer, ""); err != nil || got.ID != p.ID || got.KeysURL != p.KeysURL {
			t.Errorf("by its issuer: %+v, %v", got, err)
		}
		if err := errors.Join(s.AddDeployment(t.Context(), p.ID, "d1"), s.AddDeployment(t.Context(), p.ID, "d1")); err != nil {
			t.Error(err)
		}
		if err := s.AddDeployment(t.Context(), p.ID, "d2"); !errors.Is(err, lti.ErrUnknown) {
			t.Errorf("a second deployment: %v", err)
		}
		again := p
		again.ID, again.Deployments = "p2", []string{"d7"}
		if id, err := s.SavePlatform(t.Context(), again); err != nil || id != p.ID {
			t.Errorf("registered again as %s, %v", id, err)
		}
		if got, err := s.Platform(t.Context(), p.ID); err != nil || !slices.Equal(got.Deployments, []string{"d7"}) {
			t.Errorf("after registering again: %+v, %v", got, err)
		}
		again.ID, again.ClientID = "p3", "c2"
		if _, err := s.SavePlatform(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PlatformOf(t.Context(), p.Issuer, ""); !errors.Is(err, lti.ErrUnknown) {
			t.Errorf("one of two, without saying which: %v", err)
		}
		if got, err := s.PlatformOf(t.Context(), p.Issuer, "c2"); err != nil || got.ID != "p3" {
			t.Errorf("by its client id: %+v, %v", got, err)
		}
	})
}

// Of many who use one nonce at the same moment, one alone gets through; after two hours it is forgotten, and not before.
func TestNonces(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		var wait sync.WaitGroup
		got := make([]error, 8)
		for i := range got {
			wait.Go(func() { got[i] = s.UseNonce(context.Background(), "n") })
		}
		wait.Wait()
		through := 0
		for _, err := range got {
			if err == nil {
				through++
			} else if !errors.Is(err, lti.ErrReplayed) {
				t.Error(err)
			}
		}
		if through != 1 {
			t.Errorf("%d got through, want 1", through)
		}
		now = now.Add(nonceFor - time.Second)
		if err := errors.Join(s.purgeLTI(t.Context()), s.UseNonce(t.Context(), "n")); !errors.Is(err, lti.ErrReplayed) {
			t.Errorf("before its time: %v", err)
		}
		now = now.Add(time.Second)
		if err := errors.Join(s.purgeLTI(t.Context()), s.UseNonce(t.Context(), "n")); err != nil {
			t.Errorf("after its time: %v", err)
		}
	})
}

// The same link of two courses is two; what a teacher chose stays, and one class is bound.
func TestLinks(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		addPlatform(t, s)
		first, second, again := launch(t, s, "c1", "l1", "anna"), launch(t, s, "c2", "l1", "anna"), launch(t, s, "c1", "l1", "ben")
		if first.ID == second.ID || first.ID != again.ID {
			t.Errorf("ids %s, %s, %s", first.ID, second.ID, again.ID)
		}
		if err := s.Choose(t.Context(), first.ID, "/lessons/the-chain", 0); err != nil {
			t.Fatal(err)
		}
		kept, err := s.Launched(t.Context(), lti.Placement{ID: "x", Platform: "p1", Deployment: "d1", Context: "c1", Link: "l1"}, "", "")
		if err != nil || kept.Target != "/lessons/the-chain" {
			t.Errorf("after choosing: %+v, %v", kept, err)
		}
		c, other := newClass(t, s), newClass(t, s)
		if err := s.BindClass(t.Context(), first.ID, c.ID, []byte("key")); err != nil {
			t.Fatal(err)
		}
		if err := s.BindClass(t.Context(), first.ID, other.ID, nil); !errors.Is(err, lti.ErrTaken) {
			t.Errorf("a second class: %v", err)
		}
		if l, err := s.LinkOf(t.Context(), c.ID); err != nil || l.ID != first.ID || string(l.Key) != "key" || l.Grades.LineItem == "" && l.Title != "" {
			t.Errorf("of the class: %+v, %v", l, err)
		}
		if err := s.DeleteClass(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if l, err := s.Link(t.Context(), first.ID); err != nil || l.Class != "" {
			t.Errorf("after the class was deleted: %+v, %v", l, err)
		}
		now = now.Add(linkFor - time.Second)
		if err := s.purgeLTI(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Link(t.Context(), first.ID); err != nil {
			t.Errorf("before its time: %v", err)
		}
		now = now.Add(time.Second)
		if err := s.purgeLTI(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Link(t.Context(), first.ID); !errors.Is(err, lti.ErrUnknown) {
			t.Errorf("after its time: %v", err)
		}
	})
}

// Nothing is sent before the marks are released; then each person's points are, once, however often they are counted and by however
// many processes, and again when a mark changes them.
func TestScoresAreQueued(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		addPlatform(t, s)
		c := newClass(t, s)
		l := launch(t, s, "c1", "l1", "anna")
		launch(t, s, "c1", "l1", "ben")
		launch(t, s, "c1", "l1", "clara") // who is marked nowhere
		if err := s.BindClass(t.Context(), l.ID, c.ID, nil); err != nil {
			t.Fatal(err)
		}
		mark := func(owner string, stop int, points int64, revision int64) {
			t.Helper()
			m, found, err := s.Member(t.Context(), c.ID, owner)
			if err != nil || !found {
				t.Fatal(found, err)
			}
			if _, err := s.SaveMark(t.Context(), c.ID, classroom.Mark{Stop: c.Plan[stop].ID, Member: m.ID, Hundredths: points, Revision: revision, UpdatedAt: now}); err != nil {
				t.Fatal(err)
			}
		}
		for _, owner := range []string{"anna", "ben", "clara", "dora"} {
			join(t, s, c, owner)
		}
		c = do(t, s, c, "lock")
		c = do(t, s, c, "next")
		for _, owner := range []string{"anna", "ben", "dora"} {
			if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, owner, classroom.Answer{Stop: c.Plan[1].ID, Text: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		mark("anna", 1, 350, 0)
		mark("ben", 1, -1, 0)   // read, and given no points
		mark("dora", 1, 900, 0) // who joined by the code
		due := func() []string {
			t.Helper()
			if err := s.QueueScores(t.Context()); err != nil {
				t.Fatal(err)
			}
			all, err := s.DueScores(t.Context(), 100)
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, o := range all {
				said = append(said, fmt.Sprint(o.Subject, " ", o.Given, " of ", o.Points))
				if err := s.SaveScore(t.Context(), o.Tried(now, nil)); err != nil {
					t.Fatal(err)
				}
			}
			return said
		}
		if got := due(); got != nil {
			t.Errorf("before the release: %v", got)
		}
		now = now.Add(time.Second)
		c, err := c.Do(classroom.Action{Do: "release"}, now)
		if err := errors.Join(err, s.UpdateClass(t.Context(), c)); err != nil {
			t.Fatal(err)
		}
		if got := due(); !slices.Equal(got, []string{"subject of anna 350 of 1000"}) {
			t.Errorf("after the release: %v", got)
		}
		if got := due(); got != nil {
			t.Errorf("once more: %v", got)
		}
		now = now.Add(time.Hour)
		mark("anna", 1, 350, 1) // the same again
		if got := due(); got != nil {
			t.Errorf("after the same mark: %v", got)
		}
		now = now.Add(time.Hour)
		mark("anna", 1, 400, 2)
		mark("ben", 1, 100, 1)
		if got := due(); !slices.Equal(got, []string{"subject of anna 400 of 1000", "subject of ben 100 of 1000"}) {
			t.Errorf("after other marks: %v", got)
		}
		if names, subjects, err := s.LinkNames(t.Context(), l.ID); err != nil || len(names) != 3 || !subjects["subject of clara"] {
			t.Errorf("names %v, subjects %v, %v", names, subjects, err)
		}
		if _, err := s.DeleteAll(t.Context(), "anna", false); err != nil {
			t.Fatal(err)
		}
		if all, err := s.LinkScores(t.Context(), l.ID); err != nil || len(all) != 1 {
			t.Errorf("after one deleted everything: %+v, %v", all, err)
		}
	})
}

// A process that dies with a score in its hands has kept nobody else from it for long; a score that is given up can be tried again, and
// one that another took the place of is not forgotten.
func TestScoresAreTaken(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		addPlatform(t, s)
		l := launch(t, s, "c1", "l1", "anna")
		queue := func(given int64) {
			t.Helper()
			if _, err := s.write.ExecContext(t.Context(), `INSERT INTO lti_scores (link, owner, subject, given, maximum, reached_at, queued_at, next_at, tries) VALUES ($1, 'anna', 'a', $2, 1000, $3, $3, $3, '[]')
				ON CONFLICT (link, owner) DO UPDATE SET given = excluded.given, reached_at = excluded.reached_at, next_at = excluded.next_at`, l.ID, given, now.UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		take := func(want int) []lti.Outgoing {
			t.Helper()
			got, err := s.DueScores(t.Context(), 10)
			if err != nil || len(got) != want {
				t.Fatalf("%d taken, want %d, %v", len(got), want, err)
			}
			return got
		}
		queue(1)
		take(1)
		take(0) // it is in the hands of the first
		now = now.Add(leased)
		o := take(1)[0] // who has died
		now = now.Add(time.Millisecond)
		queue(2)
		if err := s.SaveScore(t.Context(), o.Tried(now, nil)); err != nil {
			t.Fatal(err)
		}
		if o = take(1)[0]; o.Given != 2 {
			t.Errorf("of two, %d is to be sent", o.Given)
		}
		if err := s.SaveScore(t.Context(), o.Tried(now.Add(2*lti.GiveUp), errors.New("away"))); err != nil {
			t.Fatal(err)
		}
		take(0)
		if all, err := s.LinkScores(t.Context(), l.ID); err != nil || all[0].Failed.IsZero() || all[0].Tries[0].Failed != "away" {
			t.Errorf("given up: %+v, %v", all, err)
		}
		if err := s.RetryScores(t.Context(), l.ID); err != nil {
			t.Fatal(err)
		}
		take(1)
	})
}

func TestToolKeys(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		k, err := lti.NewKey(now)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := k.Sealed("secret")
		if err := errors.Join(err, s.AddToolKey(t.Context(), k, sealed)); err != nil {
			t.Fatal(err)
		}
		ring := func(secret string) lti.Ring {
			t.Helper()
			r, err := s.ToolKeys(t.Context(), func(id string, made time.Time, sealed []byte) (lti.Key, error) {
				return lti.OpenKey(secret, id, made, sealed)
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if got := ring("secret"); len(got) != 1 || !got[0].Private.Equal(k.Private) || !got[0].Made.Equal(k.Made) {
			t.Errorf("%d keys", len(got))
		}
		if got := ring("another"); len(got) != 0 {
			t.Errorf("%d keys open with another secret", len(got))
		}
		now = now.Add(lti.Retired + time.Second)
		if got := ring("secret"); len(got) != 0 {
			t.Errorf("%d keys after their time", len(got))
		}
	})
}
