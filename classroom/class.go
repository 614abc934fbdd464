package classroom

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of a class. A hall is smaller; what is beyond is a mistake or an attack.
const (
	MaxStudents   = 2500
	MaxStops      = 60
	MaxChoices    = 6
	MaxPicked     = 4   // answers side by side; more cannot be read from the last row
	MaxTitle      = 300 // characters of a title, a question, a choice
	MaxNotes      = 2000
	MaxText       = 4000 // of a stop, in Markdown
	MaxNickname   = 40
	MaxComment    = 2000
	MaxClasses    = 5000 // that one server keeps
	maxPath       = 1000 // bytes
	MaxZoom       = 4
	LastsTime     = 12 * time.Hour       // a class ends by itself after a long day
	KeptTime      = 200 * 24 * time.Hour // its data are deleted after a semester and the exams, where the site does not say otherwise
	maxHundredths = 100_000

	// graceTime is how long after the end what had been typed by then may still come in: a phone that sends it by itself takes a
	// moment, and a hall's phones take a few.
	graceTime = 10 * time.Second
)

// Unjoined is how long a class is safe that nobody has joined yet: after it, where there are MaxClasses, it makes room for a new
// one. It is short, so that strangers who open class after class, which they can do four times a second on each of two replicas,
// shut others out for some minutes at most.
const Unjoined = 10 * time.Minute

// What a class refuses. The texts are for the visitor.
var (
	ErrNone   = errors.New("there is no class with this code")
	ErrClosed = errors.New("the class is closed")
	ErrStale  = errors.New("somebody changed this meanwhile")
	ErrFull   = errors.New("the class is full")
	ErrLocked = errors.New("this is locked: nothing can be handed in any more")
	ErrUsed   = errors.New("everything that may be submitted has been")
	ErrRound  = errors.New("this vote is not the one that is taken now")
)

// A RefusedError says in words why something cannot be done; it is for whoever asked.
type RefusedError struct {
	Reason string
	Field  string // of a stop, where the reason is about one: "title", "text", "alt", "notes", "path", "choices", "given", "truth", "talk", "question" or "kind"
}

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}

// at says of an error of a text that it is about a field.
func at(field string, err error) error {
	var refused *RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	return &RefusedError{refused.Reason, field}
}

// A Class is a teacher's session. Plan, Current, Blank, EyesUp and Zoom are its state.
type Class struct {
	ID      string
	Code    string // by which students join
	Title   string
	KeyHash string // SHA-256 of the teacher's key, in hexadecimal
	// WallHash is that of the key which shows the wall and does nothing; "" where there is none. Walls is how many there were.
	WallHash string
	Walls    int
	Plan     []Stop
	Current  int // of Plan
	Blank    bool
	EyesUp   bool  // students are to look to the front: their pages wait
	Zoom     int   // how often "bigger" was pressed, 0 to MaxZoom
	Version  int64 // grows by one with every change, from 1

	OpenedAt   time.Time // last
	ClosedAt   time.Time // zero while open
	ReleasedAt time.Time // of the marks; zero before

	Person string // whose class it is beside who holds the key: the id of who had signed in, "" where nobody had

	Kept time.Duration // after OpenedAt; 0 is KeptTime
}

// Open returns a new class with a code and a key of its own. The key is in nobody's hands but the caller's: the class
// keeps its hash.
func Open(title string, plan []Stop, now time.Time) (c Class, key string, err error) {
	title, err = Line(title, MaxTitle)
	if err != nil {
		return Class{}, "", fmt.Errorf("title: %w", err)
	}
	key = secret(32)
	c = Class{ID: secret(12), Code: NewCode(codeLength), Title: title, KeyHash: hash(key), OpenedAt: now.UTC().Truncate(time.Millisecond)}
	for _, s := range plan {
		if c, err = c.Insert(s, len(c.Plan)); err != nil {
			return Class{}, "", err
		}
	}
	if len(c.Plan) == 0 {
		return Class{}, "", refuse("a class needs something to show")
	}
	c.Plan[0].begin()
	c, _ = c.Rewalled(key)
	c.Version = 1
	return c, key, nil
}

// Rekeyed returns the class with another key, which nobody but the caller has.
func (c Class) Rekeyed() (next Class, key string) {
	key = secret(32)
	c.KeyHash = hash(key)
	next, _ = c.Rewalled(key) // whoever had the old key could make its projector link, too
	return next, key
}

// Rewalled returns the class with another key for the wall, made of the teacher's.
func (c Class) Rewalled(key string) (next Class, wall string) {
	c.Walls++
	wall = c.WallKey(key)
	c.WallHash = hash(wall)
	c.Version++
	return c, wall
}

// Ended says whether nothing can be handed in any more: the teacher closed the class, or it was left open for a day.
func (c Class) Ended(now time.Time) bool {
	return !c.ClosedAt.IsZero() || now.After(c.OpenedAt.Add(LastsTime))
}

