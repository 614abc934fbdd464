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
	Answer  *studentState `json:"answer,omitempty"`
}

func (s *Pages) changeOf(c classroom.Class) change {
	p := c.Public(time.Now())
	return change{p.Version, stageName(c, p), s.labs.Frame(p.Path, false), p.Runs, closing(p), nil}
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
	p.Version, p.Path, p.Runs, p.Blank, p.Zoom, p.Closes = 0, "", 0, false, 0, time.Time{}
	h := fnv.New64a()
	json.NewEncoder(h).Encode(struct { // a hash takes every byte, and the types are known to marshal
		Public classroom.Public
		Picked []string
	}{p, c.Shown().Picked})
	return strconv.FormatUint(h.Sum64(), 36)
}

// Stream tells a device of a class what changed. Events are
//
//	change  {version, stage, lab, runs, closing, answer}   the class is at this version now
//	arrived {}                                    students, guesses or answers have come in; told to the teacher's devices alone
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
	teacher, visitor := teaches(r, c), web.Visitor(r)
	watcher := s.hub.Watch(c)
	defer watcher.Close()
	since := watcher.See().Departures // before the membership is read, so that no departure falls between
	var me classroom.Member
	var end func()
	var ok bool
	if teacher {
		end, ok = s.limits.teacherStream(c.ID)
	} else {
		if me, ok, err = s.rows.Member(r.Context(), c.ID, visitor); err != nil {
			return err
		} else if !ok {
			return notMember
		}
		end, ok = s.limits.studentStream(c.ID, visitor)
	}
	if !ok {
		return web.TooMany
	}
	defer end()
	if !teacher {
		watcher.Of(me.ID)
	}
	version, arrivals, started, stage := int64(0), 0, false, ""
	return s.Play(w, r, func(out *web.Events) ([]<-chan struct{}, error) {
		if !started {
			started = true
			// Browsers come back after a while of their own, lest a hall comes back at once.
			out.Retry(time.Duration(500+rand.IntN(2000)) * time.Millisecond)
		}
		sight := watcher.See()
		if sight.Gone {
			out.Send("gone", "", struct{}{})
			out.Flush()
			return nil, nil
		}
		if teacher && !teaches(r, sight.Class) { // there is another key now
			return nil, nil
		}
		if !teacher && sight.Missing(me.ID, since) {
			if _, joined, err := s.rows.Member(r.Context(), c.ID, visitor); err == nil && !joined {
				return nil, nil
			}
		}
		// The same version has another stage when the class's time is up.
		if told := s.changeOf(sight.Class); told.Version != version || told.Stage != stage {
			version = told.Version
			s.stages.show(sight.Class, s.labs.Trains)
			if !teacher && stage != "" && told.Stage != stage {
				// What cannot be read now is fetched by the page, which says why it cannot be had.
				var err error
				if told.Answer, err = s.stateAnswer(r.Context(), sight.Class, visitor); errors.Is(err, notMember) {
					return nil, nil
				}
			}
			stage = told.Stage
			out.Send("change", "", told)
		}
		if !teacher {
			return []<-chan struct{}{sight.Changed, sight.Departed}, nil
		}
		if sight.Arrivals != arrivals {
			arrivals = sight.Arrivals
			out.Send("arrived", "", struct{}{})
		}
		return []<-chan struct{}{sight.Changed, sight.Arrived}, nil
	})
}
