package class

import (
	"sync"
	"time"

	"gradlab/classroom"
)

// How many event streams of classes a process keeps open. One who is refused a stream asks now and then instead, and follows all
// the same. A class cannot take the streams of the others, and students cannot take those of teachers.
const (
	mostStreams    = 6000 // of students
	classStreams   = 3000 // of a class's students
	visitorStreams = 6    // of a student, whose browser opens six connections at most
	// Teachers' devices are told apart by their class: one that came by the link to keep is no visitor that we know.
	mostTeacherStreams  = 1000
	classTeacherStreams = 16
	surelyTeaching      = 2 // of any class's, whoever else teaches: the projector, and the page in the teacher's hand
)

// limits bound what visitors do in classes. A visitor is a cookie, not an address: a hall shares one address. Each process
// counts for itself.
type limits struct {
	codes     turnstile         // tries of a class's code
	passwords turnstile         // tries of the password for teachers
	operators turnstile         // tries of the operator's key
	openings  turnstile         // classes opened where there is no password: each is a "wrong" one
	open      classroom.Limiter // the same, of a visitor
	write     classroom.Limiter // guesses, answers and the like of a visitor
	signs     classroom.Limiter // a visitor's hand, and word that something of their own is tried: apart, so that handing in waits for neither
	control   classroom.Limiter // a teacher's actions

	mu                 sync.Mutex
	students, teachers int            // streams
	byVisitor          map[string]int // students' streams
	byClass            map[string]streaming
}

type streaming struct{ students, teachers int }

// newLimits returns the limits by a clock and a sleep; nil is the time's own.
func newLimits(now func() time.Time, sleep func(time.Duration)) *limits {
	if sleep == nil {
		sleep = time.Sleep
	}
	secret := func(places int) turnstile {
		return turnstile{
			places: make(chan struct{}, places), hold: time.Second, sleep: sleep,
			mine: classroom.Limiter{Rate: 0.2, Burst: 12, Now: now}, all: classroom.Limiter{Rate: 50, Burst: 500, Now: now},
		}
	}
	l := &limits{
		codes:     secret(200), // at most 250 wrong ones a second; see classroom's codes
		passwords: secret(50),
		operators: secret(10),
		openings:  secret(4),
		open:      classroom.Limiter{Rate: 1.0 / 120, Burst: 10, Now: now},
		write:     classroom.Limiter{Rate: 2, Burst: 60, Now: now},
		signs:     classroom.Limiter{Rate: 0.5, Burst: 20, Now: now},
		control:   classroom.Limiter{Rate: 10, Burst: 60, Now: now},
		byVisitor: map[string]int{}, byClass: map[string]streaming{},
	}
	l.openings.all = classroom.Limiter{Rate: 1, Burst: 60, Now: now}
	return l
}

// studentStream counts one more stream of a student, and returns what ends it; false where there are too many.
func (l *limits) studentStream(class, visitor string) (end func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.students >= mostStreams || l.byClass[class].students >= classStreams || l.byVisitor[visitor] >= visitorStreams {
		return nil, false
	}
	l.count(class, 1, 0)
	l.byVisitor[visitor]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.count(class, -1, 0)
		if l.byVisitor[visitor]--; l.byVisitor[visitor] == 0 {
			delete(l.byVisitor, visitor)
		}
	}, true
}

// teacherStream is studentStream for the devices of a class's teacher.
func (l *limits) teacherStream(class string) (end func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := l.byClass[class].teachers
	if mine >= classTeacherStreams || l.teachers >= mostTeacherStreams && mine >= surelyTeaching {
		return nil, false
	}
	l.count(class, 0, 1)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.count(class, 0, -1)
	}, true
}

func (l *limits) count(class string, students, teachers int) {
	l.students, l.teachers = l.students+students, l.teachers+teachers
	c := l.byClass[class]
	c = streaming{c.students + students, c.teachers + teachers}
	if l.byClass[class] = c; c == (streaming{}) {
		delete(l.byClass, class)
	}
}

func (l *limits) openStreams() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.students + l.teachers
}
