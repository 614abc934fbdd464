package classroom

import (
	"maps"
	"slices"
	"time"
)

// An Action is what a teacher does, by a key of the projector or a button of the remote.
type Action struct {
	Do   string // one of Actions
	Stop string // the stop that it is about; "" for the one shown. Of next and previous: the one to move on from
	Path string // of show
	// Phase and Round are how far the device that sends advance or retreat saw the stop, "" and 0 where it does not say.
	Phase Phase
	Round int
	// Seconds is how long a timer is to run; 0 is as long as one usually does.
	Seconds int
	// Member is whose answer to pick or remove; Instead is whose it replaces, where as many are shown as there may be.
	Member, Instead string
	// Answers are those to fold away or to bring back: all that say one text.
	Answers []Answer
}

// Actions are what Do knows.
var Actions = []string{"advance", "retreat", "next", "previous", "go", "show", "run", "lock", "unlock", "discuss", "again", "votes", "timer", "longer", "untimed", "reveal", "hide", "blank", "eyes", "bigger", "smaller", "pick", "remove", "fold", "unfold", "stage", "close", "reopen", "release", "withhold"}

// Do returns the class after an action of its teacher, with its Version one higher. Where an action changes nothing (next
// at the last stop) the same class comes back, and the Version stays. advance is the next step of a lecture, see Stop.StepOn, and
// retreat is a step back, as far as there is one: neither does anything for a device that saw the stop at another step. The error
// is a *RefusedError.
func (c Class) Do(a Action, now time.Time) (Class, error) {
	now = now.UTC().Truncate(time.Millisecond)
	next := c
	next.Plan = settled(c.Plan, now)
	at := c.Current
	if a.Stop != "" {
		if _, at, _ = c.Stop(a.Stop); at < 0 {
			return c, refuse("this stop is no longer in the plan")
		}
	}
	stop := &next.Plan[at]
	if back := a.Do == "retreat"; back || a.Do == "advance" {
		if at != c.Current || a.Phase != "" && a.Phase != stop.Phase || a.Round != 0 && a.Round != stop.Round() { // another device was quicker
			return c, nil
		}
		a.Do = stop.StepOn()
		if back {
			if stop.back(now) {
				return c.changed(next), nil
			}
			a.Do = "previous"
		}
	}
	switch a.Do {
	case "next", "previous":
		by := 1
		if a.Do == "previous" {
			by = -1
		}
		// A second press on another device, which has not heard of the first, must not move twice.
		if to := at + by; at == c.Current && to >= 0 && to < len(c.Plan) {
			next.move(to)
		}
	case "go":
		next.move(at)
	case "show":
		if err := checkPath(a.Path); err != nil || a.Path == "" {
			return c, refuse("show a page of this site")
		}
		if stop.Kind == Predict && !stop.Phase.Reached(Ran) {
			return c, refuse("the prediction comes first: lock it, then run")
		}
		if stop.Staged != "" { // the teacher's hand is in the run that all see
			stop.Staged = a.Path
		} else {
			stop.Path = a.Path
		}
	case "stage":
		if stop.Kind != Explore {
			return c, refuse("no runs are submitted here")
		}
		if err := checkPath(a.Path); err != nil {
			return c, err
		}
		if stop.Staged = a.Path; a.Path != "" {
			stop.Runs++
		}
	case "run":
		if stop.Kind == Ask || stop.Path == "" {
			return c, refuse("there is nothing to run")
		}
		if stop.Kind == Predict && !stop.Phase.Reached(Ran) {
			stop.enter(Ran, now) // running locks: whoever sees the run could copy from it
		}
		stop.Runs++
	case "lock", "unlock", "discuss", "again", "votes", "reveal", "hide":
		if stop.Kind == Show {
			return c, refuse("there is nothing to lock or reveal")
		}
		if err := stop.turn(a.Do, now); err != nil {
			return c, err
		}
	case "timer", "longer", "untimed":
		if err := stop.time(a.Do, a.Seconds, now); err != nil {
			return c, err
		}
	case "blank":
		next.Blank = !c.Blank
	case "eyes":
		next.EyesUp = !c.EyesUp
	case "bigger":
		next.Zoom = min(c.Zoom+1, MaxZoom)
	case "smaller":
		next.Zoom = max(c.Zoom-1, 0)
	case "pick", "remove", "fold", "unfold":
		if err := stop.sift(a); err != nil {
			return c, err
		}
	case "close":
		next.ClosedAt = now
	case "reopen":
		next.ClosedAt, next.OpenedAt = time.Time{}, now
	case "release":
		next.ReleasedAt = now
	case "withhold":
		next.ReleasedAt = time.Time{}
	default:
		return c, refuse("there is no such action")
	}
	return c.changed(next), nil
}

