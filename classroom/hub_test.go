package classroom

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// memoryRows keeps classes as a store does.
type memoryRows struct {
	mu    sync.Mutex
	by    map[string]Class
	in    []Member // of every class
	reads int
	here  map[string]bool
}

func (m *memoryRows) Members(context.Context, string) ([]Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.in, nil
}

func (m *memoryRows) ClassByCode(_ context.Context, code string) (Class, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	for _, c := range m.by {
		if c.Code == code {
			return c, nil
		}
	}
	return Class{}, ErrNone
}

func (m *memoryRows) ClassByID(_ context.Context, id string) (Class, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	c, found := m.by[id]
	if !found {
		return Class{}, ErrNone
	}
	return c, nil
}

func (m *memoryRows) UpdateClass(_ context.Context, c Class) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by[c.ID].Version != c.Version-1 {
		return ErrStale
	}
	m.by[c.ID] = c
	return nil
}

func (m *memoryRows) Seen(_ context.Context, _ string, here, gone []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.here == nil {
		m.here = map[string]bool{}
	}
	for _, member := range here {
		m.here[member] = true
	}
	for _, member := range gone {
		delete(m.here, member)
	}
	return nil
}

// until waits until there were that many reads, and returns how many there were.
func (m *memoryRows) until(t *testing.T, reads int) int {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		m.mu.Lock()
		n := m.reads
		m.mu.Unlock()
		if n >= reads {
			return n
		}
	}
	t.Fatalf("there were no %d reads", reads)
	return 0
}

// What a teacher collects is locked when the time is up, though the teacher's connection is lost; by whoever looks, if nobody did.
func TestTheServerLocks(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next", "timer")
	rows := &memoryRows{by: map[string]Class{c.ID: c}}
	started := time.Now()
	clock := func() time.Time { return monday.Add(Collecting - 50*time.Millisecond + time.Since(started)) }
	hub := NewHub(rows, &Memory{}, clock)
	w := hub.Watch(c)
	defer w.Close()
	for sight := w.See(); sight.Class.Shown().Phase != Locked; sight = w.See() {
		wait(t, sight.Changed)
	}
	if stored, _ := rows.ClassByID(t.Context(), c.ID); stored.Shown().Phase != Locked || stored.Version != c.Version+1 {
		t.Errorf("stored: %+v", stored.Shown())
	}
	unwatched := NewHub(&memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}, func() time.Time { return monday.Add(time.Hour) })
	if got, err := unwatched.Class(t.Context(), c.Code, -1); err != nil || got.Shown().Phase != Locked || got.Version != c.Version+1 {
		t.Errorf("read an hour later: %+v, %v", got.Shown(), err)
	}
}

// What changed after a class was read, and before events of it were heard, is seen by the first look.
func TestFirstLook(t *testing.T) {
	old, _ := lecture(t)
	c := must(t, old, "next")
	hub := NewHub(&memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}, func() time.Time { return monday })
	w := hub.Watch(old)
	defer w.Close()
	if sight := w.See(); sight.Class.Version == old.Version {
		wait(t, sight.Changed)
	}
	if got := w.See().Class.Version; got != c.Version {
		t.Errorf("version %d, want %d", got, c.Version)
	}
}

// Two processes share rows and a bus: what one changes, watchers of the other see, and at once they read it from memory.
func TestHubsTellEachOther(t *testing.T) {
	c, _ := lecture(t)
	rows, bus := &memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}
	clock := func() time.Time { return monday }
	here, there := NewHub(rows, bus, clock), NewHub(rows, bus, clock)
	w := there.Watch(c)
	defer w.Close()
	rows.until(t, 1) // the first look
	sight := w.See()
	next := func(c Class) (Class, error) { return c.Do(Action{Do: "next"}, monday) }
	if _, err := here.Change(t.Context(), c.Code, next); err != nil {
		t.Fatal(err)
	}
	wait(t, sight.Changed)
	if got := w.See().Class; got.Version != 2 || got.Current != 1 {
		t.Errorf("the other process sees version %d at %d", got.Version, got.Current)
	}
	reads := rows.until(t, 3) // one of them by the change itself
	if got, err := there.Class(t.Context(), c.Code, 2); err != nil || got.Version != 2 || rows.until(t, 0) != reads {
		t.Errorf("version 2: %v, %v after %d reads more", got.Version, err, rows.until(t, 0)-reads)
	}
	sight = w.See()
	here.Arrived(c.ID)
	wait(t, sight.Arrived)

	rows.mu.Lock()
	delete(rows.by, c.ID)
	rows.mu.Unlock()
	sight = w.See()
	here.Deleted(t.Context(), c.ID)
	wait(t, sight.Changed)
	if !w.See().Gone {
		t.Error("a deleted class is still there")
	}
	w.Close()
	if there.Watched() != 0 {
		t.Error("nobody watches, but a room is kept")
	}
}

