package class

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// A student's guess at a lesson's prediction is answered, once the truth is told and as long as the lesson still says what the stop does.
func TestTheGuessIsAnswered(t *testing.T) {
	s := newTestPages(t)
	l, _ := s.library.Lesson("the-chain")
	p, _ := l.Predict("who")
	stop := s.lessonPrediction(l, p)
	if got := s.reply(stop, 0); got != "" {
		t.Errorf("before the reveal: %q", got)
	}
	stop.Phase = classroom.Revealed
	for i, want := range []string{"how strongly the loss responds", "another number", "Being near"} {
		if got := s.reply(stop, float64(i)); !strings.Contains(got, want) {
			t.Errorf("to choice %d: %q, want %q", i, got, want)
		}
		if !strings.Contains(stop.Notes, want) {
			t.Errorf("the teacher's notes lack %q", want)
		}
	}
	if got := s.reply(stop, 3); got != "" {
		t.Errorf("to a choice that is none: %q", got)
	}
	stop.Choices[0] = "Another"
	if got := s.reply(stop, 0); got != "" {
		t.Errorf("to a choice that the teacher has changed: %q", got)
	}
	l, _ = s.library.Lesson("why-it-vanishes")
	p, _ = l.Predict("twice")
	power := s.lessonPrediction(l, p)
	power.Phase = classroom.Revealed
	if got := s.reply(power, -13); !strings.Contains(got, "each layer multiplies") {
		t.Errorf("to a power of ten: %q", got)
	}
}

// Each lesson, and the lecture, makes a plan that a class can be opened with; every truth of its predictions is computed,
// and every lab of it has a frame.
func TestEveryPlanWorks(t *testing.T) {
	s := newTestPages(t)
	plans := map[string][]classroom.Stop{"the lecture": s.lecture()}
	dear := map[classroom.Truth]bool{}
	for _, l := range s.library.Lessons() {
		plans[l.Slug] = s.lessonPlan(l)
		for _, p := range l.Predicts() {
			dear[classroom.Truth{Lesson: l.Slug, Predict: p.ID}] = p.Compute.Cost() > 0
		}
	}
	if len(plans) < 11 {
		t.Errorf("%d plans, want the tour’s, nine lessons’ and the lecture", len(plans))
	}
	for name, plan := range plans {
		if len(plan) == 0 {
			t.Errorf("%s: the plan is empty", name)
			continue
		}
		class, _, err := classroom.Open(name, plan, time.Now())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, stop := range class.Plan {
			if stop.Path != "" && labs.All().Frame(stop.Path, true) == "" {
				t.Errorf("%s: %q: %s has no frame", name, stop.Title, stop.Path)
			}
			if stop.Kind != classroom.Predict || dear[stop.Truth] {
				continue // what lessons train is tested with the lessons
			}
			v, known := s.truthWithin(t.Context(), stop)
			if !known {
				t.Errorf("%s: %q: no truth", name, stop.Title)
				continue
			}
			if stop.Form == classroom.Choice {
				if int(v) < 0 || int(v) >= len(stop.Choices) {
					t.Errorf("%s: %q: choice %v", name, stop.Title, v)
				}
			} else if _, ok := stop.Scale(v); !ok {
				t.Errorf("%s: %q: %v has no place on the scale", name, stop.Title, v)
			}
		}
	}
}

// newTestPages are pages of classes without a site around them.
func newTestPages(t testing.TB) *Pages {
	t.Helper()
	all := labs.All()
	library, err := lessons.Embedded(all.Lessons())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "classes.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rows.Close() })
	pool := runner.NewPool(runner.Options{Slots: 2})
	t.Cleanup(pool.Close)
	return New(Config{
		Adapter: web.NewAdapter(slog.New(slog.DiscardHandler), t.Context()), Rows: rows, Bus: &classroom.Memory{}, Library: library, Labs: all, Stopping: t.Context(),
		Train: func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error) {
			f, err := pool.Follow(runner.Reader{Key: "test"}, run)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			return f.Wait(ctx)
		},
	})
}
