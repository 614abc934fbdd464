package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// times collects how long something took, from many goroutines.
type times struct {
	mu  sync.Mutex
	all []time.Duration
}

func (t *times) add(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, d)
}

// String gives the number of values and the 50th and 99th of a hundred, and the most.
func (t *times) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) == 0 {
		return "none"
	}
	slices.Sort(t.all)
	return fmt.Sprintf("%d: p50 %s, p99 %s, most %s", len(t.all), ms(t.rank(.5)), ms(t.rank(.99)), ms(t.rank(1)))
}

// rank returns the smallest value that at least the part q of all values do not exceed.
func (t *times) rank(q float64) time.Duration {
	return t.all[max(0, min(len(t.all)-1, int(q*float64(len(t.all))+.999999)-1))]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
