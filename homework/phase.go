package homework

import "time"

// A Phase is how far homework is.
type Phase string

// The phases, in their order.
const (
	Draft    Phase = "draft"    // its teacher prepares it
	Waiting  Phase = "set"      // students may join; it opens later
	Open     Phase = "open"     // it is worked at
	Grace    Phase = "grace"    // its end has passed; what comes in is late
	Closed   Phase = "closed"   // nothing comes in any more; to be marked
	Marked   Phase = "marked"   // every answer has its mark; to be released
	Released Phase = "released" // students see their marks and the model answers
)

// For is the phase that a member sees: closed until the marks are released.
func (h Homework) For(m Member, now time.Time) Phase { return h.phase(h.End(m), now) }

// Phase is the phase of the whole, where last is the last of its members' ends, and unmarked is how many answers have no mark.
func (h Homework) Phase(last time.Time, unmarked int, now time.Time) Phase {
	p := h.phase(later(h.Until, last), now)
	if p == Closed && unmarked == 0 {
		return Marked
	}
	return p
}

func (h Homework) phase(end, now time.Time) Phase {
	switch {
	case h.SetAt.IsZero():
		return Draft
	case h.Released():
		return Released
	case now.Before(h.From):
		return Waiting
	case now.Before(end):
		return Open
	case now.Before(end.Add(h.Grace)):
		return Grace
	}
	return Closed
}

// Accepts says whether a member may hand something in now.
func (h Homework) Accepts(m Member, now time.Time) error {
	switch h.For(m, now) {
	case Open, Grace:
		return nil
	case Draft, Waiting:
		return ErrNotYet
	}
	return ErrOver
}

// Release shows students their marks and the model answers, with the truths that their predictions are compared with. A *classroom.RefusedError
// says what is still to be done. One that is released stays as it is.
func (h Homework) Release(last time.Time, unmarked int, truths map[string]Truth, now time.Time) (Homework, error) {
	switch h.Phase(last, unmarked, now) {
	case Released:
		return h, nil
	case Marked:
	case Closed:
		if unmarked == 1 {
			return h, refuse("", "one answer is not marked yet")
		}
		return h, refuse("", "%d answers are not marked yet", unmarked)
	default:
		return h, refuse("", "somebody can still hand in")
	}
	for _, s := range h.Stops {
		if _, known := truths[s.ID]; s.Judged() && s.Points > 0 && !known {
			return h, refuse("", "the truth of “%s” is not computed: try again in a moment, or give no points for it", s.Title)
		}
	}
	h.ReleasedAt, h.Truths = at(now), truths
	h.Version++
	return h, nil
}