// changed gives the next state its version; a state that is the same keeps the old one.
func (c Class) changed(next Class) Class {
	same := next.Current == c.Current && next.Blank == c.Blank && next.EyesUp == c.EyesUp && next.Zoom == c.Zoom &&
		next.ClosedAt.Equal(c.ClosedAt) && next.OpenedAt.Equal(c.OpenedAt) && next.ReleasedAt.Equal(c.ReleasedAt) &&
		slices.EqualFunc(next.Plan, c.Plan, func(a, b Stop) bool {
			return a.ID == b.ID && a.Phase == b.Phase && a.Closes.Equal(b.Closes) && a.LockedAt.Equal(b.LockedAt) && a.Runs == b.Runs && a.Again == b.Again && a.Votes == b.Votes && a.Path == b.Path && a.Staged == b.Staged && slices.Equal(a.Picked, b.Picked) && maps.Equal(a.Hidden, b.Hidden)
		})
	if same {
		return c
	}
	next.Version = c.Version + 1
	return next
}

// move shows another stop.
func (c *Class) move(to int) {
	c.Current = to
	c.Blank, c.EyesUp = false, false
	c.Plan[to].begin()
}

// Insert returns the class with a stop at a place of its plan, which gets a new id and starts anew. One that the same form has added already is
// not added again: the same class comes back.
func (c Class) Insert(s Stop, at int) (Class, error) {
	s, err := s.Checked()
	if err != nil {
		return c, err
	}
	s, again := s.Added(func(id string) (Stop, bool) {
		old, _, found := c.Stop(id)
		return old, found
	})
	if again {
		return c, nil
	}
	if len(c.Plan) >= MaxStops {
		return c, refuse("a plan has at most %d stops", MaxStops)
	}
	if at < 0 || at > len(c.Plan) {
		return c, refuse("there is no such place in the plan")
	}
	next := c
	next.Plan = slices.Insert(slices.Clone(c.Plan), at, s)
	if at <= c.Current && len(c.Plan) > 0 {
		next.Current++
	}
	next.Version++
	return next, nil
}

// Add returns the class with a stop after the one that is shown, and after those that were added there before: they are shown in the order
// in which they were made up.
func (c Class) Add(s Stop) (Class, error) {
	at, shown := c.Current+1, c.Shown().ID
	for before := []string{shown}; at < len(c.Plan) && slices.Contains(before, c.Plan[at].After); at++ {
		before = append(before, c.Plan[at].ID)
	}
	next, err := c.Insert(s, at)
	if err == nil && next.Version > c.Version {
		next.Plan[at].After = shown
	}
	return next, err
}

// Drop returns the class without a stop. The one that is shown stays, and so does one that was asked: its answers are
// somebody's.
func (c Class) Drop(id string) (Class, error) {
	s, at, found := c.Stop(id)
	switch {
	case !found:
		return c, refuse("this stop is no longer in the plan")
	case at == c.Current:
		return c, refuse("this is shown now; move on first")
	case s.Phase != Waiting:
		return c, refuse("this was asked already: its answers would be lost")
	}
	next := c
	next.Plan = slices.Delete(slices.Clone(c.Plan), at, at+1)
	if at < c.Current {
		next.Current--
	}
	next.Version++
	return next, nil
}
