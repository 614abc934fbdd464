package plans

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"gradlab/classroom"
)

// Bounds. What is beyond is a mistake or an attack.
const (
	MaxPlans    = 200      // of a shelf
	MaxVersions = 100      // earlier ones of a plan; of more, the oldest go
	MaxShelves  = 20_000   // that one server keeps
	MaxPictures = 64 << 20 // bytes of all pictures of a shelf
	MaxTitle    = 100      // characters of a plan's title

	// KeptTime is how long a shelf is kept after its key was last used, where the site does not say otherwise.
	KeptTime = 2 * 365 * 24 * time.Hour
	// typingTime is how long pauses in typing at one stop make one version: what was there before the first of them is kept.
	typingTime = 10 * time.Minute
)

// What is refused of plans. The texts are for the visitor.
var (
	ErrNone  = errors.New("there is no such plan")
	ErrStale = errors.New("somebody changed this plan meanwhile")
	ErrFull  = fmt.Errorf("there are %d plans here already, which is as many as there may be: delete one first", MaxPlans)
	ErrHeavy = fmt.Errorf("the pictures of all your plans would take more than the %d MB that there are for them", MaxPictures>>20)
	ErrRoom  = errors.New("this site keeps as many plans as it can")
)

// A ConflictError says that a stop was written by another tab since the writer saw it: Current is what stands there now.
type ConflictError struct{ Current Stop }

func (e *ConflictError) Error() string {
	return "This stop was saved from another tab meanwhile. Save again to replace that text by yours; what it replaces stays among the versions."
}

// A Shelf is all plans of one teacher.
type Shelf struct {
	ID, KeyHash string
	Person      string // the id of who has signed in and keeps these plans, beside who holds the key; "" for nobody
}

// NewShelf returns a shelf and its key, which is in nobody's hands but the caller's.
func NewShelf() (s Shelf, key string) {
	key = secret(32)
	return Shelf{ID: secret(12), KeyHash: Hash(key)}, key
}

// Hash is what is kept of a key.
func Hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

// A Stop is one of a plan, with the plan's revision at which it was last written.
type Stop struct {
	classroom.Stop
	Revision int64 `json:"revision"`
}

// A Plan is a list of stops. Revision grows by one with every edit, from 1.
type Plan struct {
	ID       string
	Shelf    string // whose it is
	Title    string
	Stops    []Stop
	Revision int64
	SavedAt  time.Time
	// Typed is the stop that the last edit wrote in, "" where it did something else.
	Typed string

	ViewLink, CopyLink string // secrets of links; "" for none
}

// A Version is a plan as it was at a revision, until the moment of an edit.
type Version struct {
	Revision int64
	Title    string
	Stops    []Stop
	Until    time.Time
}

// A Line is a plan in a list.
type Line struct {
	ID, Title string
	Stops     int // how many
	SavedAt   time.Time
}

// New returns a plan of a shelf with stops of another plan, or none.
func New(shelf, title string, stops []classroom.Stop, now time.Time) (Plan, error) {
	p := Plan{ID: secret(12), Shelf: shelf, Revision: 1, SavedAt: at(now)}
	var err error
	if p.Title, err = classroom.Line(cmp.Or(title, "A plan without a title"), MaxTitle); err != nil {
		return p, err
	}
	if len(stops) > classroom.MaxStops {
		return p, tooMany()
	}
	for _, s := range stops {
		checked, err := s.Checked()
		if err != nil {
			return p, err
		}
		p.Stops = append(p.Stops, Stop{checked.Fresh(), 1})
	}
	return p, nil
}

func at(now time.Time) time.Time { return now.UTC().Truncate(time.Millisecond) }

func tooMany() error {
	return &classroom.RefusedError{Reason: fmt.Sprintf("a plan has at most %d stops", classroom.MaxStops), Field: "kind"}
}

// Stop returns a stop by its id, and its place.
func (p Plan) Stop(id string) (Stop, int, bool) {
	i := slices.IndexFunc(p.Stops, func(s Stop) bool { return s.ID == id })
	if i < 0 {
		return Stop{}, -1, false
	}
	return p.Stops[i], i, true
}

// ForClass are the stops as a class takes them.
func (p Plan) ForClass() []classroom.Stop {
	stops := make([]classroom.Stop, len(p.Stops))
	for i, s := range p.Stops {
		stops[i] = s.Stop
	}
	return stops
}

// Pictures are the names of all that the plan shows.
func (p Plan) Pictures() []string { return classroom.Pictures(p.ForClass()) }

// next is the plan before an edit, of which the stops may be written.
func (p Plan) next(now time.Time) Plan {
	p.Stops = slices.Clone(p.Stops)
	p.Revision++
	p.SavedAt, p.Typed = at(now), ""
	return p
}

// Continues says whether the edit that made p goes on with the typing that made before, whose beginning was kept as the last version: what
// before looked like is then none.
func (p Plan) Continues(before Plan, last time.Time) bool {
	return p.Typed != "" && p.Typed == before.Typed && p.SavedAt.Sub(last) < typingTime
}

