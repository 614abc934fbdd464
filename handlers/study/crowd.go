package study

import (
	"context"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
)

// crowdLimits bound what visitors write outside of classes, and with it the disk. What one visitor can keep is bounded by the
// questions and lessons that there are, but a new cookie is to be had for the asking: so newcomers, of whom nothing is kept
// yet, share an allowance. Who has something kept is never refused because of others. Each process counts for itself.
type crowdLimits struct {
	visitor   classroom.Limiter // what one visitor saves
	newcomers classroom.Limiter // visitors who save something for the first time
}

func newCrowdLimits(now func() time.Time) *crowdLimits {
	return &crowdLimits{
		visitor:   classroom.Limiter{Rate: 4, Burst: 240, Now: now},
		newcomers: classroom.Limiter{Rate: 0.2, Burst: 3000, Now: now}, // some full halls at once, then 17,000 a day
	}
}

// crowded is a 503: browsers keep the text, and send it again by themselves.
var crowded = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Very many visitors",
	Text: "Very many new visitors are writing just now, so nothing of yours can be kept yet. Please try again in a minute."}

// A writer lets f keep something, for the owner whom it finds: web.Writing what a visitor does by hand, quietly what a page sends
// by itself.
type writer func(w http.ResponseWriter, r *http.Request, f func(owner string) error) (owner string, err error)

func quietly(w http.ResponseWriter, r *http.Request, f func(owner string) error) (owner string, err error) {
	owner = web.Writer(w, r)
	return owner, f(owner)
}

// keep lets f keep something, where its owner may save something now.
func (s *Pages) keep(w http.ResponseWriter, r *http.Request, writing writer, f func(owner string) error) (owner string, err error) {
	return writing(w, r, func(owner string) error {
		if err := s.mayKeep(r.Context(), owner); err != nil {
			return err
		}
		return f(owner)
	})
}

// mayKeep returns nil where a visitor may save something now.
func (s *Pages) mayKeep(ctx context.Context, owner string) error {
	if !s.crowd.visitor.Allow(owner) {
		return web.TooMany
	}
	known, err := s.answers.Known(ctx, owner)
	if err == nil && !known && !s.crowd.newcomers.Allow("") {
		err = crowded
	}
	return err
}
