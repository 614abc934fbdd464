package homework

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/plan"
	"gradlab/handlers/web"
	"gradlab/homework"
	"gradlab/lessons"
	"gradlab/plans"
)

// Rows keeps homework and what is handed in to it; package store implements it.
type Rows interface {
	CreateHomework(ctx context.Context, h homework.Homework) error
	UpdateHomework(ctx context.Context, h homework.Homework) error
	CloseHomework(ctx context.Context, h homework.Homework) error
	Homework(ctx context.Context, id string) (homework.Homework, error)
	HomeworkOf(ctx context.Context, shelf string) ([]homework.Homework, error)
	HomeworkJoined(ctx context.Context, owner string) ([]homework.Homework, error)
	DeleteHomework(ctx context.Context, id string) error
	Tell(ctx context.Context, act audit.Act, about, detail string)
	JoinHomework(ctx context.Context, id, owner string, m homework.Member, resumeHash string) (homework.Member, error)
	ResumeHomework(ctx context.Context, id, owner, resumeHash string) (homework.Member, error)
	HomeworkMember(ctx context.Context, id, owner string) (homework.Member, bool, error)
	RenewResume(ctx context.Context, id, member, resumeHash string) error
	Extend(ctx context.Context, h homework.Homework, m homework.Member) error
	LeaveHomework(ctx context.Context, id, owner string) error
	CommitGuess(ctx context.Context, h homework.Homework, g classroom.Guess) (classroom.Guess, error)
	WriteAnswer(ctx context.Context, h homework.Homework, a homework.Answer, hand bool) (homework.Answer, error)
	AttachHomeworkRun(ctx context.Context, h homework.Homework, member, stop, run string) error
	SaveHomeworkMarks(ctx context.Context, h homework.Homework, marks []homework.Mark) ([]homework.Mark, error)
	MarkHistory(ctx context.Context, id, stop, member string) ([]homework.Mark, error)
	Sheet(ctx context.Context, id string, m homework.Member) (homework.Sheet, error)
	Sheets(ctx context.Context, id string) ([]homework.Sheet, error)
	HomeworkOwners(ctx context.Context, id string) (map[string][]string, error)
}

// A Judge knows what is true of a prediction; the pages of classes are it.
type Judge interface {
	// Truth computes it, as long as ctx lasts; known is false where it is not known, or not in time.
	Truth(ctx context.Context, stop classroom.Stop) (value float64, known bool)
	Tolerance(stop classroom.Stop, truth float64) float64
	Reply(stop classroom.Stop, guess float64) string
}

// Released is told of results; see the package's comment.
type Released interface {
	Released(ctx context.Context, results []homework.Result) error
}

// Config is what the pages of homework need.
type Config struct {
	*web.Adapter
	plan.Desk
	Rows    Rows
	Shelves interface {
		// Shelves are those of a request: of who has signed in, and the one whose key it carries.
		Shelves(r *http.Request) ([]plans.Shelf, error)
	}
	Judge    Judge
	Released Released         // nil where nobody has to know
	Clock    func() time.Time // nil is the time's own
}

// Pages are those of homework.
type Pages struct {
	Config
	// Linked says whether homework was opened from a course of a learning platform, which has a gradebook then.
	Linked  func(ctx context.Context, id string) bool
	library *lessons.Library
	writes  classroom.Limiter // of a visitor
	control classroom.Limiter // of a shelf
}

// New returns the pages of homework.
func New(c Config) *Pages {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Pages{
		Config: c, library: c.Library,
		writes: classroom.Limiter{Rate: 2, Burst: 60, Now: c.Clock}, control: classroom.Limiter{Rate: 5, Burst: 100, Now: c.Clock},
	}
}

var (
	noHomework  = &web.Problem{Status: http.StatusNotFound, Heading: "No such homework", Text: "There is no homework at this address: it may have been deleted, or is not set yet."}
	notTeacher  = &web.Problem{Status: http.StatusForbidden, Heading: "For the teacher", Text: "This page belongs to whoever set the homework. It opens with the link to keep of their plans."}
	notMember   = &web.Problem{Status: http.StatusForbidden, Heading: "Join first", Text: "You have not joined this homework in this browser: open its first page."}
	notYet      = &web.Problem{Status: http.StatusForbidden, Heading: "Not yet", Text: "This comes later: the homework is not open, or a prediction has to be committed to first."}
	noStop      = &web.Problem{Status: http.StatusNotFound, Heading: "No such stop", Text: "There is nothing at this address of the homework."}
	isOver      = &web.Problem{Status: http.StatusConflict, Heading: "The time is over", Text: "The time is over: nothing can be handed in any more."}
	isCommitted = &web.Problem{Status: http.StatusConflict, Heading: "Committed already", Text: "You have committed to a prediction here already, and it cannot be changed."}
	otherTab    = &web.Problem{Status: http.StatusConflict, Heading: "Changed elsewhere", Text: "This answer was saved from another tab or browser meanwhile. Your text is still here; save it again to replace the other."}
	crowded     = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Full", Text: "As many have joined this homework as can. Please tell your teacher."}
	changing    = &web.Problem{Status: http.StatusServiceUnavailable, Heading: "Once more, please", Text: "The homework changed at this very moment. Please try again."}
	staleMark   = &web.Problem{Status: http.StatusConflict, Heading: "Changed elsewhere", Text: "This was marked from another page meanwhile, or the answer is gone. Reload to see how it stands; your mark was not kept."}
)

