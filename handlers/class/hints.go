package class

import (
	"context"
	"strings"
	"sync"
	"time"

	"gradlab/classroom"
	"gradlab/lessons"
	"gradlab/lessons/hint"
)

const (
	// hintBytes is how much of a class's answer is read for hints, from its start: some 1,500 words. The work grows with the length
	// and with nothing else, so this bounds it, whatever an answer holds.
	hintBytes = 10_000
	// mostUnread bounds the memory of a reader; what it forgets is asked for again by the next look at the board.
	mostUnread = 20_000
	// hintTime is how long a store may take that keeps hints.
	hintTime = 10 * time.Second
)

// A hintReader reads the answers of classes for what they seem to name, in the background: one answer at a time, one class after
// the other. What was found is kept beside the answer with its revision and the version of the rules, so each text is read once, and
// whoever looks at the board waits for no reading.
type hintReader struct {
	classes Rows
	find    func(*hint.Rubric, string) []hint.Finding
	told    func(class string) // that hints of it have changed
	stop    context.Context

	mu      sync.Mutex
	unread  map[string][]unreadAnswer // by class
	turns   []string                  // classes with unread answers, the next one first
	known   map[unreadAnswer]bool     // in unread, or being read
	reading bool
}

type unreadAnswer struct {
	class, stop, member string
	revision            int64
	rubric              *hint.Rubric
}

func newHintReader(stop context.Context, classes Rows, find func(*hint.Rubric, string) []hint.Finding, told func(class string)) *hintReader {
	return &hintReader{classes: classes, find: find, told: told, stop: stop, unread: map[string][]unreadAnswer{}, known: map[unreadAnswer]bool{}}
}

// want sees to it that answers to a question are read, if they were not, and says how many are still to be.
func (h *hintReader) want(class string, q lessons.Question, answers ...classroom.Answer) (unread int) {
	if q.Rubric == nil {
		return 0
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range answers {
		if _, done := a.Hinted(q.Rubric.Version()); done {
			continue
		}
		unread++
		u := unreadAnswer{class, a.Stop, a.Member, a.Revision, q.Rubric}
		if h.known[u] || len(h.known) >= mostUnread {
			continue
		}
		h.known[u] = true
		if len(h.unread[class]) == 0 {
			h.turns = append(h.turns, class)
		}
		h.unread[class] = append(h.unread[class], u)
	}
	if len(h.turns) > 0 && !h.reading {
		h.reading = true
		go h.read()
	}
	return unread
}

// next takes the answer that is read next; false when there is none.
func (h *hintReader) next() (u unreadAnswer, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.turns) == 0 || h.stop.Err() != nil {
		h.reading = false
		return u, false
	}
	class := h.turns[0]
	h.turns = h.turns[1:]
	u = h.unread[class][0]
	if rest := h.unread[class][1:]; len(rest) > 0 {
		h.unread[class], h.turns = rest, append(h.turns, class)
	} else {
		delete(h.unread, class)
	}
	return u, true
}

func (h *hintReader) read() {
	for {
		u, ok := h.next()
		if !ok {
			return
		}
		kept, err := h.readOne(u)
		h.mu.Lock()
		delete(h.known, u)
		if err != nil { // all of it is asked for again, when the store may be back
			clear(h.unread)
			clear(h.known)
			h.turns = nil
		}
		h.mu.Unlock()
		if kept {
			h.told(u.class)
		}
	}
}

// readOne reads an answer, unless another text has taken its place meanwhile or another process has read it.
func (h *hintReader) readOne(u unreadAnswer) (kept bool, err error) {
	ctx, cancel := context.WithTimeout(h.stop, hintTime)
	defer cancel()
	a, found, err := h.classes.ClassAnswer(ctx, u.class, u.stop, u.member)
	if err != nil || !found || a.Revision != u.revision {
		return false, err
	}
	if _, done := a.Hinted(u.rubric.Version()); done {
		return true, nil
	}
	hints := classroom.Hints{Rules: u.rubric.Version(), Revision: a.Revision}
	for _, f := range h.find(u.rubric, strings.ToValidUTF8(a.Text[:min(len(a.Text), hintBytes)], "")) {
		if f.Found {
			hints.Concepts = append(hints.Concepts, f.ID)
		}
	}
	err = h.classes.SaveHints(ctx, u.class, u.stop, u.member, hints)
	return err == nil, err
}
