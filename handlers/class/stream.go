package class

import (
	"encoding/json"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
)

// A change is what is told of a new version of a class: what may be seen by everybody, and to a student, whose page now has
// another stage, the answer of State.
type change struct {
	Version int64         `json:"version"`
	Stage   string        `json:"stage"`
	Lab     string        `json:"lab"`
	Runs    int           `json:"runs"`
	Closing int64         `json:"closing"` // milliseconds until what is asked for is locked; 0 where it is not
	Hand    bool          `json:"hand"`    // the student's own is up
	Answer  *studentState `json:"answer,omitempty"`
}

func (s *Pages) changeOf(c classroom.Class) change {
	p := c.Public(time.Now())
	return change{p.Version, stageName(c, p), s.labs.Frame(p.Path, false), p.Runs, closing(p), false, nil}
}

// closing is how many milliseconds are left until what is asked for is locked by itself, 0 where it is not. Devices are not told the
// moment: their clocks may be wrong.
func closing(p classroom.Public) int64 {
	if p.Closes.IsZero() || p.Ended {
		return 0
	}
	return max(time.Until(p.Closes).Milliseconds(), 1)
}

// stageName is a short name of what everybody sees on the stage, but for the lab in its frame and the time that is left: two
// versions of a class with the same name look the same to a student.
func stageName(c classroom.Class, p classroom.Public) string {
	p.Version, p.Path, p.Runs, p.Closes = 0, "", 0, time.Time{}
	h := fnv.New64a()
	json.NewEncoder(h).Encode(struct { // a hash takes every byte, and the types are known to marshal
		Public classroom.Public
		Picked []string
	}{p, c.Shown().Picked})
	return strconv.FormatUint(h.Sum64(), 36)
}

// Stream tells a device of a class what changed. Events are
//
//	change  {version, stage, lab, runs, closing, hand, answer}   the class is at this version now
//	arrived {}                                    students, guesses or answers have come in; told to the teacher's devices alone
//	computed {runs}                              so many of the student's runs at an exploration are computed
//	hand    {up}                                  the student's hand is up, or down
//	gone    {}                                    the class was deleted; the stream ends
//	failed  {error}                               the server is stopping; the browser comes back by itself
//
// A Change holds the lab that everybody may see, and a name of the rest of the stage. Where the name is another one, a student is
// sent the stage with it, so that a hall which follows asks nothing. A page that has none, or was not sent it, fetches it.
//
// The stream of a student who leaves the class ends, and that of a device whose key is no longer the class's. A reader who comes back is told the current version first, so that nothing is missed.
func (s *Pages) Stream(w http.ResponseWriter, r *http.Request) error {
	c, err := s.classAt(r, 0)
	if err != nil {
		return err
	}
	l := &listener{pages: s, r: r, teacher: watches(r, c), visitor: web.Visitor(r), watcher: s.hub.Watch(c)}
	defer l.watcher.Close()
	l.since = l.watcher.See().Departures // before the membership is read, so that no departure falls between
	end, err := l.admit(c)
	if err != nil {
		return err
	}
	defer end()
	return s.Play(w, r, l.advance)
}

// A listener is a device on which a class is followed, and what it was told last.
type listener struct {
	pages    *Pages
	r        *http.Request
	teacher  bool // or the wall
	visitor  string
	me       classroom.Member // of a student
	watcher  *classroom.Watcher
	since    int // departures
	started  bool
	version  int64
	stage    string
	arrivals int
	up       bool // the student's hand

	explored string    // the exploration of which a student was told
	computed int       // how many of the student's runs were
	looked   time.Time // when that was read
}

// admit lets in the teacher and who is in the class, each with so many streams; end is called when this one ends.
func (l *listener) admit(c classroom.Class) (end func(), err error) {
	s, ok := l.pages, false
	if l.teacher {
		end, ok = s.limits.teacherStream(c.ID)
	} else {
		if l.me, ok, err = s.rows.Member(l.r.Context(), c.ID, l.visitor); err != nil {
			return nil, err
		} else if !ok {
			return nil, notMember
		}
		end, ok = s.limits.studentStream(c.ID, l.visitor)
	}
	if !ok {
		return nil, web.TooMany
	}
	if !l.teacher {
		l.watcher.Of(l.me.ID)
		l.up = !l.me.HandAt.IsZero()
	}
	return end, nil
}

// advance tells what is new, and returns what to wait for; nothing when the stream ends.
func (l *listener) advance(out *web.Events) ([]<-chan struct{}, error) {
	if !l.started {
		l.started = true
		// Browsers come back after a while of their own, lest a hall comes back at once.
		out.Retry(time.Duration(500+rand.IntN(2000)) * time.Millisecond)
	}
	sight := l.watcher.See()
	if sight.Gone {
		out.Send("gone", "", struct{}{})
		out.Flush()
		return nil, nil
	}
	if l.teacher && !watches(l.r, sight.Class) { // there is another key now
		return nil, nil
	}
	if !l.teacher && sight.Missing(l.me.ID, l.since) {
		if _, joined, err := l.pages.rows.Member(l.r.Context(), sight.Class.ID, l.visitor); err == nil && !joined {
			return nil, nil
		}
	}
	news, version := !l.teacher && l.hand(sight), l.version
	if !l.change(out, sight.Class) {
		return nil, nil
	}
	if news && l.version == version { // else it was told with the change
		out.Send("hand", "", handTold{l.up})
	}
	if !l.teacher {
		computed, err := l.runs(out, sight)
		if computed == nil {
			return []<-chan struct{}{sight.Changed, sight.Stirred}, err
		}
		return []<-chan struct{}{sight.Changed, computed, sight.Stirred}, nil
	}
	if sight.Arrivals != l.arrivals {
		l.arrivals = sight.Arrivals
		out.Send("arrived", "", struct{}{})
	}
	return []<-chan struct{}{sight.Changed, sight.Arrived}, nil
}

// change tells of a version that the device was not told of; in is false of a student who is not in the class any more. The same
// version has another stage when the class's time is up.
func (l *listener) change(out *web.Events, c classroom.Class) (in bool) {
	s := l.pages
	told := s.changeOf(c)
	if told.Version == l.version && told.Stage == l.stage {
		return true
	}
	s.stages.show(c, s.labs.Trains)
	if !l.teacher && l.stage != "" && told.Stage != l.stage {
		// What cannot be read now is fetched by the page, which says why it cannot be had.
		var err error
		if told.Answer, err = s.stateAnswer(l.r.Context(), c, l.visitor); errors.Is(err, notMember) {
			return false
		}
	}
	l.version, l.stage, told.Hand = told.Version, told.Stage, l.up
	out.Send("change", "", told)
	return true
}
