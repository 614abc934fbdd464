package class

import (
	"context"
	"net/url"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/mlcore/runner"
)

// truthTime is how long a page waits for a run: it comes without the truth if the machine is busy, and asks again.
const truthTime = 2 * time.Second

// truth is what a prediction's truth is: computed from its lab, or given by the teacher. It is false where it is not
// known, or not yet. Whether it may be told is for the caller to know.
func (s *Pages) truth(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	ctx, cancel := context.WithTimeout(ctx, truthTime)
	defer cancel()
	return s.truthWithin(ctx, stop)
}

// Truth is what a prediction's truth is, for whoever may be told; see truth.
func (s *Pages) Truth(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	return s.truthWithin(ctx, stop)
}

// Tolerance is how far a guess may be from the truth and be right.
func (s *Pages) Tolerance(stop classroom.Stop, truth float64) float64 {
	return s.tolerance(stop, truth)
}

// Reply is what the lesson that a prediction comes from says of a guess, "" where there is none.
func (s *Pages) Reply(stop classroom.Stop, guess float64) string {
	stop.Phase = classroom.Revealed
	return s.reply(stop, guess)
}

// soonTruth is truth for a teacher who moves on meanwhile: before the reveal nothing waits for a run.
func (s *Pages) soonTruth(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	if stop.TruthShown() {
		return s.truth(ctx, stop)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	return s.truthWithin(ctx, stop)
}

// tolerance is how far a guess may be from the truth and be right: as the lesson says that asks it, else as stops have it.
func (s *Pages) tolerance(stop classroom.Stop, truth float64) float64 {
	l, _ := s.library.Lesson(stop.Truth.Lesson)
	if p, found := l.Predict(stop.Truth.Predict); found && stop.Form != classroom.Choice {
		return p.Tolerance
	}
	return stop.Tolerance(truth)
}

// truthWithin waits for a run as long as ctx lasts.
func (s *Pages) truthWithin(ctx context.Context, stop classroom.Stop) (value float64, known bool) {
	if stop.Truth.None() {
		if stop.Given == nil {
			return 0, false
		}
		return *stop.Given, true
	}
	if stop.Truth.Lesson != "" {
		return s.truthOfLesson(ctx, stop)
	}
	lab, query, isLab := s.labs.At(stop.Path)
	truth, found := lab.Truth(stop.Truth.Path, stop.Truth.Lower)
	if !found || !isLab || lab.Name != stop.Truth.Lab {
		return 0, false
	}
	compute := func(run url.Values) (float64, bool) {
		c, err := s.library.Experiments().ParseComputation(lab.Name + "?" + run.Encode() + " " + truth.Path)
		if err != nil {
			return 0, false
		}
		v, err := c.Compute(ctx, s.train)
		return v, err == nil
	}
	if !truth.Lower {
		page := lab.Page(query)
		if page.Errs != nil {
			return 0, false
		}
		return compute(page.Run)
	}
	plain, residual, twins := lab.Twins(query)
	if !twins {
		return 0, false
	}
	a, okPlain := compute(plain)
	b, okResidual := compute(residual)
	if b < a {
		value = 1 // of the choices plain, residual
	}
	return value, okPlain && okResidual && a != b
}

// asClass has runs followed for a class: while it is on, its truths come first.
func asClass(ctx context.Context, c classroom.Class) context.Context {
	if c.Public(time.Now()).Ended {
		return ctx
	}
	return web.WithReader(ctx, runner.Reader{Key: c.ID, Class: true})
}
