package runner

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

const (
	worldReaders = 5   // in each lane: N of the comment on schedule
	worldBudget  = 800 // bytes
	longestPiece = 20  // of work between two questions to the schedule
)

// A world plays a history to a schedule: runs come, are left and come back, at random. Their work takes time by a clock of
// the world's, in what one core does at a time, on cores that those who train share.
type world struct {
	t    *rapid.T
	s    *schedule
	now  float64
	runs []*played
}

// played is a run of a history.
type played struct {
	job
	name    string
	readers map[Reader]int
	piece   float64 // what is left of the work under way
	class   bool
	turn    bool // one step that holds nothing, as of Pool.Turn
	gone    bool

	waits   bool    // since it came, for its first turn
	due     float64 // when it is to have started
	passing float64 // work of later runs that may still pass it
}

func (w *world) of(j *job) *played {
	for _, p := range w.runs {
		if &p.job == j {
			return p
		}
	}
	panic("a run that nobody made")
}

func (w *world) check(ok bool, format string, args ...any) {
	if !ok {
		w.t.Fatalf(format, args...)
	}
}

func (w *world) start(j *job, anew bool) {
	p := w.of(j)
	w.check(p.training && !p.gone && len(p.readers) > 0, "%s starts, and nobody wants it", p.name)
	p.piece = p.step
	if anew {
		w.check(p.left == p.total, "%s begins with %v of %v done", p.name, p.total-p.left, p.total)
	}
	if p.waits {
		w.check(w.now <= p.due, "%s starts at %v, %v late", p.name, w.now, w.now-p.due)
		p.waits = false
	}
	for _, other := range w.runs {
		if !other.waits || other == p {
			continue
		}
		other.due += 3 * longestPiece // a start may wait for the memory of a step that is under way, on cores with three runs each
		if anew && other.lane == p.lane && p.arrival > other.arrival && p.finish < other.finish {
			other.passing -= p.total
			w.check(other.passing >= 0, "%s is passed by %v more than the bound allows; %s is the last", other.name, -other.passing, p.name)
		}
	}
}

func (w *world) shed(j *job) { w.check(!j.training, "%s is shed while it trains", w.of(j).name) }

func (w *world) restart(j *job) {
	p := w.of(j)
	w.check(!j.training && !j.again, "%s begins again while it trains, or for the second time", p.name)
	for _, other := range w.runs { // it counts as one that comes now
		if other.waits {
			other.due += 2 * p.total
			other.passing += p.total
		}
	}
}

func (w *world) forget(j *job) {
	w.check(!j.training && j.account == nil, "%s is forgotten, and somebody wants it", w.of(j).name)
	w.of(j).gone = true
}

// expect says when a run that has just come, or come back, is to have started; see the comment on schedule. The cores do
// one core's work at least, since the first in the order always trains, or waits for the steps under way.
func (w *world) expect(p *played) {
	p.waits = true
	before := 0.0
	for _, other := range p.lane.jobs {
		if other != &p.job && other.finish <= p.finish {
			before += other.total // it may have to begin again
		}
	}
	p.passing = 2*worldReaders*max(0, p.finish-p.lane.now) + before // of those that were left and come back
	p.due = w.now + 2*(before+p.passing) + 6*longestPiece
}

func (w *world) come(r Reader) {
	p := &played{name: fmt.Sprintf("run %d of %s", len(w.runs), r.Key), readers: map[Reader]int{r: 1}, class: r.Class}
	p.step = rapid.Float64Range(0.1, longestPiece).Draw(w.t, "step")
	p.total = p.step * float64(rapid.IntRange(1, 30).Draw(w.t, "steps"))
	p.kept = rapid.Int64Range(1, 300).Draw(w.t, "kept")
	p.work = rapid.Int64Range(0, 400).Draw(w.t, "work")
	if p.turn = rapid.IntRange(0, 3).Draw(w.t, "turn") == 0; p.turn {
		p.total, p.kept, p.work = p.step, 0, 0
	}
	if p.left = p.total; p.need() > w.s.most() {
		return
	}
	w.runs = append(w.runs, p)
	w.s.want(&p.job, r)
	w.expect(p)
	w.s.settle()
}

// advance lets time go by until a piece of work is done.
func (w *world) advance() {
	var next *played
	n := 0 // that train
	for _, p := range w.runs {
		if p.training {
			if n++; next == nil || p.piece < next.piece {
				next = p
			}
		}
	}
	if next == nil {
		return
	}
	share := min(1, float64(w.s.slots)/float64(n)) // of a core
	done := next.piece
	took := done / share
	w.now += took
	for _, p := range w.runs {
		if p.waits && p.need() > w.s.most()-w.s.aside() { // it waits for those that have begun again
			p.due += took
		}
	}
	for _, p := range w.runs {
		if p.training {
			p.piece -= done
		}
	}
	next.piece = next.step
	w.s.worked(&next.job, next.step)
	if next.left < next.step/2 && next.account != nil {
		if next.gone = true; next.turn {
			w.s.release(&next.job)
		} else {
			w.s.end(&next.job, 1)
		}
	} else if w.s.settle(); !next.planned {
		w.s.pause(&next.job)
	}
	w.s.settle()
}

