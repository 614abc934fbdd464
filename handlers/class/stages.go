package class

import (
	"sync"
	"time"

	"gradlab/classroom"
	"gradlab/mlcore/experiment"
)

// mostStages bounds how many classes' stages are remembered; a class that is not counts as any visitor.
const mostStages = 500

// stages know which runs are on the stage of a class now: they are trained on the class's share, whoever looks at them.
type stages struct {
	mu      sync.Mutex
	byClass map[string]staged
	byRun   map[string]string // the class, by the run's canonical query
}

type staged struct {
	version int64
	runs    []string
}

// show takes note of what a class shows; runsAt are the runs of the lab at an address.
func (s *stages) show(c classroom.Class, runsAt func(path string) []experiment.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.byClass[c.ID]
	if known && before.version >= c.Version {
		return
	}
	if s.byClass == nil || !known && len(s.byClass) >= mostStages {
		s.byClass, s.byRun = map[string]staged{}, map[string]string{}
	}
	for _, run := range before.runs {
		delete(s.byRun, run)
	}
	now := staged{version: c.Version}
	if p := c.Public(time.Now()); !p.Ended {
		for _, run := range runsAt(p.Path) {
			key := run.Key()
			now.runs = append(now.runs, key)
			s.byRun[key] = c.ID
		}
	}
	s.byClass[c.ID] = now
}

// class is the one that shows a run, "" for none.
func (s *stages) class(run experiment.Run) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byRun) == 0 {
		return ""
	}
	return s.byRun[run.Key()]
}
