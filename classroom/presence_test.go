package classroom

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// A member is there while a page of theirs is open, in whichever tab; one without a stream when it has looked.
func TestPresence(t *testing.T) {
	c, _ := lecture(t)
	rows := &memoryRows{by: map[string]Class{c.ID: c}}
	hub := NewHub(rows, &Memory{}, func() time.Time { return monday })
	hub.Saw(c.ID, "unwatched")
	teacher := hub.Watch(c)
	defer teacher.Close()
	there := func(want string) {
		t.Helper()
		var got string
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			rows.mu.Lock()
			got = strings.Join(slices.Sorted(maps.Keys(rows.here)), " ")
			rows.mu.Unlock()
			if got == want {
				return
			}
		}
		t.Fatalf("there are %q, want %q", got, want)
	}
	arrivals := teacher.See()
	tab, second, other := hub.Watch(c), hub.Watch(c), hub.Watch(c)
	tab.Of("anna")
	second.Of("anna")
	other.Of("ben")
	hub.Saw(c.ID, "carl")
	there("anna ben carl")
	wait(t, arrivals.Arrived)
	tab.Close()
	other.Close()
	other.Close()
	there("anna carl")
	second.Close()
	there("carl")
}
