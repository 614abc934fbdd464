package class

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"gradlab/classroom"
	"gradlab/handlers/board"
	"gradlab/views"
)

// mostReveals bounds how many reveals are kept; a class needs one at a time.
const mostReveals = 200

// A revealed is what the teacher has revealed of a stop. It is the same for everybody.
type revealed struct {
	bars     []views.ClassBar
	flows    []string
	truth    views.Text
	open     bool // what had been typed at the lock may still come in
	waits    bool // the truth is still being computed, or answers are being read for their hints
	picked   []views.ClassPicked
	concepts []views.ClassBar
}

// reveals keeps what is revealed by the version of its class: a hall that looks at the same moment is one reader to the
// store.
type reveals struct {
	group singleflight.Group
	mu    sync.Mutex
	by    map[string]revealed // by the class's id and version
}

// reveal adds to a stage what the teacher has revealed: the histogram against the truth, the picked answers, the concepts.
// waits says that there is more to come.
func (s *Pages) reveal(ctx context.Context, c classroom.Class, stage *views.ClassStage) (waits bool, err error) {
	stop := c.Shown()
	if !stop.TruthShown() && !stop.Votes && (stop.Kind != classroom.Ask || len(stop.Picked) == 0 && stop.Phase != classroom.Revealed) {
		return false, nil
	}
	key := fmt.Sprint(c.ID, " ", c.Version)
	s.reveals.mu.Lock()
	found, have := s.reveals.by[key]
	s.reveals.mu.Unlock()
	if !have {
		v, err, _ := s.reveals.group.Do(key, func() (any, error) {
			// Others wait for this as well: one who hangs up must not take it from them.
			return s.readReveal(context.WithoutCancel(ctx), c)
		})
		if err != nil {
			return false, err
		}
		found = v.(revealed)
		if !found.waits && !found.open {
			s.reveals.keep(key, found)
		}
	}
	stage.Bars, stage.Flows, stage.Truth, stage.Picked, stage.Concepts = found.bars, found.flows, found.truth, found.picked, found.concepts
	return found.waits, nil
}

func (r *reveals) keep(key string, v revealed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil || len(r.by) >= mostReveals {
		r.by = map[string]revealed{}
	}
	r.by[key] = v
}

func (s *Pages) readReveal(ctx context.Context, c classroom.Class) (revealed, error) {
	var out revealed
	stop := c.Shown()
	if stop.Kind == classroom.Predict {
		guesses, err := s.rows.Guesses(ctx, c.ID, stop.ID)
		if err != nil {
			return out, err
		}
		if !stop.TruthShown() { // the votes alone: while the second is taken, the first
			if stop.Phase == classroom.Asked {
				stop.Again, guesses = false, classroom.In(1, guesses)
			}
			out.bars, out.open = board.GuessBars(stop, guesses, 0, false), c.Accepts(stop, time.Now()) == nil
			return out, nil
		}
		truth, known := s.truth(asClass(ctx, c), stop)
		out.flows = board.FlowWords(stop, guesses)
		out.bars, out.truth = board.GuessBars(stop, guesses, truth, known), board.TruthWords(stop, truth, known, guesses)
		out.waits = !known && !stop.Truth.None()
		return out, nil
	}
	answers, err := s.rows.ClassAnswers(ctx, c.ID, stop.ID)
	if err != nil {
		return out, err
	}
	out.picked = s.picked(stop, answers)
	if q, found := s.library.Question(stop.Question); found && stop.Phase == classroom.Revealed {
		out.waits = s.reader.want(c.ID, q, answers...) > 0
		out.concepts = board.ConceptBars(q, stop.Part, answers)
	}
	return out, nil
}
