package plan

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/plans"
)

// Rows keeps plans; package store implements it.
type Rows interface {
	CreateShelf(ctx context.Context, shelf plans.Shelf, first plans.Plan) error
	Shelf(ctx context.Context, keyHash string) (plans.Shelf, bool, error)
	ShelvesOf(ctx context.Context, person string) ([]plans.Shelf, error)
	ClaimShelf(ctx context.Context, shelf plans.Shelf, person string) error
	Rekey(ctx context.Context, shelf plans.Shelf, keyHash string) error
	Plans(ctx context.Context, shelf string) ([]plans.Line, error)
	Plan(ctx context.Context, id string) (plans.Plan, error)
	CreatePlan(ctx context.Context, p plans.Plan) error
	UpdatePlan(ctx context.Context, p plans.Plan) error
	EndTyping(ctx context.Context, id string) error
	SharePlan(ctx context.Context, p plans.Plan) error
	DeletePlan(ctx context.Context, id string) error
	PlanVersions(ctx context.Context, plan string) ([]plans.Version, error)
	SavePicture(ctx context.Context, p plans.Picture) error
	DropPictures(ctx context.Context, names ...string) error
	Picture(ctx context.Context, name string) (plans.Picture, bool, error)
	HasPicture(ctx context.Context, shelf, name string) (bool, error)
	Tell(ctx context.Context, act audit.Act, about, detail string)
	// PlansKept says for how long plans are kept that nobody looks at.
	PlansKept() string
}

// Config is what the pages of plans need.
type Config struct {
	Desk
	Rows Rows
	// MayOpen says whether a visitor may have a shelf, as it does for classes, WhyNot what to say else, Password whether that takes one, and
	// OnlyTeachers whether it takes signing in as a teacher.
	MayOpen      func(r *http.Request, visitor string) (bool, error)
	WhyNot       func() string
	Password     bool
	OnlyTeachers bool
	Clock        func() time.Time // of the limits; nil is the time's own
}

// Pages are those of plans.
type Pages struct {
	Desk
	rows   Rows
	config Config
	writes classroom.Limiter // of a shelf
}

// New returns the pages of plans.
func New(c Config) *Pages {
	return &Pages{Desk: c.Desk, rows: c.Rows, config: c, writes: classroom.Limiter{Rate: 5, Burst: 100, Now: c.Clock}}
}

// keyCookie holds the key of a shelf, linkCookie the secret of a link to one plan.
const (
	keyCookie  = "plans"
	linkCookie = "plan"
)

var (
	noPlan   = &web.Problem{Status: http.StatusNotFound, Heading: "No such plan", Text: "There is no plan at this address: it may have been deleted."}
	notOwner = &web.Problem{Status: http.StatusForbidden, Heading: "Somebody else’s plan", Text: "This plan belongs to whoever made it. Open it with the link that they kept, or one by which they share it."}
	noCopy   = &web.Problem{Status: http.StatusForbidden, Heading: "To look at", Text: "The link that you came by is for looking at this plan. Ask for one by which you can copy it."}
	noRoom   = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Full", Text: "This site keeps plans of as many people as it can. Please tell whoever runs it."}
	changing = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Once more, please", Text: "The plan changed at this very moment. Please try again."}
)

// problemOf is what may be shown of an error of a plan; other errors pass.
func problemOf(err error) error {
	var refused *classroom.RefusedError
	var conflict *plans.ConflictError
	switch {
	case errors.As(err, &refused):
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not like that", Text: web.Sentence(refused.Reason)}
	case errors.As(err, &conflict):
		return &web.Problem{Status: http.StatusConflict, Heading: "Saved from another tab", Text: conflict.Error()}
	case errors.Is(err, plans.ErrNone):
		return noPlan
	case errors.Is(err, plans.ErrRoom):
		return noRoom
	case errors.Is(err, plans.ErrStale):
		return changing
	case errors.Is(err, plans.ErrFull), errors.Is(err, plans.ErrHeavy):
		return &web.Problem{Status: http.StatusConflict, Heading: "No room", Text: web.Sentence(err.Error())}
	}
	return err
}

// change makes the next state of a plan by a pure function, and stores it; where another tab was quicker, on what that made.
func (s *Pages) change(ctx context.Context, p plans.Plan, edit func(plans.Plan) (plans.Plan, error)) (plans.Plan, error) {
	for range 8 {
		next, err := edit(p)
		if err != nil || next.Revision == p.Revision {
			return p, err
		}
		if err = s.rows.UpdatePlan(ctx, next); err == nil {
			return next, nil
		}
		if !errors.Is(err, plans.ErrStale) {
			return p, err
		}
		if p, err = s.rows.Plan(ctx, p.ID); err != nil {
			return p, err
		}
	}
	return p, plans.ErrStale
}

// Picture serves a picture to whoever knows its name. It can do nothing but be looked at, and never changes.
func (s *Pages) Picture(w http.ResponseWriter, r *http.Request) error {
	p, found, err := s.rows.Picture(r.Context(), web.Path(r, "name"))
	if err != nil {
		return err
	}
	if !found {
		return web.NotFound
	}
	w.Header().Set("Content-Type", p.Media)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	w.Write(p.Content) // a visitor who hung up is no error of ours
	return nil
}