// wanted are the runs that somebody wants, or that nobody does.
func (w *world) wanted(yes bool) (out []*played) {
	for _, p := range w.runs {
		if !p.gone && (len(p.readers) > 0) == yes {
			out = append(out, p)
		}
	}
	return out
}

func TestScheduleIsFairAndKeepsToItsBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: t}
		w.s = newSchedule(rapid.IntRange(1, 3).Draw(t, "slots"), worldBudget, w)
		reader := func() Reader {
			return Reader{Key: string(rune('a' + rapid.IntRange(0, worldReaders-1).Draw(t, "reader"))), Class: rapid.IntRange(0, 3).Draw(t, "class") == 0}
		}
		invariants := func() {
			held, training := int64(0), 0
			for _, p := range w.runs {
				if held += p.holds(); p.training {
					training++
				}
			}
			w.check(held == w.s.held && held <= worldBudget, "%d bytes are held, %d are counted, of %d", held, w.s.held, worldBudget)
			w.check(training == w.s.training && training <= 3*w.s.slots, "%d runs train, %d are counted", training, w.s.training)
			w.check(training > 0 || len(w.wanted(true)) == 0, "nothing trains, and %d runs are wanted", len(w.wanted(true)))
			for _, p := range w.wanted(true) {
				w.check(!p.waits || w.now <= p.due, "%s has not started at %v, and was due at %v", p.name, w.now, p.due)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"come": func(*rapid.T) { w.come(reader()) },
			"hang up": func(t *rapid.T) {
				all := w.wanted(true)
				if len(all) == 0 {
					t.Skip("nobody is there")
				}
				p := rapid.SampledFrom(all).Draw(t, "run")
				clear(p.readers)
				p.waits = false
				if p.turn {
					p.gone = true
					w.s.release(&p.job)
				} else {
					w.s.leave(&p.job)
				}
				w.s.settle()
			},
			"come back": func(t *rapid.T) {
				all := w.wanted(false)
				if len(all) == 0 {
					t.Skip("nothing is left")
				}
				p, r := rapid.SampledFrom(all).Draw(t, "run"), reader()
				p.readers[r]++
				w.s.want(&p.job, r)
				if !p.begun {
					w.expect(p)
				}
				for _, other := range w.runs { // its place was kept, so it counts among those that were there already
					if other.waits && other != p {
						other.due += 2 * p.total
						other.passing += p.total
					}
				}
				w.s.settle()
			},
			"another joins": func(t *rapid.T) {
				all := w.wanted(true)
				if len(all) == 0 {
					t.Skip("nobody is there")
				}
				p, r := rapid.SampledFrom(all).Draw(t, "run"), reader()
				p.readers[r]++
				lane := p.lane
				if w.s.want(&p.job, r); p.waits && p.lane != lane {
					w.expect(p)
				}
				w.s.settle()
			},
			"time":      func(*rapid.T) { w.advance() },
			"more time": func(*rapid.T) { w.advance(); invariants(); w.advance() },
			"":          func(*rapid.T) { invariants() },
		})
		for range 100_000 {
			if len(w.wanted(true)) == 0 {
				return
			}
			w.advance()
			invariants()
		}
		for _, p := range w.wanted(true) {
			t.Logf("%s: %+v", p.name, *p)
		}
		w.check(false, "%d runs never end", len(w.wanted(true)))
	})
}

// A long run waits while short ones of others come all the time, and goes on being passed by them no longer than the bound
// says: whether they are followed to their end, or left within their first step.
func TestShortRunsDoNotStarveALongOne(t *testing.T) {
	for _, hangUp := range []bool{false, true} {
		s := newSchedule(1, worldBudget, idle{})
		long := &job{total: 100, left: 100, step: 1, kept: 1}
		short := map[*job]bool{}
		readers := 0
		come := func(j *job) {
			readers++
			s.want(j, Reader{Key: fmt.Sprint(readers)})
			s.settle()
		}
		come(&job{total: 1, left: 1, step: 1, kept: 1})
		come(long)
		work := 0.0
		for !long.training {
			for len(short) < worldReaders {
				j := &job{total: 2, left: 2, step: 1, kept: 1}
				short[j] = true
				come(j)
			}
			for _, j := range s.plan {
				if hangUp {
					s.leave(j)
				}
				s.worked(j, 1)
				if work++; hangUp || j.left == 0 {
					s.release(j)
					delete(short, j)
				} else if s.settle(); !j.planned {
					s.pause(j)
				}
			}
			s.settle()
			if bound := 2 * (worldReaders + 1) * 100.0; work > bound {
				t.Fatalf("left at once: %v: the long run has not started after %v of work, the bound is %v", hangUp, work, bound)
			}
		}
		if work < 50 {
			t.Errorf("left at once: %v: the long run started after %v of work: short ones do not pass it", hangUp, work)
		}
	}
}

// idle hands do nothing.
type idle struct{}

func (idle) start(*job, bool) {}
func (idle) shed(*job)        {}
func (idle) restart(*job)     {}
func (idle) forget(*job)      {}
