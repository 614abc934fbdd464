// Package answers is what visitors write outside of classes: their answers to questions, the runs that stand beside them, the
// concepts that they tick, and what they predicted and read in the lessons. Each belongs to an owner, by a name that its caller gives.
//
// The package knows no HTTP, no SQL, no question and no lesson: those are slugs and ids here.
package answers

import "time"

// A Key names an answer among those of its owner: the question's slug and the id of the part, which
// is empty where the question has no parts.
type Key struct {
	Question string
	Part     string
}

// An Answer is what its owner last wrote to one question, or to one part of it.
type Answer struct {
	Key
	Text string
	// Revision counts the changes of Text, from 1; 0 means that nothing is stored.
	Revision  int64
	UpdatedAt time.Time // of Text; UTC, to the millisecond
	// FirstSubmittedAt is zero for an answer that is only a draft.
	FirstSubmittedAt time.Time
	// SubmittedRevision is the revision that was submitted last. A smaller one than Revision means
	// that the text has changed since.
	SubmittedRevision int64
}

// Submitted reports whether the answer was submitted at least once: the attempt that reveals the
// model answer.
func (a Answer) Submitted() bool { return !a.FirstSubmittedAt.IsZero() }

// MaxRun bounds the bytes of an attached run: a lab's path and query, a drawn picture of 28 × 28 pixels included.
const MaxRun = 4000

// Attached is what stands beside an owner's answers.
type Attached struct {
	Runs  map[Key]string             // the path and query of the lab that an answer argues from
	Ticks map[string]map[string]bool // by question: the concepts that the owner ticked
}

// Progress is what an owner did in the lessons.
type Progress struct {
	Read    map[string]time.Time         // by lesson: when it was first read to its end
	Guesses map[string]map[string]string // by lesson and prediction: the guess; "" where the owner passed
}
