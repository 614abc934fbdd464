package classroom

import (
	"slices"
	"time"
)

// A Phase is how far a prediction or a question is. A stop to look at has none.
type Phase string

// The phases, in their order. A lecture with two votes goes from Discuss back to Asked, once. A question is never Ran.
const (
	Waiting  Phase = ""         // not shown yet
	Asked    Phase = "asked"    // guesses and answers come in
	Locked   Phase = "locked"   // none any more
	Discuss  Phase = "discuss"  // students talk to their neighbours, before they vote again
	Ran      Phase = "ran"      // the lab runs before the class's eyes
	Debrief  Phase = "debrief"  // students talk about what they saw
	Revealed Phase = "revealed" // guesses against the truth; the concepts that answers name
)

var phases = []Phase{Waiting, Asked, Locked, Discuss, Ran, Debrief, Revealed}

// Reached says whether p is q or later, within a round.
func (p Phase) Reached(q Phase) bool { return slices.Index(phases, p) >= slices.Index(phases, q) }

// Talking says whether students talk to one another.
func (p Phase) Talking() bool { return p == Discuss || p == Debrief }

// A Talk is when a class talks about a stop. The zero Talk is TalkBefore for a prediction, TalkNever for a question.
type Talk string

// The times at which a class talks. A teacher may always press another button.
const (
	TalkBefore Talk = "before" // after the first vote; a second one follows: peer instruction (Mazur, 1997)
	TalkAfter  Talk = "after"  // after the run, before the truth is told
	TalkNever  Talk = "never"
)

func (s Stop) talks(when Talk) bool {
	if s.Talk == "" {
		return when == TalkBefore && s.Kind == Predict
	}
	return s.Talk == when
}

// StepOn is the action that comes next in a lecture: with two votes lock, discuss, again, lock, run, reveal, next.
func (s Stop) StepOn() string {
	switch {
	case s.Kind == Show || s.Phase == Revealed:
		return "next"
	case s.Phase == Asked || s.Phase == Waiting:
		return "lock"
	case s.Phase == Discuss:
		return "again"
	case s.Phase == Locked && !s.Again && s.talks(TalkBefore), s.Phase == Ran && s.talks(TalkAfter):
		return "discuss"
	case s.Kind == Predict && s.Phase == Locked && s.Path != "":
		return "run"
	case s.Kind == Explore, s.Kind == Ask && s.Question == "": // nothing is known of what its answers name
		return "next"
	}
	return "reveal"
}

// back undoes the last step, and is false where it cannot be undone: what was run was seen.
func (s *Stop) back(now time.Time) bool {
	switch {
	case s.Kind == Show:
		return false
	case s.Staged != "":
		s.Staged = ""
	case s.Phase == Revealed:
		s.turn("hide", now)
	case s.Phase == Debrief:
		s.enter(Ran, now)
	case s.Phase == Locked:
		s.enter(Asked, now)
	case s.Phase == Discuss:
		s.enter(Locked, now)
	case s.Phase == Asked && s.Again:
		s.enter(Discuss, now)
		s.Again, s.LockedAt = false, time.Time{} // what is typed for the second vote is none for the first
	default:
		return false
	}
	return true
}

// enter goes to a phase. A timer and the sight of the votes belong to the one before.
func (s *Stop) enter(p Phase, now time.Time) {
	if p == Asked {
		s.LockedAt = time.Time{}
	} else if s.Phase == Asked {
		s.LockedAt = now
	}
	s.Phase, s.Closes, s.Votes = p, time.Time{}, false
}

// turn changes the phase. A truth that was seen is not unseen: no guesses are taken after it.
func (s *Stop) turn(do string, now time.Time) error {
	seen := s.Kind == Predict && s.Phase.Reached(Ran)
	switch {
	case s.Kind == Explore && do == "votes":
		s.Votes = !s.Votes
	case s.Kind == Explore && do != "lock" && do != "unlock":
		return refuse("runs are submitted here: there is nothing to vote on, or to reveal")
	case do == "lock" && !s.Phase.Reached(Locked):
		s.enter(Locked, now)
	case (do == "unlock" || do == "again") && seen:
		return refuse("the truth was shown: no more guesses")
	case do == "unlock" && (s.Phase == Asked || s.Phase == Locked || s.Phase == Revealed):
		s.enter(Asked, now)
	case do == "again" && !s.Again && (s.Phase == Locked || s.Phase == Discuss):
		s.Again = true
		s.enter(Asked, now)
	case do == "discuss" && s.Phase == Ran:
		s.enter(Debrief, now)
		s.Closes = now.Add(Discussing)
	case do == "discuss" && s.Again && !s.Phase.Reached(Ran):
		return refuse("there were two votes; talk again after the run")
	case do == "discuss" && !s.Phase.Reached(Discuss):
		s.enter(Discuss, now)
		s.Closes = now.Add(Discussing)
	case do == "votes" && (s.Kind != Predict || !s.Phase.Reached(Locked) && !s.Again):
		return refuse("lock the vote first: whoever sees the others’ could copy from them")
	case do == "votes" && s.Phase != Revealed:
		s.Votes = !s.Votes
	case do == "reveal" && s.Phase != Revealed:
		s.enter(Revealed, now)
	case do == "hide" && s.Phase == Revealed:
		to := Locked
		if s.Kind == Predict {
			to = Ran
		}
		s.enter(to, now)
	}
	return nil
}

// How long timers run. A teacher who says nothing of it has Collecting to end a vote, and Discussing for a talk.
const (
	Shortest   = 15 * time.Second
	Longest    = 300 * time.Second
	Longer     = 15 * time.Second
	Collecting = 20 * time.Second
	Discussing = 120 * time.Second
)

// time starts a timer, gives one longer, or ends it. One that runs is started anew by a teacher who says for how long.
func (s *Stop) time(do string, seconds int, now time.Time) error {
	lasts := time.Duration(seconds) * time.Second
	switch {
	case do == "untimed":
		s.Closes = time.Time{}
	case s.Phase != Asked && !s.Phase.Talking():
		return refuse("there is nothing to time now")
	case do == "longer" && s.Closes.IsZero():
		return refuse("no timer is running")
	case do == "longer":
		s.Closes = later(s.Closes, now).Add(Longer)
	case seconds == 0 && s.Closes.IsZero() && s.Phase == Asked:
		s.Closes = now.Add(Collecting)
	case seconds == 0 && s.Closes.IsZero():
		s.Closes = now.Add(Discussing)
	case seconds != 0 && (lasts < Shortest || lasts > Longest):
		return refuse("a timer runs for %d to %d seconds", int(Shortest.Seconds()), int(Longest.Seconds()))
	case seconds != 0:
		s.Closes = now.Add(lasts)
	}
	if most := now.Add(Longest); s.Closes.After(most) {
		s.Closes = most
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