// Who leaves is missed by those who watch in any process, once for all who leave at the same moment; who stays is not.
func TestDepartures(t *testing.T) {
	c, _ := lecture(t)
	anna, ben := NewMember("Anna"), NewMember("Ben")
	rows, bus := &memoryRows{by: map[string]Class{c.ID: c}, in: []Member{anna, ben}}, &Memory{}
	here, there := NewHub(rows, bus, nil), NewHub(rows, bus, nil)
	w := there.Watch(c)
	defer w.Close()
	before := w.See()
	rows.mu.Lock()
	rows.in = []Member{ben}
	rows.mu.Unlock()
	here.Departed(c.ID)
	here.Departed(c.ID)
	after := w.See()
	for after.Departures == before.Departures { // the first look for hands stirs, too
		wait(t, after.Stirred)
		after = w.See()
	}
	if !after.Missing(anna.ID, before.Departures) || after.Missing(ben.ID, before.Departures) {
		t.Errorf("Anna has left: missing %v; Ben: missing %v", after.Missing(anna.ID, before.Departures), after.Missing(ben.ID, before.Departures))
	}
	if after.Departures != before.Departures+1 {
		t.Errorf("two departures at one moment were told %d times", after.Departures-before.Departures)
	}
	if clara := NewMember("Clara"); after.Missing(clara.ID, after.Departures) {
		t.Error("one who came after the last departure is missed")
	}
}

// Teachers who press at the same time lose no press.
func TestChangesAtOnce(t *testing.T) {
	c, _ := lecture(t)
	rows := &memoryRows{by: map[string]Class{c.ID: c}}
	hub := NewHub(rows, &Memory{}, func() time.Time { return monday })
	const presses = 5
	errs := make(chan error, presses)
	for range presses {
		go func() {
			_, err := hub.Change(t.Context(), c.Code, func(c Class) (Class, error) { return c.Insert(Stop{Kind: Show, Title: "x", Path: "/"}, 0) })
			errs <- err
		}()
	}
	for range presses {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := len(rows.by[c.ID].Plan); got != 4+presses {
		t.Errorf("%d stops, want %d", got, 4+presses)
	}
}

func TestExpiredClassIsGone(t *testing.T) {
	c, _ := lecture(t)
	hub := NewHub(&memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}, func() time.Time { return monday.Add(KeptTime + time.Hour) })
	if _, err := hub.Class(t.Context(), c.Code, -1); !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want %v", err, ErrNone)
	}
}

func wait(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was heard")
	}
}

// A class that expires while it is watched is gone at once: for who asks for it, and for who watches.
func TestWatchedClassExpires(t *testing.T) {
	c, _, err := Open("Deep nets", []Stop{{Kind: Show, Title: "Look", Path: "/labs/chain"}}, monday)
	if err != nil {
		t.Fatal(err)
	}
	var later atomic.Int64
	hub := NewHub(&memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}, func() time.Time { return monday.Add(time.Duration(later.Load())) })
	watcher := hub.Watch(c)
	defer watcher.Close()
	if _, err := hub.Class(t.Context(), c.Code, 0); err != nil || watcher.See().Gone {
		t.Fatalf("before: %v, gone %v", err, watcher.See().Gone)
	}
	later.Store(int64(c.Expires().Sub(monday)))
	if _, err := hub.Class(t.Context(), c.Code, 0); !errors.Is(err, ErrNone) || !watcher.See().Gone {
		t.Errorf("expired: %v, gone %v; want %v and gone", err, watcher.See().Gone, ErrNone)
	}
}
