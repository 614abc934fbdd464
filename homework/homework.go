package homework

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gradlab/classroom"
)

// Bounds. What is beyond is a mistake or an attack.
const (
	MaxHomework = 200 // of a shelf
	MaxTitle    = 100 // characters
	MaxBy       = 40  // of who marked
	MaxOpen     = 60 * 24 * time.Hour
	maxAhead    = 366 * 24 * time.Hour // how far from now it may open
	maxPoints   = 1000_00              // of a stop, in hundredths
	maxWeight   = 100_00

	// KeptTime is how long homework is kept after the last of its ends, where the site does not say otherwise.
	KeptTime = 200 * 24 * time.Hour
)

// What homework refuses. The texts are for the visitor.
var (
	ErrNone      = errors.New("there is no such homework")
	ErrNotYet    = errors.New("the homework is not open yet")
	ErrOver      = errors.New("the homework is over: nothing can be handed in any more")
	ErrStale     = errors.New("somebody changed this meanwhile")
	ErrCommitted = errors.New("you have committed to a prediction here already, and it cannot be changed")
	ErrFull      = fmt.Errorf("there are %d homeworks here already, which is as many as there may be: delete one first", MaxHomework)
	ErrCrowded   = errors.New("as many have joined this homework as can")
	ErrSeated    = errors.New("this browser has joined already, as somebody else")
)

func refuse(field, format string, args ...any) error {
	return &classroom.RefusedError{Reason: fmt.Sprintf(format, args...), Field: field}
}

// A Stop is one of a plan, with what it counts. Its json form is what the store keeps.
type Stop struct {
	classroom.Stop
	Points int64 `json:"points,omitempty"` // the most that can be had for it, in hundredths
	Weight int64 `json:"weight,omitempty"` // how much a point of it counts, in hundredths: 100 is once
}

// Asks says whether the stop is answered in words.
func (s Stop) Asks() bool { return s.Kind == classroom.Ask }

// Predicts says whether one commits to a guess at the stop.
func (s Stop) Predicts() bool { return s.Kind == classroom.Predict }

// Judged says whether a guess at the stop can be right: something says what is true.
func (s Stop) Judged() bool { return s.Predicts() && (!s.Truth.None() || s.Given != nil) }

// Counts says whether points can be had at the stop.
func (s Stop) Counts() bool { return s.Asks() || s.Judged() }

// Homework is set to students. Version grows by one with each change, from 1.
type Homework struct {
	ID          string // random, in its address: who has the link may join
	Shelf       string // whose it is
	Title       string
	Stops       []Stop
	From, Until time.Time // when it opens and ends
	Zone        string    // of the teacher: "Europe/Berlin"
	Grace       time.Duration
	SetAt       time.Time // zero of a draft
	ReleasedAt  time.Time // of the marks; zero before

	Kept time.Duration // after the last of its ends; 0 is KeptTime
	// Truths are what predictions were compared with when the marks were released, by stop; nil before.
	Truths  map[string]Truth
	Version int64
}

// New returns a draft of a plan's stops for a shelf: open from the next full hour to the end of a day a week later, in a time zone, or in UTC
// where there is none of that name.
func New(shelf, title string, stops []classroom.Stop, zone string, now time.Time) (Homework, error) {
	h := Homework{ID: secret(12), Shelf: shelf, Grace: 15 * time.Minute, Version: 1}
	local, err := Zone(zone)
	if err != nil {
		local = time.UTC
	}
	h.Zone = local.String()
	if h.Title, err = classroom.Line(title, MaxTitle); err != nil {
		return h, err
	}
	if len(stops) == 0 {
		return h, refuse("", "a plan without stops is no homework")
	}
	if len(stops) > classroom.MaxStops {
		return h, refuse("", "homework has at most %d stops", classroom.MaxStops)
	}
	for _, s := range stops {
		checked, err := s.Checked()
		if err != nil {
			return h, err
		}
		stop := Stop{Stop: checked.Fresh(), Weight: 1_00}
		if stop.Asks() {
			stop.Points = 10_00
		}
		h.Stops = append(h.Stops, stop)
	}
	h.From = now.UTC().Truncate(time.Hour).Add(time.Hour)
	y, m, d := h.From.In(local).Date()
	h.Until = time.Date(y, m, d+7, 23, 59, 0, 0, local).UTC()
	return h, nil
}

