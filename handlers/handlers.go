// Package handlers answers requests: it parses the query into a config, lets the core compute, and shows the result as a
// page, as JSON or as a stream of events.
//
// The map of every URL is routes.go. A handler returns an error; package web turns it into a page or, for the API, into
// JSON. What is shown and said of an experiment is made in package board. No handler touches SQL or chart options,
// and nothing here computes a gradient.
package handlers

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// Answers keeps what visitors write; package store implements it.
type Answers interface {
	Answers(ctx context.Context, owner string) ([]store.Answer, error)
	SaveDraft(ctx context.Context, owner string, key store.Key, text string, base int64) (store.Answer, error)
	Submit(ctx context.Context, owner string, key store.Key, text string, base int64) (store.Answer, error)
	DeleteAll(ctx context.Context, owner string, retire bool) (classes []string, err error)
	Rename(ctx context.Context, owner, to string) error
	Known(ctx context.Context, owner string) (bool, error)
	Attached(ctx context.Context, owner string) (store.Attached, error)
	AttachRun(ctx context.Context, owner string, key store.Key, run string) error
	Tick(ctx context.Context, owner, question string, concepts []string) error
	Ping(ctx context.Context) error
	Progress
}

// Progress keeps what visitors predicted and read in the lessons; package store implements it, too.
type Progress interface {
	Progress(ctx context.Context, owner string) (store.Progress, error)
	Predict(ctx context.Context, owner, lesson, item, guess string) error
	MarkRead(ctx context.Context, owner, lesson string) error
}

// Config is what a site needs.
type Config struct {
	Log     *slog.Logger
	Answers Answers
	Library *lessons.Library
	Runs    *runner.Pool
	Version string
	// Labs are the site's; nil are all of ours.
	Labs labs.Labs

	Classes Classes
	// Bus tells the replicas of the site about changes of classes; nil where there is one process.
	Bus classroom.Bus
	// TeacherPassword is what opening a class takes; "" lets everybody.
	TeacherPassword string
	// PublicURL is the address by which students open the site; "" leaves it to be found out.
	PublicURL string
	// Listening is the address that the server listens on; nil where that is not known.
	Listening net.Addr

	// Stopping ends when the server is about to stop: open streams are told and closed.
	Stopping context.Context

	// Of the limits, for tests; nil is the time's own.
	clock func() time.Time
	sleep func(time.Duration)
}

type site struct {
	Config
	*web.Adapter
	hub     *classroom.Hub
	limits  *classLimits
	crowd   *crowdLimits
	metrics *metrics
	reveals reveals
	stages  stages
	reader  *hintReader
}

// New returns the site, every route and middleware included.
func New(c Config) http.Handler { return assemble(c).handler() }

func (s *site) handler() http.Handler { return s.backToLesson(routes(s)) }

func assemble(c Config) *site {
	if c.Bus == nil {
		c.Bus = &classroom.Memory{}
	}
	if c.Labs == nil {
		c.Labs = labs.All()
	}
	c.TeacherPassword = web.Clean(c.TeacherPassword) // as what is typed is
	s := &site{Config: c, Adapter: web.NewAdapter(c.Log, c.Stopping), hub: classroom.NewHub(c.Classes, c.Bus, nil), limits: newClassLimits(c.clock, c.sleep), crowd: newCrowdLimits(c.clock)}
	s.reader = newHintReader(c.Stopping, c.Classes, s.hub.Arrived)
	s.metrics = newMetrics(s)
	return s
}
