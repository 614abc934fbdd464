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

// scoreTime is how long a student's page waits for a run that is submitted: one that was watched to its end is known.
const scoreTime = time.Second

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
			select {
			case <-s.scoring(c, stop):
			case <-time.After(scoreTime):
			case <-r.Context().Done():
			}
			return submitted{run.Path}, nil
		},
		show: func(view *views.ClassStage, _ error, said string) { view.Error, view.RunText = said, typed },
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
		all, err := s.rows.Submissions(ctx, c.ID, stop.ID)
		if err != nil {
			return err
		}
		known := true
		for _, sub := range all {
			if sub.Scored {
				continue
			}
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

// explored adds to a stage what was submitted: all of it, without names, and a student's own. waits says that some is not computed yet.
func (s *Pages) explored(ctx context.Context, c classroom.Class, member string, stage *views.ClassStage) (waits bool, err error) {
	stop := c.Shown()
	if stop.Kind != classroom.Explore {
		return false, nil
	}
	all, err := s.rows.Submissions(ctx, c.ID, stop.ID)
	if err != nil {
		return false, err
	}
	label := func(run string) string { return s.labs.Chip(run).Label }
	shown := all
	if member != "" {
		shown = nil
		for _, sub := range all {
			if sub.Member == member {
				shown = append(shown, sub)
			}
		}
		stage.Left = classroom.MaxSubmissions - len(shown)
	}
	for _, sub := range shown {
		waits = waits || !sub.Scored
	}
	if waits {
		s.scoring(c, stop)
	}
	stage.Explored = board.Explored(stop, shown, label)
	return waits, nil
}