// problemOf is what may be shown of an error of homework; other errors pass.
func problemOf(err error) error {
	var refused *classroom.RefusedError
	switch {
	case errors.As(err, &refused):
		return &web.Problem{Status: http.StatusUnprocessableEntity, Heading: "Not like that", Text: web.Sentence(refused.Reason)}
	case errors.Is(err, homework.ErrNone):
		return noHomework
	case errors.Is(err, homework.ErrNotYet):
		return notYet
	case errors.Is(err, homework.ErrOver):
		return isOver
	case errors.Is(err, homework.ErrCommitted):
		return isCommitted
	case errors.Is(err, homework.ErrCrowded):
		return crowded
	case errors.Is(err, homework.ErrStale):
		return changing
	case errors.Is(err, classroom.ErrStale):
		return otherTab
	case errors.Is(err, homework.ErrFull):
		return &web.Problem{Status: http.StatusConflict, Heading: "No room", Text: web.Sentence(err.Error())}
	}
	return err
}

// owns says whether the homework's shelf is one of a request.
func (s *Pages) owns(r *http.Request, h homework.Homework) (bool, error) {
	shelves, err := s.Shelves.Shelves(r)
	at := slices.IndexFunc(shelves, func(shelf plans.Shelf) bool { return shelf.ID == h.Shelf })
	if at < 0 {
		return false, err
	}
	audit.Identify(r.Context(), audit.ByKey("owner of plans", shelves[at].KeyHash))
	return true, err
}

// At finds the homework of an address; a draft is there for its teacher alone.
func (s *Pages) At(r *http.Request) (homework.Homework, error) {
	h, err := s.Rows.Homework(r.Context(), web.Path(r, "homework"))
	if err != nil {
		return h, problemOf(err)
	}
	if h.SetAt.IsZero() {
		own, err := s.owns(r, h)
		if err == nil && !own {
			err = noHomework
		}
		return h, err
	}
	return h, nil
}

// Taught finds the homework of an address for its teacher, and nobody else.
func (s *Pages) Taught(r *http.Request) (homework.Homework, error) {
	h, err := s.At(r)
	if err != nil {
		return h, err
	}
	own, err := s.owns(r, h)
	if err == nil && !own {
		err = notTeacher
	}
	if err == nil && r.Method == http.MethodPost && !s.control.Allow(h.Shelf) {
		err = web.TooMany
	}
	return h, err
}

// A desk is homework and the member at it.
type Desk struct {
	homework.Homework
	homework.Member
}

// Joined finds the homework of an address for who has joined it.
func (s *Pages) Joined(r *http.Request) (Desk, error) {
	h, err := s.At(r)
	if err != nil {
		return Desk{}, err
	}
	m, found, err := s.Rows.HomeworkMember(r.Context(), h.ID, web.Visitor(r))
	if err == nil && !found {
		err = notMember
	}
	if err == nil && r.Method == http.MethodPost && !s.writes.Allow(web.Visitor(r)) {
		err = web.TooMany
	}
	return Desk{h, m}, err
}

// tries is how often something is tried anew that meets a change at the same moment.
const tries = 5

// change makes the next state of homework by a pure function, and stores it; where another device was quicker, on what that made.
func (s *Pages) change(ctx context.Context, h homework.Homework, edit func(homework.Homework) (homework.Homework, error)) (homework.Homework, error) {
	for range tries {
		next, err := edit(h)
		if err != nil || next.Version == h.Version {
			return h, err
		}
		if err = s.Rows.UpdateHomework(ctx, next); err == nil {
			return next, nil
		}
		if !errors.Is(err, homework.ErrStale) {
			return h, err
		}
		if h, err = s.Rows.Homework(ctx, h.ID); err != nil {
			return h, err
		}
	}
	return h, homework.ErrStale
}
