package classroom

import (
	"sync"
	"time"
)

// mostKeys bounds the memory of a Limiter: beyond it, those who have their full allowance again are forgotten.
const mostKeys = 20_000

// A Limiter lets each key do something Burst times at once, and Rate times a second in the long run. It is safe for
// concurrent use.
type Limiter struct {
	Rate  float64
	Burst float64
	Now   func() time.Time // nil is time.Now

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// Allow says whether a key may, and counts it.
func (l *Limiter) Allow(key string) bool {
	now := time.Now
	if l.Now != nil {
		now = l.Now
	}
	t := now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buckets == nil {
		l.buckets = map[string]bucket{}
	}
	b, found := l.buckets[key]
	if !found {
		if len(l.buckets) >= mostKeys {
			l.forget(t)
		}
		b = bucket{l.Burst, t}
	}
	// A clock that jumps back gives nothing, and takes nothing.
	b.left = min(l.Burst, b.left+max(0, t.Sub(b.at).Seconds())*l.Rate)
	b.at = t
	may := b.left >= 1
	if may {
		b.left--
	}
	l.buckets[key] = b
	return may
}

// forget drops who has recovered; where nobody has, everybody: a flood of new keys must not take the memory.
func (l *Limiter) forget(now time.Time) {
	for key, b := range l.buckets {
		if b.left+now.Sub(b.at).Seconds()*l.Rate >= l.Burst {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= mostKeys {
		clear(l.buckets)
	}
}
