package class

import (
	"context"
	"math"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// A submitted tells the script of a student's page that a run was kept.
type submitted struct {
	Run string `json:"run"`
}

// Submit takes a run that a student submits to an exploration.
func (s *Pages) Submit(w http.ResponseWriter, r *http.Request) error {
	typed := web.Form(r).Get("run")
	return s.handIn(w, r, handIn{
		take: func(c classroom.Class, stop classroom.Stop) (any, error) {
			if stop.Kind != classroom.Explore {
				return nil, classLocked
			}
			path, err := study.ReadRun(s.labs, r, typed)
			if err != nil {
				return nil, err
			}
			run, err := s.desk.Exploration(stop, path)
			if err != nil {
				return nil, err
			}
			if err := s.rows.SaveSubmission(r.Context(), c.ID, c.Version, web.Visitor(r), classroom.Submission{Stop: stop.ID, Run: run.Path, Cost: run.Cost()}); err != nil {
				return nil, err
			}
			s.counts.HandedIn("run")
			s.scoring(c, stop)
			return submitted{run.Path}, nil
		},
		fault: sayPlainly,
	})
}

// scoring computes what was submitted to a stop and is not known yet, each run once. The channel is closed when all is, or when
// a run could not be had: whoever looks again begins again.
func (s *Pages) scoring(c classroom.Class, stop classroom.Stop) <-chan struct{} {
	done := make(chan struct{})
	result := s.scores.DoChan(c.ID+" "+stop.ID, func() (any, error) { return nil, s.score(asClass(s.stopping, c), c, stop) })
	go func() { <-result; close(done) }()
	return done
}

func (s *Pages) score(ctx context.Context, c classroom.Class, stop classroom.Stop) error {
	for {
		all, err := s.rows.Submissions(ctx, c.ID, stop.ID, "")
		if err != nil {
			return err
		}
		known, computed := true, map[string]bool{}
		for _, sub := range all {
			if sub.Scored || computed[sub.Run] {
				continue
			}
			computed[sub.Run] = true
			run, err := s.desk.Exploration(stop, sub.Run)
			value := math.NaN() // of a lab that has changed since
			if err == nil {
				outcome, err := s.train(ctx, run.Run)
				if err != nil {
					return err
				}
				value = goalValue(stop.Goal, experiment.Read(outcome))
			}
			if err := s.rows.Score(ctx, c.ID, stop.ID, sub.Run, value); err != nil {
				return err
			}
			known = false
			s.hub.Arrived(c.ID)
		}
		if known {
			return nil
		}
	}
}

// goalValue is what a run came to; NaN where it diverged.
func goalValue(goal classroom.Goal, r experiment.Reading) float64 {
	value := r.Loss
	if goal == classroom.LargestGradient {
		value = r.Gradient
	}
	if r.Diverged || math.IsInf(value, 0) {
		return math.NaN()
	}
	return value
}

// explored adds to a stage what was submitted: without names to the teacher's two, and a student's own to the student. waits says that some
// is not computed yet.
func (s *Pages) explored(ctx context.Context, c classroom.Class, member string, stage *views.ClassStage) (waits bool, err error) {
	stop := c.Shown()
	if stop.Kind != classroom.Explore {
		return false, nil
	}
	shown, err := s.rows.Submissions(ctx, c.ID, stop.ID, member)
	if err != nil {
		return false, err
	}
	for _, sub := range shown {
		if waits = !sub.Scored; waits {
			s.scoring(c, stop)
			break
		}
	}
	stage.Left = classroom.MaxSubmissions - len(shown)
	stage.Explored = board.Explored(stop, shown, func(run string) string { return s.labs.Chip(run).Label }, s.desk.Length)
	return waits, nil
}

// A computed tells a student's page how many of the student's runs are computed: it fetches what they came to.
type computed struct {
	Runs int `json:"runs"`
}

// computedEvery is the least time between two looks of a student's stream for runs that are computed: a hall submits many a second.
const computedEvery = time.Second

// runs tells a student how many of the runs submitted to what is shown are computed, where it is another number than before, and returns
// what to wait for; nil where nothing can come.
func (l *listener) runs(out *web.Events, sight classroom.Sight) (<-chan struct{}, error) {
	stop := sight.Class.Shown()
	if stop.Kind != classroom.Explore {
		return nil, nil
	}
	if stop.ID != l.explored {
		l.explored, l.computed = stop.ID, 0
	}
	if rest := computedEvery - time.Since(l.looked); rest > 0 {
		later := make(chan struct{})
		time.AfterFunc(rest, func() { close(later) })
		return later, nil
	}
	l.looked = time.Now()
	n, err := l.pages.rows.ComputedRuns(l.r.Context(), sight.Class.ID, stop.ID, l.me.ID)
	if err != nil {
		return nil, err
	}
	if n != l.computed {
		l.computed = n
		out.Send("computed", "", computed{n})
	}
	return sight.Arrived, nil
}
