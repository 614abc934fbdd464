// Package lti launches pages of this site from courses of learning platforms, and sends scores back to their gradebooks.
//
// A launch: Login sends the browser to the platform, with a state that is sealed and names the browser; Launch takes what it comes back
// with, signs the person in by a session, and leads to what the link opens. Where a teacher is to choose that, Choose offers what there
// is. In a frame, Middleware lets the platform's own pages frame what was launched, and nobody anything else.
//
// Deliver sends scores from the outbox. What the protocol wants is in gradlab/lti.
package lti

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"gradlab/audit"
	"gradlab/handlers/class"
	"gradlab/handlers/homework"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/lti"
	"gradlab/persons"
)

// Rows keep what platforms and courses link; package store implements it.
type Rows interface {
	ToolKeys(ctx context.Context, open func(id string, made time.Time, sealed []byte) (lti.Key, error)) (lti.Ring, error)
	AddToolKey(ctx context.Context, k lti.Key, sealed []byte) error
	SavePlatform(ctx context.Context, p lti.Platform) (string, error)
	Platform(ctx context.Context, id string) (lti.Platform, error)
	PlatformOf(ctx context.Context, issuer, client string) (lti.Platform, error)
	AddDeployment(ctx context.Context, platform, deployment string) error
	UseNonce(ctx context.Context, nonce string) error
	Launched(ctx context.Context, l lti.Placement, owner, subject string) (lti.Placement, error)
	Link(ctx context.Context, id string) (lti.Placement, error)
	LinkOf(ctx context.Context, class string) (lti.Placement, error)
	LinksTo(ctx context.Context, target string) ([]lti.Placement, error)
	Choose(ctx context.Context, link, target string, points int64) error
	BindClass(ctx context.Context, link, class string, key []byte) error
	QueueScores(ctx context.Context) error
	DueScores(ctx context.Context, most int) ([]lti.Outgoing, error)
	SaveScore(ctx context.Context, o lti.Outgoing) error
	LinkScores(ctx context.Context, link string) ([]lti.Outgoing, error)
	DueHomework(ctx context.Context) ([]lti.Due, error)
	QueueResults(ctx context.Context, d lti.Due, results []lti.Result) error
	RetryScores(ctx context.Context, link string) error
	LinkNames(ctx context.Context, link string) (byOwner map[string]string, subjects map[string]bool, err error)

	Tell(ctx context.Context, act audit.Act, about, detail string)
	SignIn(ctx context.Context, i persons.Identity) (persons.Person, error)
	OpenSession(ctx context.Context, person, hash string, framed bool) (persons.Session, error)
	Enrol(ctx context.Context, person string, c persons.Course) error
}

// Config is what the pages need.
type Config struct {
	Log     *slog.Logger
	Rows    Rows
	Class   *class.Pages
	Work    *homework.Pages
	Library *lessons.Library
	Labs    labs.Labs
	// Secret registers platforms, and seals what browsers and the database keep for us; "" turns everything off.
	Secret string
	// PublicURL is the address by which platforms and browsers reach the site.
	PublicURL string
	Clock     func() time.Time // nil is the time's own
}

// Pages are those of learning platforms.
type Pages struct {
	log     *slog.Logger
	rows    Rows
	class   *class.Pages
	work    *homework.Pages
	library *lessons.Library
	labs    labs.Labs
	secret  string
	tool    lti.Tool
	now     func() time.Time
	keys    *lti.Keys
	client  *lti.Client

	making  sync.Mutex
	columns map[string]string // addresses of line items that were found or made, by the link's ID

	mu    sync.Mutex
	ring  lti.Ring
	rings time.Time // when ring was read
}

// New returns the pages.
func New(c Config) *Pages {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Pages{log: c.Log, rows: c.Rows, class: c.Class, work: c.Work, library: c.Library, labs: c.Labs, secret: c.Secret, now: c.Clock, columns: map[string]string{}}
	s.tool = lti.Tool{Name: "Gradient Lab", Description: "See why deep networks are hard to train, and what skip connections change.", Base: strings.TrimSuffix(c.PublicURL, "/")}
	s.keys = &lti.Keys{HTTP: lti.NewHTTP(), Clock: c.Clock}
	s.client = &lti.Client{HTTP: lti.NewHTTP(), Clock: c.Clock, Key: s.signer}
	return s
}

// Trust has platforms called by another client: for tests, whose platforms have certificates of their own.
func (s *Pages) Trust(do lti.Doer) { s.keys.HTTP, s.client.HTTP = do, do }

// On says whether platforms can be registered.
func (s *Pages) On() bool { return s.secret != "" }

// Only lets a handler answer where platforms can be registered; else there is no such page.
func (s *Pages) Only(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.On() {
			return web.NotFound
		}
		return h(w, r)
	}
}

// problemOf is what may be shown of an error of a launch; other errors pass.
func problemOf(err error) error {
	var refused *lti.RefusedError
	switch {
	case errors.As(err, &refused):
		return &web.Problem{Status: http.StatusBadRequest, Heading: "This launch is not taken", Text: refused.Reason}
	case errors.Is(err, lti.ErrUnknown):
		return &web.Problem{Status: http.StatusNotFound, Heading: "A platform that this site does not know", Text: "The course page says that it belongs to a learning platform that is not registered here. Whoever runs the platform registers it; see docs/lti.md."}
	case errors.Is(err, lti.ErrReplayed):
		return &web.Problem{Status: http.StatusBadRequest, Heading: "This launch was used before", Text: "Open the link from your course again."}
	}
	return err
}

// ringTime is how long the keys are used before they are read anew: another process may have made one.
const ringTime = time.Minute

// keysNow are our keys; one is made where it is time for another.
func (s *Pages) keysNow(ctx context.Context) (lti.Ring, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if len(s.ring) > 0 && now.Sub(s.rings).Abs() < ringTime {
		return s.ring, nil
	}
	ring, err := s.rows.ToolKeys(ctx, func(id string, made time.Time, sealed []byte) (lti.Key, error) {
		return lti.OpenKey(s.secret, id, made, sealed)
	})
	if err != nil {
		return nil, err
	}
	if ring.Due(now) {
		k, err := lti.NewKey(now)
		if err != nil {
			return nil, err
		}
		sealed, err := k.Sealed(s.secret)
		if err == nil {
			err = s.rows.AddToolKey(ctx, k, sealed)
		}
		if err != nil {
			return nil, err
		}
		ring = append(lti.Ring{k}, ring...)
	}
	s.ring, s.rings = ring, now
	return ring, nil
}

func (s *Pages) signer(ctx context.Context) (lti.Key, error) {
	ring, err := s.keysNow(ctx)
	if err != nil {
		return lti.Key{}, err
	}
	return ring.Signer(s.now()), nil
}

// Keys are our public ones, for platforms.
func (s *Pages) Keys(w http.ResponseWriter, r *http.Request) error {
	ring, err := s.keysNow(r.Context())
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, ring.Public())
}

// knows says whether a text is the operator's secret; the time that it takes does not tell.
func (s *Pages) knows(text string) bool {
	want, got := sha256.Sum256([]byte(s.secret)), sha256.Sum256([]byte(text))
	return s.On() && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}
