package class

import (
	"context"
	"net"
	"time"

	"golang.org/x/sync/singleflight"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/handlers/plan"
	"gradlab/handlers/web"
	"gradlab/lessons"
	"gradlab/lessons/hint"
	"gradlab/mlcore/experiment"
)

// Rows keeps classes and what is handed in to them; package store implements it.
type Rows interface {
	classroom.Rows
	CreateClass(ctx context.Context, c classroom.Class) error
	DeleteClass(ctx context.Context, id string) error
	// ClassesOf are those that a person opened: what a list shows of each.
	ClassesOf(ctx context.Context, person string) ([]classroom.Class, error)
	Tell(ctx context.Context, act audit.Act, about, detail string)
	Join(ctx context.Context, class, owner string, m classroom.Member) (classroom.Member, error)
	Member(ctx context.Context, class, owner string) (classroom.Member, bool, error)
	Members(ctx context.Context, class string) ([]classroom.Member, error)
	RenameMember(ctx context.Context, class, member, nickname string) error
	Leave(ctx context.Context, class, owner string) error
	// Hand is a student's own, LowerHands the teacher's word on one or on all; Branch is told by a student's page. See package store.
	Hand(ctx context.Context, class, owner string, up bool) error
	LowerHands(ctx context.Context, class, member string) error
	Branch(ctx context.Context, class, owner, stop string) error
	// RemoveMember and MergeMembers take a member out of a class; RemovedFrom is what is left to them. See package store.
	RemoveMember(ctx context.Context, class, member string) error
	MergeMembers(ctx context.Context, class, from, into string) error
	RemovedFrom(ctx context.Context, class, owner string) (classroom.Removed, bool, error)
	Desk(ctx context.Context, class, owner, stop string) (classroom.Desk, bool, error)
	SaveGuess(ctx context.Context, class string, version int64, owner string, g classroom.Guess) error
	Guesses(ctx context.Context, class, stop string) ([]classroom.Guess, error)
	ClassCount(ctx context.Context, class, stop string, round int) (classroom.Count, error)
	SaveClassAnswer(ctx context.Context, class string, version int64, owner string, a classroom.Answer) (classroom.Answer, error)
	SaveSubmission(ctx context.Context, class string, version int64, owner string, sub classroom.Submission) error
	Score(ctx context.Context, class, stop, run string, value float64) error
	Submissions(ctx context.Context, class, stop, member string) ([]classroom.Submission, error)
	ComputedRuns(ctx context.Context, class, stop, member string) (int, error)
	ClassAnswers(ctx context.Context, class, stop string) ([]classroom.Answer, error)
	// AnsweredBy are the answers of a class without their texts.
	AnsweredBy(ctx context.Context, class string) ([]classroom.Answer, error)
	ClassAnswer(ctx context.Context, class, stop, member string) (a classroom.Answer, found bool, err error)
	SaveHints(ctx context.Context, class, stop, member string, h classroom.Hints) error
	SaveMark(ctx context.Context, class string, m classroom.Mark) (classroom.Mark, error)
	Marks(ctx context.Context, class string) ([]classroom.Mark, error)
	// MemberGuesses are what one member predicted.
	MemberGuesses(ctx context.Context, class, member string) ([]classroom.Guess, error)
	// ClassesJoined are those that a visitor is in: what a list shows of each.
	ClassesJoined(ctx context.Context, owner string) ([]classroom.Class, error)
	// Attendance is who was there at which stops.
	Attendance(ctx context.Context, class string) ([]classroom.Attendance, error)
	// Sittings are what students answered in two lessons, nameless; see package store.
	Sittings(ctx context.Context, class, before, after string) ([][2]map[string]string, error)
	MemberMarks(ctx context.Context, class, member string) ([]classroom.Mark, error)
}

// Counts is told what an operator counts of classes.
type Counts interface {
	Opened()
	HandedIn(what string)    // "guess", "answer" or "run"
	WrongSecret(what string) // "code", "password" or "operator key"
}

// Config is what the pages of classes need.
type Config struct {
	*web.Adapter
	Rows    Rows
	Bus     classroom.Bus
	Counts  Counts
	Library *lessons.Library
	Labs    labs.Labs
	// Train trains a run, or finds it among those that are known.
	Train func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error)
	// TeacherPassword is what opening a class takes; "" lets everybody.
	TeacherPassword string
	// OnlyTeachers lets only those open one who have signed in as teachers.
	OnlyTeachers bool
	// PublicURL is the address by which students open the site; "" leaves it to be found out.
	PublicURL string
	// Listening is the address that the server listens on; nil where that is not known.
	Listening net.Addr
	// Stopping ends when the server is about to stop.
	Stopping context.Context
	// Clock and Sleep are the time of the limits, and Find reads an answer for hints; nil is the time's own, and the rubric's.
	Clock func() time.Time
	Sleep func(time.Duration)
	Find  func(rubric *hint.Rubric, text string) []hint.Finding
}

// Pages are those of classes.
type Pages struct {
	*web.Adapter
	// Linked says whether a class was opened from a course of a learning platform, which has a gradebook then.
	Linked func(ctx context.Context, class string) bool
	// Plans are the teachers' own.
	Plans           *plan.Pages
	rows            Rows
	counts          Counts
	library         *lessons.Library
	labs            labs.Labs
	train           func(ctx context.Context, run experiment.Run) (*experiment.Outcome, error)
	teacherPassword string
	onlyTeachers    bool
	publicURL       string
	listening       net.Addr
	stopping        context.Context

	hub     *classroom.Hub
	desk    plan.Desk
	limits  *limits
	reader  *hintReader
	reveals reveals
	scores  singleflight.Group // of runs that were submitted, by class and stop
	stages  stages
}

// New returns the pages of classes.
func New(c Config) *Pages {
	s := &Pages{
		Adapter: c.Adapter, rows: c.Rows, counts: c.Counts, library: c.Library, labs: c.Labs, train: c.Train,
		teacherPassword: web.Clean(c.TeacherPassword), // as what is typed is
		onlyTeachers:    c.OnlyTeachers,
		publicURL:       c.PublicURL, listening: c.Listening, stopping: c.Stopping,
		hub: classroom.NewHub(c.Rows, c.Bus, nil), desk: plan.Desk{Labs: c.Labs, Library: c.Library}, limits: newLimits(c.Clock, c.Sleep),
	}
	if c.Find == nil {
		c.Find = (*hint.Rubric).Find
	}
	s.reader = newHintReader(c.Stopping, c.Rows, c.Find, s.hub.Arrived)
	return s
}

// ClassOf is the class that shows a run, "" for none.
func (s *Pages) ClassOf(run experiment.Run) string { return s.stages.class(run) }

// Departed tells a class that somebody has left it.
func (s *Pages) Departed(class string) { s.hub.Departed(class) }

// OpenStreams is how many devices follow a class.
func (s *Pages) OpenStreams() int { return s.limits.openStreams() }

// Watched is how many classes somebody follows.
func (s *Pages) Watched() int { return s.hub.Watched() }
