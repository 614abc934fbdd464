package runner

import "slices"

// The lanes.
const (
	open = iota
	classes
)

// A lane is the order in which the runs of its readers are served: first the one that would end first if the cores were
// shared equally among the readers who wait. It is weighted fair queueing's order of virtual finishing times, here without
// weights (Parekh and Gallager 1993; as a rule for whole jobs, Friedman and Henderson's Fair Sojourn Protocol, 2003). A
// lane's virtual time now is the multiply-adds that each reader would have got by now under equal sharing: a step of cost
// c, with n readers active, moves it on by c/n. A run's tag is
//
//	finish = max(now, what its reader has got) + the cost of the reader's runs before it + its own cost
//
// So short runs pass long ones, a reader with many runs waits behind the readers with one, and nobody ends later than under
// equal sharing but for the steps that are under way.
//
// Classes have a lane of their own. While both lanes want to train, each is given half of the work, and the classes' is
// done first.
//
// # No run starves
//
// Take a run j of cost C that comes when the lane's time is now₀ and its reader has nothing else there, so that finish(j) ≤
// now₀ + C, or more where the reader is ahead. Runs that go before it have smaller tags. Those that are there already, or
// have been left a moment ago and keep their places, have W to do; one that begins again counts anew. One that comes later
// has a tag above the lane's time by then, so it can pass only while now < finish(j); until then the lane does at most
// N·(finish(j) − now₀) of work, N being the most readers that may be active at once, since now grows by c/N at least. What
// came meanwhile and is not done yet is again N·(finish(j) − now₀) at most: each reader's tags with smaller ones begin
// above now₀ and end below finish(j). After W + 2N·(finish(j) − now₀) of the lane's work nothing is before j, and j is
// next; N is bounded by the queue. The lane's share of the cores is half at least, and beyond it come only the steps that
// are under way, one a slot.
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

// laneOf is the lane that a reader's runs stand in.
func (s *schedule) laneOf(r Reader) *lane {
	if r.Class {
		return &s.lanes[classes]
	}
	return &s.lanes[open]
}

// want says that a reader wants a job: its first, or one more, who may bring it forward.
func (s *schedule) want(j *job, r Reader) {
	l := s.laneOf(r)
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
	l := s.laneOf(r)
	if a := l.accounts[r.Key]; a != nil {
		return len(a.jobs)
	}
	return 0
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
