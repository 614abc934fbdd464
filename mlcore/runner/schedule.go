package runner

import "slices"

// A schedule decides which runs train and what memory they hold. It is bookkeeping only: no goroutine, no lock, no clock.
// The pool tells it what happened and does what it decides, so a test can play any history to it.
//
// # Who goes first
//
// The run that would end first if the cores were shared equally among the readers who wait: weighted fair queueing's order
// of virtual finishing times, here without weights (Parekh and Gallager 1993; as a rule for whole jobs, Friedman and
// Henderson's Fair Sojourn Protocol, 2003). A lane's virtual time now is the multiply-adds that each reader would have
// got by now under equal sharing: a step of cost c, with n readers active, moves it on by c/n. A run's tag is
//
//	finish = max(now, what its reader has got) + the cost of the reader's runs before it + its own cost
//
// So short runs pass long ones, a reader with many runs waits behind the readers with one, and nobody ends later than
// under equal sharing but for the steps that are under way.
//
// Classes have a lane of their own. While both lanes want to train, each is given half of the work, and the classes' is
// done first.
//
// # No run starves
//
// Take a run j of cost C that comes when the lane's time is now₀ and its reader has nothing else there, so that
// finish(j) ≤ now₀ + C, or more where the reader is ahead. Runs that go before it have smaller tags. Those that are there
// already, or have been left a moment ago and keep their places, have W to do; one that begins again counts anew. One that comes later has a tag above the lane's time by then, so it can pass only while now <
// finish(j); until then the lane does at most N·(finish(j) − now₀) of work, N being the most readers that may be active
// at once, since now grows by c/N at least. What came meanwhile and is not done yet is again N·(finish(j) − now₀) at most:
// each reader's tags with smaller ones begin above now₀ and end below finish(j). After W + 2N·(finish(j) − now₀) of the
// lane's work nothing is before j, and j is next; N is bounded by the queue. The lane's share of the cores is half at
// least, and beyond it come only the steps that are under way, one a slot.
//
// # Slots and memory
//
// The plan goes down the order and gives away slots and memory as if every step had ended: the runs in it should train.
// One that trains and is not in it yields at its step's end. One that is in it starts at once, beside those that are about
// to yield, if its bytes are there: a step of a large net takes a second, and a short run need not wait for it. If they are
// not, it keeps its place in the plan until the steps that hold them have ended. Runs that need much leave an eighth of the
// budget to those that need little.
//
// Memory goes in the same order. What a start lacks is taken from parked runs, oldest first; then from paused runs what
// only a step needs, which the next step makes anew; then from the finished ones, the least used first; then whole
// paused runs begin again later, from their first step: a run is determined by its config. That befalls a run once: all
// that it needs is set aside for it afterwards until it ends, so two that do not fit beside each other, one of each lane,
// cannot undo each other's steps for ever. A run that does not fit beside those waits for them, longer than above.
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

// evictions count what memory was taken from.
type evictions struct{ parked, shed, finished, restarted int }

// The lanes.
const (
	open = iota
	classes
)

type lane struct {
	now      float64 // virtual time, in multiply-adds
	accounts map[string]*account
	active   int    // accounts that want a run
	jobs     []*job // wanted ones, in order
}