// Stop returns a stop by its id, and its place.
func (h Homework) Stop(id string) (Stop, int, bool) {
	i := slices.IndexFunc(h.Stops, func(s Stop) bool { return s.ID == id })
	if i < 0 {
		return Stop{}, -1, false
	}
	return h.Stops[i], i, true
}

// Pictures are the names of all that the stops show.
func (h Homework) Pictures() []string {
	stops := make([]classroom.Stop, len(h.Stops))
	for i, s := range h.Stops {
		stops[i] = s.Stop
	}
	return classroom.Pictures(stops)
}

// Expires is when the homework and everything in it is deleted, where last is the last of its members' ends.
func (h Homework) Expires(last time.Time) time.Time {
	return later(h.Until, last).Add(cmp.Or(h.Kept, KeptTime))
}

// Terms are what a teacher fills in: moments as "2026-12-06T23:59", a zone's name, minutes, and numbers by stop.
type Terms struct {
	Title, From, Until, Zone, Grace string
	Points, Weights                 map[string]string
}

// Graces are the minutes of grace that there are to choose from.
var Graces = []int{0, 15, 60, 24 * 60}

// Termed returns the homework with other terms. What is wrong is a *classroom.RefusedError at its field: "title", "from", "until", "zone",
// "grace", "points-" or "weight-" and a stop's id.
func (h Homework) Termed(t Terms, now time.Time) (Homework, error) {
	if h.Released() {
		return h, refuse("", "the marks are released: only they can be changed now")
	}
	var err error
	if h.Title, err = classroom.Line(t.Title, MaxTitle); err != nil {
		return h, refuse("title", "%s", err)
	}
	if h.Title == "" {
		return h, refuse("title", "the homework needs a title")
	}
	zone, err := Zone(t.Zone)
	if err != nil {
		return h, err
	}
	minutes, err := strconv.Atoi(t.Grace)
	if err != nil || !slices.Contains(Graces, minutes) {
		return h, refuse("grace", "choose one of the times")
	}
	from, err := Moment(t.From, zone, Earlier)
	if err != nil {
		return h, refuse("from", "%s", err)
	}
	until, err := Moment(t.Until, zone, Later)
	if err != nil {
		return h, refuse("until", "%s", err)
	}
	opened := !h.SetAt.IsZero() && !now.Before(h.From)
	switch {
	case opened && from.Truncate(time.Minute).Equal(h.From.Truncate(time.Minute)):
		from = h.From
	case opened:
		return h, refuse("from", "it is open already: this cannot be changed any more")
	case from.Sub(now) > maxAhead:
		return h, refuse("from", "this is more than a year away")
	}
	switch {
	case !until.After(from):
		return h, refuse("until", "it would end before it opens")
	case until.Sub(from) > MaxOpen:
		return h, refuse("until", "homework is open for at most %d days", MaxOpen/(24*time.Hour))
	case !h.SetAt.IsZero() && !until.Equal(h.Until) && !until.After(now):
		return h, refuse("until", "this is over already")
	}
	h.From, h.Until, h.Zone, h.Grace = from, until, zone.String(), time.Duration(minutes)*time.Minute
	h.Stops = slices.Clone(h.Stops)
	for i := range h.Stops {
		s := &h.Stops[i]
		if !s.Counts() {
			continue
		}
		if s.Points, err = hundredths("points-"+s.ID, t.Points[s.ID], maxPoints); err != nil {
			return h, err
		}
		if s.Weight, err = hundredths("weight-"+s.ID, t.Weights[s.ID], maxWeight); err != nil {
			return h, err
		}
	}
	h.Version++
	return h, nil
}

