package runner

import "slices"

// evictions count what memory was taken from.
type evictions struct{ parked, shed, finished, restarted int }

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

// reserve is what runs that need much leave to those that need little.
func (s *schedule) reserve() int64 { return s.budget / 8 }

// little says whether a run needs little memory; then its steps are short, too.
func (s *schedule) little(j *job) bool { return j.need() <= s.reserve()/2 }

// most is what one run may need.
func (s *schedule) most() int64 { return s.budget - s.reserve() }

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

// reclaim makes room for more bytes, or changes nothing and returns false.
//
// Memory goes in the same order. What a start lacks is taken from parked runs, oldest first; then from paused runs what
// only a step needs, which the next step makes anew; then from the finished ones, the least used first; then whole
// paused runs begin again later, from their first step: a run is determined by its config. That befalls a run once: all
// that it needs is set aside for it afterwards until it ends, so two that do not fit beside each other, one of each lane,
// cannot undo each other's steps for ever. A run that does not fit beside those waits for them, longer than above.
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

func (s *schedule) park(j *job) {
	if j.again = false; j.warm {
		s.cool(j)
	}
	s.parked = append(s.parked, j)
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