// An account is one reader's in a lane.
type account struct {
	lane *lane
	key  string
	got  float64 // virtual time up to which the reader has been served
	jobs []*job  // wanted ones, in the order that they came
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

func (j *job) need() int64 { return j.kept + j.work }

// holds are the bytes that it holds now.
func (j *job) holds() (bytes int64) {
	if j.begun {
		bytes += j.kept
	}
	if j.warm {
		bytes += j.work
	}
	return bytes
}

func newSchedule(slots int, budget int64, h hands) *schedule {
	s := &schedule{slots: slots, budget: budget, hands: h}
	for i := range s.lanes {
		s.lanes[i].accounts = map[string]*account{}
	}
	return s
}

// reserve is what runs that need much leave to those that need little.
func (s *schedule) reserve() int64 { return s.budget / 8 }

// little says whether a run needs little memory; then its steps are short, too.
func (s *schedule) little(j *job) bool { return j.need() <= s.reserve()/2 }

// most is what one run may need.
func (s *schedule) most() int64 { return s.budget - s.reserve() }

// want says that a reader wants a job: its first, or one more, who may bring it forward.
func (s *schedule) want(j *job, r Reader) {
	l := &s.lanes[open]
	if r.Class {
		l = &s.lanes[classes]
	}
	a := l.accounts[r.Key]
	if a == nil {
		a = &account{lane: l, key: r.Key}
	}
	if j.account == a {
		return
	}
	finish := max(l.now, a.got) + j.left
	for _, other := range a.jobs {
		finish += other.left
	}
	switch {
	case j.account != nil && (j.account.lane == l && j.finish <= finish || j.account.lane == &s.lanes[classes]):
		return // those who want it already are served earlier
	case j.account != nil:
		s.unwant(j)
	case j.lane == l:
		finish = min(finish, j.finish) // somebody came back: the place was kept
	}
	s.parked = slices.DeleteFunc(s.parked, func(other *job) bool { return other == j })
	if j.arrival == 0 {
		s.arrivals++
		j.arrival = s.arrivals
	}
	if l.accounts[a.key] = a; len(a.jobs) == 0 {
		l.active++
		a.got = max(l.now, a.got)
	}
	a.jobs = append(a.jobs, j)
	j.account, j.lane, j.finish = a, l, finish
	l.insert(j)
}

// wanted is how many jobs take a reader's share.
func (s *schedule) wanted(r Reader) int {
	l := &s.lanes[open]
	if r.Class {
		l = &s.lanes[classes]
	}
	if a := l.accounts[r.Key]; a != nil {
		return len(a.jobs)
	}
	return 0
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

// before is the order within a lane.
func before(a, b *job) int {
	switch {
	case a.finish < b.finish, a.finish == b.finish && a.arrival < b.arrival:
		return -1
	case a == b:
		return 0
	}
	return 1
}

func (l *lane) insert(j *job) {
	i, _ := slices.BinarySearchFunc(l.jobs, j, before)
	l.jobs = slices.Insert(l.jobs, i, j)
}

func (l *lane) remove(j *job) {
	i, _ := slices.BinarySearchFunc(l.jobs, j, before)
	l.jobs = slices.Delete(l.jobs, i, i+1)
}

// unwant takes a job out of its lane.
func (s *schedule) unwant(j *job) {
	a := j.account
	if a == nil {
		return
	}
	if j.training { // else who hangs up within the step would have it for nothing
		s.charge(j, j.step)
	}
	l := a.lane
	l.remove(j)
	a.jobs = slices.DeleteFunc(a.jobs, func(other *job) bool { return other == j })
	if j.account, j.planned = nil, false; s.next == j {
		s.next = nil
	}
	finish := max(l.now, a.got) // those that came after it need not wait for it any more
	for _, other := range a.jobs {
		if finish += other.left; finish < other.finish {
			l.remove(other)
			other.finish = finish
			l.insert(other)
		}
	}
	if len(a.jobs) > 0 {
		return
	}
	switch l.active--; {
	case l.active == 0: // everybody begins equal again
		clear(l.accounts)
		s.lead = 0
	case a.got <= l.now:
		delete(l.accounts, a.key)
	}
}

// worked says what a job that trains has done since it was last asked, in multiply-adds. Settle next.
func (s *schedule) worked(j *job, work float64) {
	if j.account != nil { // else a step was charged when the last reader left
		s.charge(j, work)
	}
	j.left = max(0, j.left-work)
}

// charge counts work as service to the job's reader.
func (s *schedule) charge(j *job, c float64) {
	l := j.account.lane
	j.account.got += c
	l.now += c / float64(l.active)
	switch {
	case len(s.lanes[open].jobs) == 0 || len(s.lanes[classes].jobs) == 0:
		s.lead = 0
	case l == &s.lanes[classes]:
		s.lead += c
	default:
		s.lead -= c
	}
}

// order yields the wanted jobs, the first to be served first.
func (s *schedule) order(yield func(*job) bool) {
	all, class, lead := s.lanes[open].jobs, s.lanes[classes].jobs, s.lead
	for len(all)+len(class) > 0 {
		var j *job
		if len(all) == 0 || len(class) > 0 && lead <= 0 {
			j, class = class[0], class[1:]
			lead += j.step
		} else {
			j, all = all[0], all[1:]
			lead -= j.step
		}
		if !yield(j) {
			return
		}
	}
}

// aside says whether all that a run needs is set aside for it.
func (j *job) aside() bool { return j.again && j.begun }

// aside is what is set aside for runs that have begun again.
func (s *schedule) aside() (bytes int64) {
	if s.counts.restarted == 0 {
		return 0
	}
	for j := range s.order {
		if j.aside() {
			bytes += j.need()
		}
	}
	return bytes
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

// reclaim makes room for more bytes, or changes nothing and returns false.
func (s *schedule) reclaim(bytes int64) bool {
	if s.held+bytes <= s.budget {
		return true
	}
	var paused []*job // those that may be taken from, the first to be served first
	rest := s.held
	for j := range s.order {
		if j.begun && !j.training && !j.planned && !j.aside() {
			paused = append(paused, j)
			rest -= j.holds()
		}
	}
	for _, j := range slices.Concat(s.parked, s.finished) {
		rest -= j.holds()
	}
	if rest+bytes > s.budget {
		return false
	}
	lacking := func() bool { return s.held+bytes > s.budget }
	for lacking() && len(s.parked) > 0 {
		s.counts.parked++
		s.drop(s.parked[0])
	}
	for i := len(paused) - 1; i >= 0 && lacking(); i-- {
		if j := paused[i]; j.warm {
			s.counts.shed++
			s.cool(j)
		}
	}
	for lacking() && len(s.finished) > 0 {
		s.counts.finished++
		s.drop(s.finished[0])
	}
	for i := len(paused) - 1; i >= 0 && lacking(); i-- {
		j := paused[i]
		s.counts.restarted++
		s.hands.restart(j)
		s.held -= j.holds()
		j.begun, j.warm, j.again, j.left = false, false, true, j.total
	}
	return true
}

// cool takes what only a step needs.
func (s *schedule) cool(j *job) {
	s.held -= j.work
	j.warm = false
	s.hands.shed(j)
}

// drop takes all from a parked or finished job.
func (s *schedule) drop(j *job) {
	s.hands.forget(j)
	s.release(j)
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

func (s *schedule) park(j *job) {
	if j.again = false; j.warm {
		s.cool(j)
	}
	s.parked = append(s.parked, j)
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

// end says that a job has ended, and that its result, of so many bytes, is to be kept while there is room: a quarter of
// the budget at most, and what nothing else needs.
func (s *schedule) end(j *job, bytes int64) {
	s.release(j)
	j.kept, j.work, j.begun = bytes, 0, true
	s.held += bytes
	s.finished = append(s.finished, j)
	kept := int64(0)
	for _, other := range s.finished {
		kept += other.kept
	}
	for kept > s.budget/4 || s.held > s.budget && len(s.finished) > 0 {
		s.counts.finished++
		kept -= s.finished[0].kept
		s.drop(s.finished[0])
	}
}

// touch says that a finished job's result was used.
func (s *schedule) touch(j *job) {
	s.finished = append(slices.DeleteFunc(s.finished, func(other *job) bool { return other == j }), j)
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
