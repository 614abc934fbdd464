package classroom

import (
	"testing"
	"time"
)

// Hands stand in the order in which they were raised.
func TestRaised(t *testing.T) {
	at := func(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }
	members := []Member{{ID: "b", HandAt: at(3)}, {ID: "c"}, {ID: "a", HandAt: at(3)}, {ID: "d", HandAt: at(1)}}
	got := ""
	for _, m := range Raised(members) {
		got += m.ID
	}
	if got != "dab" || members[0].ID != "b" {
		t.Errorf("hands of %q up, want dab; the members stay in their order: %+v", got, members)
	}
}

// Who follows a class is told of hands that were raised or lowered, whoever did it; who follows for the first time finds out, and nobody
// is woken where all hands are as they were.
func TestHandsAreTold(t *testing.T) {
	c, _ := lecture(t)
	rows := &memoryRows{by: map[string]Class{c.ID: c}, in: []Member{{ID: "anna", HandAt: monday}, {ID: "ben"}}}
	hub := NewHub(rows, &Memory{}, func() time.Time { return monday })
	w := hub.Watch(c)
	defer w.Close()
	raised := func(member string, want bool) {
		t.Helper()
		for range 20 {
			sight := w.See()
			if up, known := sight.Raised(member); known && up == want {
				return
			}
			wait(t, sight.Stirred)
		}
		t.Fatalf("%s: not told that the hand is up: %v", member, want)
	}
	raised("anna", true)
	raised("ben", false)
	put := func(members ...Member) {
		rows.mu.Lock()
		rows.in = members
		rows.mu.Unlock()
	}
	put(Member{ID: "anna"}, Member{ID: "ben", HandAt: monday})
	hub.Hands(c.ID)
	raised("ben", true)
	raised("anna", false)
	before := w.See()
	w.room.raise(rows.in)
	select {
	case <-before.Stirred:
		t.Error("woken though no hand has changed")
	default:
	}
	put(Member{ID: "anna"})
	hub.Departed(c.ID)
	raised("ben", false)
}