// Expires is when the class and everything in it is deleted.
func (c Class) Expires() time.Time { return c.OpenedAt.Add(cmp.Or(c.Kept, KeptTime)) }

// Released says whether students may see their marks.
func (c Class) Released() bool { return !c.ReleasedAt.IsZero() }

// Stop returns a stop of the plan by its id, and its place.
func (c Class) Stop(id string) (Stop, int, bool) {
	for i, s := range c.Plan {
		if s.ID == id {
			return s, i, true
		}
	}
	return Stop{}, -1, false
}

// Shown is the stop that is shown now.
func (c Class) Shown() Stop { return c.Plan[c.Current] }

// Takes says whether guesses and answers to a stop are asked for.
func (c Class) Takes(stop Stop, now time.Time) bool {
	return !c.Ended(now) && stop.Phase == Asked && !stop.due(now)
}

// Accepts says whether a guess or an answer to a stop may be handed in. What was being typed when the teacher locked it, or
// closed the class, may for a moment more, but no guess after the truth could be seen.
func (c Class) Accepts(stop Stop, now time.Time) error {
	end := c.ClosedAt
	if end.IsZero() {
		end = c.OpenedAt.Add(LastsTime)
	}
	if c.Ended(now) && !lately(end, now) {
		return ErrClosed
	}
	ended := stop.LockedAt
	if stop.due(now) {
		ended = stop.Closes
	}
	switch {
	case stop.Phase == Asked && ended.IsZero():
		return nil
	case !stop.Phase.Reached(Asked), stop.Kind == Predict && stop.Phase.Reached(Ran), !lately(ended, now):
		return ErrLocked
	}
	return nil
}

// lately says whether a moment is no further away than the grace. It may be ahead, on a server whose clock is.
func lately(then, now time.Time) bool { return now.Sub(then).Abs() <= graceTime }

// due says whether a stop's time is up, and it is not yet locked.
func (s Stop) due(now time.Time) bool {
	return s.Phase == Asked && !s.Closes.IsZero() && !now.Before(s.Closes)
}

// Settled is the class with everything locked whose time is up. Where nothing is, the same class comes back.
func (c Class) Settled(now time.Time) Class {
	next := c
	next.Plan = settled(c.Plan, now)
	return c.changed(next)
}

func settled(plan []Stop, now time.Time) []Stop {
	plan = slices.Clone(plan)
	for i := range plan {
		if s := &plan[i]; s.due(now) {
			s.enter(Locked, s.Closes)
		}
	}
	return plan
}

// Next is when the class changes by itself: when something is locked, or when it ends. It is false where it never does.
func (c Class) Next(now time.Time) (time.Time, bool) {
	var next time.Time
	sooner := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for _, s := range c.Plan {
		if s.Phase == Asked && !s.Closes.IsZero() {
			sooner(s.Closes)
		}
	}
	if end := c.OpenedAt.Add(LastsTime); c.ClosedAt.IsZero() && !now.After(end) {
		sooner(end)
	}
	return next, !next.IsZero()
}

// A Member is a student in a class. ID is random, so that it tells nobody which visitor it is.
type Member struct {
	ID       string
	Nickname string // may be empty
	JoinedAt time.Time
	HandAt   time.Time // since when the member's hand is up; 0 while it is down
	// The rest is known in a list of members.
	Here       bool      // the class's page is open; see Presence
	AwayAt     time.Time // when it was closed, of who is not Here; 0 where that is not known
	BranchedAt time.Time // since when the member tries something of their own in the lab; 0 of who follows the class. A Desk has it, too
	Branch     string    // the stop at which they began to
}

// A Count is how many have joined a class, how many of them are there, how many hands are up, and how many have handed in at a stop: guesses
// in a round. Asked are those who are there, and those who have predicted or answered and are gone.
type Count struct{ Members, Here, Asked, Hands, Guesses, Answers, Submissions int }

// A Desk is what a member has handed in so far.
type Desk struct {
	Member
	Guesses [Rounds]Guess // at the stop that was asked for; of Round 0 where there is none
	Answers []Answer      // to all stops
}

// Nickname trims a nickname, or says what is wrong with it. An empty one is fine.
func Nickname(text string) (string, error) {
	name, err := Line(text, MaxNickname)
	if err != nil {
		return "", fmt.Errorf("nickname: %w", err)
	}
	return name, nil
}

// Line is a text of one line as it can be kept: white space made single, nothing invisible, not too long.
func Line(text string, most int) (string, error) {
	text, err := prose(strings.Join(strings.Fields(text), " "), most)
	return text, err
}

// prose is a text that may have lines.
func prose(text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return "", refuse("this holds bytes that are not text (UTF-8)")
	case n > most:
		return "", refuse("this has %d characters; %d are possible", n, most)
	case strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
		return "", refuse("this holds invisible control characters")
	}
	return text, nil
}
