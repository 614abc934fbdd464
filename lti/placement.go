package lti

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// What the store of a tool refuses.
var (
	ErrReplayed = errors.New("this launch was used before")
	ErrUnknown  = errors.New("there is no such platform")
	ErrTaken    = errors.New("this link has a class already")
)

// A Placement is a link of a course, and what it opens here. The same thing linked from two courses is two placements.
type Placement struct {
	ID         string // ours
	Platform   string // the ID
	Deployment string
	Context    string // the course's name, unique for the deployment; "" where the platform does not tell
	Link       string // the link's, unique for the deployment
	Title      string
	Course     string // its title
	Target     string // the path and query that it opens; "" until a teacher chooses
	Class      string // the id of the class that it opened; "" for none
	Key        []byte // the class's key for its teachers, sealed
	Points     int64  // hundredths, that are all there are in the gradebook; 0 where nothing is graded
	Members    string // where the course's members are asked for
	Grades     Grades
}

// A Result is what a person has reached, of how much, and when. Owners are all names that the person's work is kept under.
type Result struct {
	Owners     []string
	Points, Of int64 // hundredths
	At         time.Time
}

// A Due is a placement whose homework has results that were not counted yet, up to Latest.
type Due struct {
	Link, Homework string
	Latest         time.Time
}

// A Try is one attempt to send a score: Failed is why it failed, "" where it did not.
type Try struct {
	At     time.Time `json:"at"`
	Failed string    `json:"failed,omitempty"`
}

// An Outgoing is a score on its way to the gradebook, or there.
type Outgoing struct {
	Placement
	Owner   string
	Subject string
	Given   int64 // hundredths; Withdrawn where the gradebook is to have none any more
	At      time.Time
	Queued  time.Time // when it was first to be sent
	Next    time.Time // when it is tried; zero where it is not any more
	Sent    time.Time // zero where it was not
	Failed  time.Time // when it was given up; zero where it was not
	Tries   []Try     // the last MaxTries of them
}

const (
	// Withdrawn is given where what arrived, or may have, is taken back.
	Withdrawn = -1
	MaxTries  = 20
	// GiveUp is how long a score is tried before its teacher is told that it failed.
	GiveUp = time.Hour
	// firstWait is that before the second try; each next is three times as long, up to longestWait.
	firstWait   = 10 * time.Second
	longestWait = 15 * time.Minute
	maxReason   = 300 // characters
)

// Tried returns a score after an attempt at that time; err is what came of it.
func (o Outgoing) Tried(now time.Time, err error) Outgoing {
	now = now.UTC().Truncate(time.Millisecond)
	try := Try{At: now}
	if err != nil {
		try.Failed = clip(err.Error())
	}
	o.Tries = append(append([]Try(nil), o.Tries[max(0, len(o.Tries)-MaxTries+1):]...), try)
	switch {
	case err == nil:
		o.Sent, o.Next, o.Failed = now, time.Time{}, time.Time{}
	case Final(err) || now.Sub(o.Queued) >= GiveUp:
		o.Failed, o.Next = now, time.Time{}
	default:
		wait := firstWait
		for n := 1; n < o.Failures() && wait < longestWait; n++ {
			wait *= 3
		}
		o.Next = now.Add(min(wait, longestWait))
	}
	return o
}

// Failures is how often a score was tried in vain, not counting the one that it took the place of.
func (o Outgoing) Failures() (n int) {
	for _, t := range o.Tries {
		if t.Failed != "" && !t.At.Before(o.Queued) {
			n++
		}
	}
	return n
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > maxReason {
		return string(runes[:maxReason-1]) + "…"
	}
	return text
}

// Score is what is sent.
func (o Outgoing) Score() Score {
	if o.Given == Withdrawn {
		return Score{Subject: o.Subject, None: true, At: o.At}
	}
	return Score{Subject: o.Subject, Given: float64(o.Given) / 100, Maximum: float64(o.Points) / 100, At: o.At}
}

// ParsePoints reads how many points there are in the gradebook: a number up to 1000 with at most two decimals; nothing, or 0, is none.
func ParsePoints(text string) (hundredths int64, err error) {
	if text == "" {
		return 0, nil
	}
	var v float64
	if n, err := fmt.Sscanf(text, "%g", &v); n != 1 || err != nil || !(v >= 0 && v <= 1000) {
		return 0, errors.New("points are a number from 0 to 1000")
	}
	return int64(math.Round(v * 100)), nil
}
