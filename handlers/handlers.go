// Package handlers answers requests. The map of every URL is routes.go; behind it are rooms: labs, what is shown and said of
// their results in board, the lessons and questions in study, live classes in class, and what all of them answer with in web.
// Here is what is about the site as a whole.
//
// A handler returns an error; package web turns it into a page or, for the API, into JSON. No handler touches SQL or chart
// options, and nothing here computes a gradient.
package handlers

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gradlab/classroom"
	"gradlab/handlers/account"
	"gradlab/handlers/admin"
	"gradlab/handlers/class"
	"gradlab/handlers/homework"
	"gradlab/handlers/labs"
	"gradlab/handlers/lti"
	"gradlab/handlers/plan"
	"gradlab/handlers/study"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/lessons/hint"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
)

// Config is what a site needs.
type Config struct {
	Log     *slog.Logger
	Answers interface {
		study.Answers
		Ping(ctx context.Context) error
		VisitorSeen(ctx context.Context, owner string) error
	}
	Library *lessons.Library
	Runs    *runner.Pool
	Version string
	// Labs are the site's; nil are all of ours.
	Labs labs.Labs

	Classes class.Rows
	Plans   plan.Rows
	// Homework keeps homework, and Results is told what it came to; nil where nobody has to know.
	Homework homework.Rows
	Results  homework.Released
	// Operated is what the operator sees of it.
	Operated admin.Rows
	// LTI is what learning platforms link, and LTISecret lets them be registered; "" turns that off.
	LTI       lti.Rows
	LTISecret string
	Persons   account.Rows
	// SignOn knows who people are; nil where nobody signs in.
	SignOn account.Provider
	// OnlyTeachers lets only those open classes and keep plans who have signed in as teachers, whatever the password.
	OnlyTeachers bool
	// Bus tells the replicas of the site about changes of classes; nil where there is one process.
	Bus classroom.Bus
	// TeacherPassword is what opening a class takes; "" lets everybody.
	TeacherPassword string
	// PublicURL is the address by which students open the site; "" leaves it to be found out.
	PublicURL string
	// Listening is the address that the server listens on; nil where that is not known.
	Listening net.Addr

	// Contact is the mail address of whoever runs the site; "" where nobody has given one.
	Contact string

	// OperatorKey is what lets somebody in as the operator; "" lets nobody in but persons who have signed in as that.
	OperatorKey string

	// BackupDays is for how many days backups are kept; 0 where nobody has said so.
	BackupDays int

	// MetricsToken is what /metrics takes; "" lets everybody read it.
	MetricsToken string
	// Collectors are metrics beside those of the site.
	Collectors []prometheus.Collector

	// Stopping ends when the server is about to stop: open streams are told and closed.
	Stopping context.Context

	// For tests: the time of the limits, and what reads answers for hints; nil is the time's own, and the rubric's.
	Clock func() time.Time
	Sleep func(time.Duration)
	Find  func(rubric *hint.Rubric, text string) []hint.Finding
}

type site struct {
	Config
	*web.Adapter
	study    *study.Pages
	class    *class.Pages
	plan     *plan.Pages
	admin    *admin.Pages
	homework *homework.Pages
	lti      *lti.Pages
	lab      *labs.Site
	metrics  *metrics
	account  *account.Pages

	presence *presence

	metricsApart bool // at an address of their own, and not at this site's
}

// New returns the site, every route and middleware included.
func New(c Config) http.Handler { return assemble(c).begun() }

// NewApart is New for a site that does not answer at /metrics, and what does, for an address of its own.
func NewApart(c Config) (site, metrics http.Handler) {
	s := assemble(c)
	s.metricsApart = true
	apart := http.NewServeMux()
	apart.Handle("/metrics", s.metrics.handler(c.MetricsToken))
	return s.begun(), apart
}

// begun is the handler of a site whose work in the background has begun.
func (s *site) begun() http.Handler {
	if s.lti.On() {
		go s.lti.Deliver(s.Stopping)
	}
	return s.handler()
}

func (s *site) handler() http.Handler { return routes(s) }

func assemble(c Config) *site {
	if c.Bus == nil {
		c.Bus = &classroom.Memory{}
	}
	if c.Labs == nil {
		c.Labs = labs.All()
	}
	s := &site{Config: c, Adapter: web.NewAdapter(c.Log, c.Stopping)}
	signOuts := &web.SignOuts{Bus: c.Bus, Sessions: c.Persons}
	s.Heed(signOuts)
	runs := &labs.Runs{Pool: c.Runs, Stage: func(run experiment.Run) string { return s.class.ClassOf(run) }}
	s.lab = &labs.Site{Adapter: s.Adapter, Labs: c.Labs, Runs: runs}
	s.metrics = newMetrics(s)
	if c.Answers != nil {
		s.presence = newPresence(c)
	}
	s.class = class.New(class.Config{
		Adapter: s.Adapter, Rows: c.Classes, Bus: c.Bus, Counts: s.metrics, Library: c.Library, Labs: c.Labs, Train: runs.Train,
		TeacherPassword: c.TeacherPassword, OnlyTeachers: c.OnlyTeachers, PublicURL: c.PublicURL, Listening: c.Listening, Stopping: c.Stopping, Clock: c.Clock, Sleep: c.Sleep, Find: c.Find,
	})
	s.plan = plan.New(plan.Config{
		Desk: plan.Desk{Labs: c.Labs, Library: c.Library}, Rows: c.Plans, MayOpen: s.class.MayOpen, WhyNot: s.class.WhyNot, Password: c.TeacherPassword != "", OnlyTeachers: c.OnlyTeachers, Clock: c.Clock,
	})
	s.class.Plans = s.plan
	s.homework = homework.New(homework.Config{
		Adapter: s.Adapter, Desk: plan.Desk{Labs: c.Labs, Library: c.Library}, Rows: c.Homework, Shelves: s.plan, Judge: s.class, Released: c.Results, Clock: c.Clock,
	})
	s.lti = lti.New(lti.Config{Log: c.Log, Rows: c.LTI, Class: s.class, Work: s.homework, Library: c.Library, Labs: c.Labs, Secret: c.LTISecret, PublicURL: c.PublicURL, Clock: c.Clock})
	s.class.Linked, s.homework.Linked = s.lti.Linked, s.lti.HomeworkLinked
	s.account = account.New(account.Config{Log: c.Log, Rows: c.Persons, Provider: c.SignOn, Joined: s.class.Joined, Ended: signOuts.Tell})
	s.admin = admin.New(admin.Config{
		Rows: c.Operated, Classes: s.class, Homework: s.homework, Key: c.OperatorKey, Gate: s.class.Operator, Runs: func() runner.Stats { return c.Runs.Stats() },
		Streams: s.class.OpenStreams, Version: c.Version, Clock: c.Clock,
	})
	s.study = study.New(study.Config{
		Log: c.Log, Answers: c.Answers, Library: c.Library, Labs: c.Labs, Train: runs.Train, Departed: s.class.Departed, Clock: c.Clock, BackupDays: c.BackupDays,
	})
	return s
}
