package runner

import "slices"

// A schedule decides which runs train and what memory they hold. It is bookkeeping only: no goroutine, no lock, no clock.
// The pool tells it what happened and does what it decides, so a test can play any history to it.
//
// Who goes first is a lane's matter (lane.go), whom memory is taken from that of memory.go.
//
// The plan goes down the order and gives away slots and memory as if every step had ended: the runs in it should train.
// One that trains and is not in it yields at its step's end. One that is in it starts at once, beside those that are about
// to yield, if its bytes are there: a step of a large net takes a second, and a short run need not wait for it. If they are
// not, it keeps its place in the plan until the steps that hold them have ended. Runs that need much leave an eighth of the
// budget to those that need little.
type schedule struct {
	slots  int
	budget int64 // bytes
	hands  hands

	lanes    [2]lane // everybody's; the classes'
	lead     float64 // multiply-adds by which the classes are ahead while both lanes want to train
	arrivals int
	training int
	plan     []*job // the first to be served first
	next     *job   // in the plan, and waits for memory of those that train: it stays there until it has it
	held     int64  // bytes, of all runs
	parked   []*job // begun, and nobody wants them; oldest first
	finished []*job // least recently used first
	counts   evictions
}

// hands are what a schedule has done by the pool.
type hands interface {
	start(j *job, anew bool) // it has a slot; anew: it begins at its first step
	shed(*job)               // what only a step needs is to be dropped
	restart(*job)            // a paused run is to be dropped; it will start again
	forget(*job)             // a parked or finished run is to be dropped
}

// A job is a run as the schedule sees it.
type job struct {
	run  *run          // the pool's; nil of a turn
	turn chan struct{} // of a turn: closed when it has come

	total float64 // multiply-adds of the whole run
	left  float64 // of those, what is not done
	step  float64 // of one step
	kept  int64   // bytes between two steps; of a finished run, those of its result
	work  int64   // bytes beyond those while it trains

	account *account // whose share it takes; nil while nobody wants it
	lane    *lane    // in which finish counts; kept while nobody wants it
	finish  float64
	arrival int // breaks ties

	again    bool // it has begun again: what it needs is set aside
	begun    bool // holds kept
	warm     bool // holds work
	training bool
	planned  bool
}

func newSchedule(slots int, budget int64, h hands) *schedule {
	s := &schedule{slots: slots, budget: budget, hands: h}
	for i := range s.lanes {
		s.lanes[i].accounts = map[string]*account{}
	}
	return s
}

// last is the run that would be served last, of those that have not begun; nil where there is none.
func (s *schedule) last() *job {
	for i := range s.lanes {
		for _, j := range slices.Backward(s.lanes[i].jobs) {
			if !j.begun && j.run != nil {
				return j
			}
		}
	}
	return nil
}

// settle makes the plan, and starts what can be started. Those that train and are not planned are to pause at their
// step's end.
func (s *schedule) settle() {
	for _, j := range s.plan {
		j.planned = false
	}
	s.plan = s.plan[:0]
	large, little := s.aside(), int64(0)
	take := func(j *job) {
		switch need := j.need(); {
		case j.aside():
		case s.little(j) && large+little+need <= s.budget:
			little += need
		case large+max(little, s.reserve())+need <= s.budget:
			large += need
		default:
			return
		}
		j.planned = true
		s.plan = append(s.plan, j)
	}
	if s.next != nil {
		take(s.next)
	}
	for j := range s.order {
		if len(s.plan) == s.slots {
			break
		}
		if j != s.next {
			take(j)
		}
	}
	for _, j := range s.plan {
		most := 2 * s.slots
		if s.little(j) {
			most = 3 * s.slots
		}
		if j.training || s.training >= most {
			continue
		}
		if !s.reclaim(j.need() - j.holds()) {
			if s.next == nil {
				s.next = j
			}
			continue
		}
		if s.next == j {
			s.next = nil
		}
		anew := !j.begun
		s.held += j.need() - j.holds()
		j.begun, j.warm, j.training = true, true, true
		s.training++
		s.hands.start(j, anew)
	}
}

// leave says that nobody follows a job any more. It trains no further than the step that is under way, and is parked.
func (s *schedule) leave(j *job) {
	s.unwant(j)
	if j.begun && !j.training {
		s.park(j)
	}
}

// change says that other readers want a job than before.
func (s *schedule) change(j *job, readers map[Reader]int) {
	s.unwant(j)
	j.lane = nil // the place was another's
	for r := range readers {
		s.want(j, r)
	}
}

// pause takes a job out of its slot at a step's end: it waits for its next turn, or is parked where nobody wants it.
// Settle next.
func (s *schedule) pause(j *job) {
	j.training = false
	s.training--
	if j.account == nil {
		s.park(j)
	}
}

// release ends a job, wherever it stands, and frees what it holds. Settle next.
func (s *schedule) release(j *job) {
	s.unwant(j)
	if j.training {
		s.training--
	}
	is := func(other *job) bool { return other == j }
	s.parked, s.finished = slices.DeleteFunc(s.parked, is), slices.DeleteFunc(s.finished, is)
	s.held -= j.holds()
	j.begun, j.warm, j.training = false, false, false
}

// place is where a job that waits stands among those that wait, from 1; 0 where it does not wait.
func (s *schedule) place(j *job) int {
	if j.account == nil || j.training {
		return 0
	}
	place := 1
	for other := range s.order {
		if other == j {
			break
		}
		if !other.training {
			place++
		}
	}
	return place
}

// crowded says whether cores are free, and those who wait lack memory.
func (s *schedule) crowded() bool { return s.training < s.slots }

// waits says whether somebody wants what does not train.
func (s *schedule) waits() bool {
	return len(s.lanes[open].jobs)+len(s.lanes[classes].jobs) > s.training
}
