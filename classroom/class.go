package classroom

import (
	"errors"
	"fmt"
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
	MaxNickname   = 40
	MaxComment    = 2000
	MaxClasses    = 5000 // that one server keeps
	maxPath       = 1000 // bytes
	MaxZoom       = 4
	lasting       = 12 * time.Hour       // a class ends by itself after a long day
	keeping       = 200 * 24 * time.Hour // its data are deleted after a semester and the exams
	maxHundredths = 100_000
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
)

// A RefusedError says in words why something cannot be done; it is for whoever asked.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

// A Class is a teacher's session. Plan, Current, Blank and Zoom are its state.
type Class struct {
	ID      string
	Code    string // by which students join
	Title   string
	KeyHash string // SHA-256 of the teacher's key, in hexadecimal
	Plan    []Stop
	Current int // of Plan
	Blank   bool
	Zoom    int   // how often "bigger" was pressed, 0 to MaxZoom
	Version int64 // grows by one with every change, from 1

	OpenedAt   time.Time // last
	ClosedAt   time.Time // zero while open
	ReleasedAt time.Time // of the marks; zero before
}

// Open returns a new class with a code and a key of its own. The key is in nobody's hands but the caller's: the class
// keeps its hash.
func Open(title string, plan []Stop, now time.Time) (c Class, key string, err error) {
	title, err = line(title, MaxTitle)
	if err != nil {
		return Class{}, "", fmt.Errorf("title: %w", err)
	}
	key = secret(32)
	c = Class{ID: secret(12), Code: newCode(), Title: title, KeyHash: hash(key), OpenedAt: now.UTC().Truncate(time.Millisecond)}
	for _, s := range plan {
		if c, err = c.Insert(s, len(c.Plan)); err != nil {
			return Class{}, "", err
		}
	}
	if len(c.Plan) == 0 {
		return Class{}, "", refuse("a class needs something to show")
	}
	c.Plan[0].begin()
	c.Version = 1
	return c, key, nil
}

// Rekeyed returns the class with another key, which nobody but the caller has.
func (c Class) Rekeyed() (next Class, key string) {
	key = secret(32)
	c.KeyHash = hash(key)
	c.Version++
	return c, key
}

// Ended says whether nothing can be handed in any more: the teacher closed the class, or it was left open for a day.
func (c Class) Ended(now time.Time) bool {
	return !c.ClosedAt.IsZero() || now.After(c.OpenedAt.Add(lasting))
}

// Expires is when the class and everything in it is deleted.
func (c Class) Expires() time.Time { return c.OpenedAt.Add(keeping) }

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

// Accepts says whether a guess or an answer to a stop may be handed in.
func (c Class) Accepts(stop Stop, now time.Time) error {
	switch {
	case c.Ended(now):
		return ErrClosed
	case stop.Phase != Asked:
		return ErrLocked
	}
	return nil
}

// A Member is a student in a class. ID is random, so that it tells nobody which visitor it is.
type Member struct {
	ID       string
	Nickname string // may be empty
	JoinedAt time.Time
}

// A Desk is what a member has handed in so far.
type Desk struct {
	Member
	Guess   float64 // at the stop that was asked for
	Guessed bool
	Answers []Answer // to all stops
}

// Nickname trims a nickname, or says what is wrong with it. An empty one is fine.
func Nickname(text string) (string, error) {
	name, err := line(text, MaxNickname)
	if err != nil {
		return "", fmt.Errorf("nickname: %w", err)
	}
	return name, nil
}

// line is a text of one line: white space made single, nothing invisible, not too long.
func line(text string, most int) (string, error) {
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