// hundredths reads a number from 0 to a most; nothing is 0.
func hundredths(field, text string, most int64) (int64, error) {
	v, err := classroom.ParsePoints(text)
	if err != nil || v > most {
		return 0, refuse(field, "give a number from 0 to %d", most/100)
	}
	return max(v, 0), nil
}

// Set makes a draft, as it was just termed, homework: students may join, and work from the time that it opens at.
func (h Homework) Set(now time.Time) (Homework, error) {
	switch {
	case !h.SetAt.IsZero():
		return h, nil
	case !h.Until.After(now):
		return h, refuse("until", "this is over already: choose a later time")
	}
	h.SetAt, h.From = at(now), later(h.From, at(now))
	h.Version++
	return h, nil
}

// Close ends homework now, for whoever runs the site: without grace, and for students with an end of their own, too, which the store takes back.
// What is a draft, released or over stays as it is; last is the last of the members' ends.
func (h Homework) Close(last, now time.Time) Homework {
	switch h.Phase(last, 0, now) {
	case Draft, Marked, Released:
		return h
	}
	h.Until, h.Grace = at(now).Truncate(time.Minute), 0 // forms have minutes
	if earliest := h.Until.Add(-time.Minute); h.From.After(earliest) {
		h.From = earliest
	}
	h.Version++
	return h
}

// Released says whether students may see their marks.
func (h Homework) Released() bool { return !h.ReleasedAt.IsZero() }

// A Member is a student of a homework. ID is random, so that it tells nobody which visitor it is.
type Member struct {
	ID       string
	Nickname string // may be empty
	JoinedAt time.Time
	Extended time.Time // the member's own end; zero where it is everybody's
}

// End is when a member's time is over, but for the grace.
func (h Homework) End(m Member) time.Time { return later(h.Until, m.Extended) }

// Extend gives a member a later end of their own, or takes it back where the text is empty. What is wrong is a *classroom.RefusedError.
func (h Homework) Extend(m Member, text string, now time.Time) (Member, error) {
	if h.Released() {
		return m, refuse("extend", "the marks are released: nobody can hand in any more")
	}
	if text == "" {
		m.Extended = time.Time{}
		return m, nil
	}
	zone, err := Zone(h.Zone)
	if err != nil {
		return m, err
	}
	end, err := Moment(text, zone, Later)
	switch {
	case err != nil:
		return m, refuse("extend", "%s", err)
	case !end.After(h.Until):
		return m, refuse("extend", "this is no later than the end for everybody")
	case !end.After(now):
		return m, refuse("extend", "this is over already")
	case end.Sub(h.From) > MaxOpen:
		return m, refuse("extend", "homework is open for at most %d days", MaxOpen/(24*time.Hour))
	}
	m.Extended = end
	return m, nil
}

// NewMember returns a member with an id of its own, and a code by which it is resumed elsewhere.
func NewMember(nickname string) (m Member, resume string) {
	return Member{ID: secret(9), Nickname: nickname}, NewResume()
}

// resumeLength makes 24¹² = 3.7·10¹⁶ codes: nobody finds one by trying.
const resumeLength = 12

// NewResume returns a code by which a member goes on elsewhere.
func NewResume() string { return classroom.NewCode(resumeLength) }

// ParseResume reads such a code as people type it.
func ParseResume(text string) (string, bool) { return classroom.TypedCode(text, resumeLength) }

// SpellResume is such a code as it is shown: KXR4-47QT-CDEF.
func SpellResume(code string) string {
	if len(code) != resumeLength {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// Hash is what is kept of a code.
func Hash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func at(now time.Time) time.Time { return now.UTC().Truncate(time.Millisecond) }