// Retitled returns the plan with another title, by somebody who saw the title that it had.
func (p Plan) Retitled(title, seen string, now time.Time) (Plan, error) {
	title, err := classroom.Line(title, MaxTitle)
	switch {
	case err != nil:
		return p, err
	case title == "":
		return p, &classroom.RefusedError{Reason: "the plan needs a title"}
	case title == p.Title:
		return p, nil
	case seen != p.Title:
		return p, &classroom.RefusedError{Reason: "another tab has called this plan “" + p.Title + "” meanwhile: save again to call it what you typed"}
	}
	p = p.next(now)
	p.Title = title
	return p, nil
}

var errGone = &classroom.RefusedError{Reason: "this stop is no longer in the plan", Field: "kind"}

// Add returns the plan with a new stop after the one with that id, or at the end, and the new one's id. One that the same form has added already
// is not added again.
func (p Plan) Add(s classroom.Stop, after string, now time.Time) (Plan, string, error) {
	s, err := s.Checked()
	if err != nil {
		return p, "", err
	}
	s, again := s.Added(func(id string) (classroom.Stop, bool) {
		old, _, found := p.Stop(id)
		return old.Stop, found
	})
	if again {
		return p, s.ID, nil
	}
	if len(p.Stops) >= classroom.MaxStops {
		return p, "", tooMany()
	}
	_, i, found := p.Stop(after)
	if !found {
		i = len(p.Stops) - 1
	}
	p = p.next(now)
	p.Stops = slices.Insert(p.Stops, i+1, Stop{s, p.Revision})
	return p, s.ID, nil
}

// Write returns the plan with a stop written anew by somebody who saw it at the revision base. The picture stays; Depict changes it. The
// error is a *ConflictError where another writer was first with something else.
func (p Plan) Write(id string, s classroom.Stop, base int64, now time.Time) (Plan, error) {
	old, i, found := p.Stop(id)
	if !found {
		return p, errGone
	}
	s.ID, s.Picture, s.Alt = old.ID, old.Picture, old.Alt
	s, err := s.Checked()
	switch {
	case err != nil:
		return p, err
	case old.Stop.Same(s):
		return p, nil
	case old.Revision != base:
		return p, &ConflictError{old}
	}
	p = p.next(now)
	p.Stops[i], p.Typed = Stop{s, p.Revision}, id
	return p, nil
}

// Depict returns the plan with another picture at a stop, "" for none, and what it shows in words.
func (p Plan) Depict(id, picture, alt string, now time.Time) (Plan, error) {
	old, i, found := p.Stop(id)
	if !found {
		return p, errGone
	}
	s := old.Stop
	s.Picture, s.Alt = picture, alt
	if picture == "" {
		s.Alt = ""
	}
	s, err := s.Checked()
	if err != nil || s.Same(old.Stop) {
		return p, err
	}
	p = p.next(now)
	p.Stops[i].Stop = s // the text is as it was, and so is its revision
	return p, nil
}

// Move returns the plan with a stop at another place, from 0; what is beyond an end is that end.
func (p Plan) Move(id string, to int, now time.Time) (Plan, error) {
	s, i, found := p.Stop(id)
	if !found {
		return p, errGone
	}
	to = min(max(to, 0), len(p.Stops)-1)
	if to == i {
		return p, nil
	}
	p = p.next(now)
	p.Stops = slices.Insert(slices.Delete(p.Stops, i, i+1), to, s)
	return p, nil
}

// Repeat returns the plan with a copy of a stop after it.
func (p Plan) Repeat(id string, now time.Time) (Plan, string, error) {
	s, _, found := p.Stop(id)
	if !found {
		return p, "", errGone
	}
	return p.Add(s.Stop, id, now)
}

// Drop returns the plan without a stop.
func (p Plan) Drop(id string, now time.Time) (Plan, error) {
	_, i, found := p.Stop(id)
	if !found {
		return p, errGone
	}
	p = p.next(now)
	p.Stops = slices.Delete(p.Stops, i, i+1)
	return p, nil
}

// Restore returns the plan as it was in a version.
func (p Plan) Restore(v Version, now time.Time) Plan {
	p = p.next(now)
	p.Title, p.Stops = v.Title, slices.Clone(v.Stops)
	for i := range p.Stops {
		p.Stops[i].Revision = p.Revision // nobody has seen them like this
	}
	return p
}

// Share returns the plan with a new link of a kind, "view" or "copy", or without one.
func (p Plan) Share(kind string, on bool) (Plan, error) {
	link := ""
	if on {
		link = secret(24)
	}
	switch kind {
	case "view":
		p.ViewLink = link
	case "copy":
		p.CopyLink = link
	default:
		return p, &classroom.RefusedError{Reason: "a plan is shared to look at, or to copy"}
	}
	return p, nil
}

// Opens says what a secret of a link lets its holder do: look at the plan, or copy it, too.
func (p Plan) Opens(link string) (view, copy bool) {
	equal := func(own string) bool { return own != "" && subtle.ConstantTimeCompare([]byte(own), []byte(link)) == 1 }
	copy = equal(p.CopyLink)
	return equal(p.ViewLink) || copy, copy
}
