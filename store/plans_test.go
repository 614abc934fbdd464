package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/plans"
)

// newPlan stores a shelf with a plan of one stop.
func newPlan(t *testing.T, s *Store) plans.Plan {
	t.Helper()
	shelf, _ := plans.NewShelf()
	p, err := plans.New(shelf.ID, "Deep nets", []classroom.Stop{{Kind: classroom.Ask, Title: "Why?"}}, s.now())
	if err == nil {
		err = s.CreateShelf(t.Context(), shelf, p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is saved of a plan comes back, with each version before it; of two tabs that save at once the second is told, and pauses in typing make
// one version.
func TestPlans(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		p := newPlan(t, s)
		if got, err := s.Plan(t.Context(), p.ID); err != nil || !reflect.DeepEqual(got, p) {
			t.Fatalf("got %+v, %v; want %+v", got, err, p)
		}
		first := p
		for i, minutes := range []int{0, 1, 5, 12, 13} { // the fourth is more than ten minutes after the version before
			next, err := p.Write(p.Stops[0].ID, classroom.Stop{Kind: classroom.Ask, Title: fmt.Sprint("Why? ", i)}, p.Stops[0].Revision, now.Add(time.Duration(minutes)*time.Minute))
			if err == nil {
				err = s.UpdatePlan(t.Context(), next)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := s.UpdatePlan(t.Context(), next); !errors.Is(err, plans.ErrStale) {
				t.Errorf("the same revision again: %v", err)
			}
			p = next
		}
		if got, err := s.Plan(t.Context(), p.ID); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("got %+v, %v; want %+v", got, err, p)
		}
		versions, err := s.PlanVersions(t.Context(), p.ID)
		if err != nil || len(versions) != 2 || versions[0].Stops[0].Title != "Why? 2" || !reflect.DeepEqual(versions[1].Stops, first.Stops) {
			t.Errorf("versions %+v, %v", versions, err)
		}
		if lines, err := s.Plans(t.Context(), p.Shelf); err != nil || len(lines) != 1 || lines[0] != (plans.Line{ID: p.ID, Title: p.Title, Stops: 1, SavedAt: p.SavedAt}) {
			t.Errorf("listed %+v, %v", lines, err)
		}
		for range plans.MaxPlans - 1 {
			more, err := plans.New(p.Shelf, "x", nil, now)
			if err == nil {
				err = s.CreatePlan(t.Context(), more)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if more, _ := plans.New(p.Shelf, "x", nil, now); !errors.Is(s.CreatePlan(t.Context(), more), plans.ErrFull) {
			t.Error("one more plan than there may be is kept")
		}
		if err := s.DeletePlan(t.Context(), p.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.Plan(t.Context(), p.ID); !errors.Is(err, plans.ErrNone) {
			t.Errorf("deleted: %v", err)
		}
	})
}

// The pictures of a plan go with it, but for one that something else shows: deleted plans leave nothing that no bound counts.
func TestDeletedPlansTakeTheirPictures(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		shelf, _ := plans.NewShelf()
		own, shared := plans.Picture{Name: "own.png", Content: []byte{1}}, plans.Picture{Name: "shared.png", Content: []byte{2}}
		stops := []classroom.Stop{{Kind: classroom.Show, Title: "x", Picture: own.Name}, {Kind: classroom.Show, Title: "y", Picture: shared.Name}}
		p, err := plans.New(shelf.ID, "x", stops, time.Now())
		other, otherErr := plans.New(shelf.ID, "y", stops[1:], time.Now())
		if err := errors.Join(err, otherErr, s.SavePicture(t.Context(), own), s.SavePicture(t.Context(), shared), s.CreateShelf(t.Context(), shelf, p), s.CreatePlan(t.Context(), other)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.DropPictures(t.Context(), own.Name, shared.Name), s.DeletePlan(t.Context(), p.ID)); err != nil {
			t.Fatal(err)
		}
		_, has, err := s.Picture(t.Context(), own.Name)
		_, kept, keptErr := s.Picture(t.Context(), shared.Name)
		if has || !kept || err != nil || keptErr != nil {
			t.Errorf("of a deleted plan: its own picture there is %v, the other plan's %v (%v, %v)", has, kept, err, keptErr)
		}
	})
}

// A picture is kept as long as a plan or a class shows it, and plans for two years after their key was last used.
func TestPlansExpire(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		shelf, _ := plans.NewShelf()
		picture := plans.Picture{Name: "p.png", Media: "image/png", Content: []byte{0, 1, 255}}
		p, err := plans.New(shelf.ID, "x", []classroom.Stop{{Kind: classroom.Show, Title: "x", Picture: picture.Name}}, now)
		if err == nil {
			err = errors.Join(s.SavePicture(t.Context(), picture), s.CreateShelf(t.Context(), shelf, p))
		}
		if err != nil {
			t.Fatal(err)
		}
		wall := plans.Picture{Name: "wall.png", Media: "image/png", Content: []byte{1}} // which a class alone shows
		c, _, err := classroom.Open("x", []classroom.Stop{{Kind: classroom.Show, Title: "x", Picture: wall.Name}}, now)
		if err == nil {
			err = errors.Join(s.SavePicture(t.Context(), wall), s.CreateClass(t.Context(), c))
		}
		if err != nil {
			t.Fatal(err)
		}
		look := func(when string, plan, kept, class bool) {
			t.Helper()
			if err := errors.Join(s.PurgeClasses(t.Context()), s.PurgePlans(t.Context()), s.purgePictures(t.Context())); err != nil {
				t.Fatal(err)
			}
			_, err := s.Plan(t.Context(), p.ID)
			got, found, pictureErr := s.Picture(t.Context(), picture.Name)
			if (err == nil) != plan || found != kept || pictureErr != nil || found && !reflect.DeepEqual(got, picture) {
				t.Errorf("%s: the plan %v, the picture %v, %v", when, err, found, pictureErr)
			}
			if _, found, err := s.Picture(t.Context(), wall.Name); found != class || err != nil {
				t.Errorf("%s: the class's picture %v, %v", when, found, err)
			}
		}
		look("at once", true, true, true)
		now = now.Add(strayTime + time.Hour)
		look("once what nothing shows would be gone", true, true, true)
		now = now.Add(plans.KeptTime - strayTime - 2*time.Hour)
		if _, found, err := s.Shelf(t.Context(), shelf.KeyHash); !found || err != nil {
			t.Errorf("used within two years: %v, %v", found, err)
		}
		now = now.Add(plans.KeptTime - time.Hour)
		look("less than two years after that", true, true, true)
		now = now.Add(2 * time.Hour)
		look("after them", false, true, true)
		now = now.Add(purgeGrace)
		look("a day later", false, false, false)
		if _, found, _ := s.Shelf(t.Context(), shelf.KeyHash); found {
			t.Error("the shelf is there")
		}
	})
}
