package handlers

import (
	"sync"
	"time"

	"gradlab/classroom"
)

const (
	// mostStreams bounds the open event streams of classes: of the process, and of one visitor, whose browser opens six
	// connections at most.
	mostStreams       = 5000
	visitorStreams    = 6
	wrongCodesASecond = 50 // of all visitors together; see classroom's codes
)

// classLimits bound what visitors do in classes. A visitor is a cookie, not an address: a hall shares one address. Each process
// counts for itself.
type classLimits struct {
	tries    classroom.Limiter // wrong codes of a visitor
	triesAll classroom.Limiter // wrong codes of all
	open     classroom.Limiter // classes of a visitor
	openAll  classroom.Limiter
	write    classroom.Limiter // guesses, answers and the like of a visitor
	control  classroom.Limiter // a teacher's actions

	mu      sync.Mutex
	streams int
	by      map[string]int
}

func newClassLimits(now func() time.Time) *classLimits {
	return &classLimits{
		tries:    classroom.Limiter{Rate: 0.2, Burst: 12, Now: now},
		triesAll: classroom.Limiter{Rate: wrongCodesASecond, Burst: 500, Now: now},
		open:     classroom.Limiter{Rate: 1.0 / 120, Burst: 10, Now: now},
		openAll:  classroom.Limiter{Rate: 1, Burst: 60, Now: now},
		write:    classroom.Limiter{Rate: 2, Burst: 60, Now: now},
		control:  classroom.Limiter{Rate: 10, Burst: 60, Now: now},
		by:       map[string]int{},
	}
}

// mayTry says whether a visitor may name a code: not after many wrong ones of one's own, or of all together. Who has no cookie
// yet, as everybody who has just scanned a code, counts among all alone; a new cookie is to be had for the asking anyway.
func (l *classLimits) mayTry(visitor string) bool {
	return (visitor == "" || !l.tries.Spent(visitor)) && !l.triesAll.Spent("")
}

func (l *classLimits) wrongCode(visitor string) {
	if visitor != "" {
		l.tries.Allow(visitor)
	}
	l.triesAll.Allow("")
}

// stream counts one more stream, and returns what ends it; false where there are too many.
func (l *classLimits) stream(visitor string) (end func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams >= mostStreams || l.by[visitor] >= visitorStreams {
		return nil, false
	}
	l.streams++
	l.by[visitor]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.streams--
		if l.by[visitor]--; l.by[visitor] == 0 {
			delete(l.by, visitor)
		}
	}, true
}

func (l *classLimits) openStreams() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.streams
}
