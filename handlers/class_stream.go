package handlers

import (
	"fmt"
	"math/rand/v2"
	"net/http"
)

// streamClass tells a device of a class that something changed; it then fetches what it may see. Events are
//
//	change  {version}   the class is at this version now
//	arrived {}          students, guesses or answers have come in; told to the teacher's devices alone
//	gone    {}          the class was deleted; the stream ends
//	failed  {error}     the server is stopping; the browser comes back by itself
//
// A reader who comes back is told the current version first, so that nothing is missed.
func (s *site) streamClass(w http.ResponseWriter, r *http.Request) error {
	c, err := s.classAt(r, 0)
	if err != nil {
		return err
	}
	teacher := teaches(r, c)
	if !teacher {
		if c, _, err = s.studentsClass(r, 0); err != nil {
			return err
		}
	}
	end, ok := s.limits.stream(visitorOf(r))
	if !ok {
		return tooMany
	}
	defer end()
	watcher := s.hub.Watch(c)
	defer watcher.Close()
	version, arrivals, started := int64(0), 0, false
	return s.play(w, r, func(out *events) ([]<-chan struct{}, error) {
		if !started {
			started = true
			// Browsers come back after a while of their own, lest a hall comes back at once.
			fmt.Fprintf(out.w, "retry: %d\n\n", 500+rand.IntN(2000))
		}
		sight := watcher.See()
		if sight.Gone {
			out.send("gone", "", map[string]any{})
			out.flush()
			return nil, nil
		}
		if sight.Class.Version != version {
			version = sight.Class.Version
			out.send("change", "", map[string]any{"version": version})
		}
		if !teacher {
			return []<-chan struct{}{sight.Changed}, nil
		}
		if sight.Arrivals != arrivals {
			arrivals = sight.Arrivals
			out.send("arrived", "", map[string]any{})
		}
		return []<-chan struct{}{sight.Changed, sight.Arrived}, nil
	})
}
