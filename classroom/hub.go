package classroom

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Rows are the classes that the store keeps.
type Rows interface {
	// ClassByCode and ClassByID return a class, or ErrNone.
	ClassByCode(ctx context.Context, code string) (Class, error)
	ClassByID(ctx context.Context, id string) (Class, error)
	// UpdateClass stores the next state of a class: one whose Version is one above the stored one. Else it is ErrStale.
	UpdateClass(ctx context.Context, c Class) error
	// Seen notes which members of a class have its page open now, and which have closed it.
	Seen(ctx context.Context, class string, here, gone []string) error
	// Members returns the members of a class, none of one that was deleted.
	Members(ctx context.Context, class string) ([]Member, error)
}

// rereadEvery is how often a watched class is read again though nothing was heard: a lost event delays, and no more.
const rereadEvery = 10 * time.Second

// Presence is how long a member is there after the page was last known to be open. Those that are open are noted anew every
// noteEvery, so that it takes the death of a server to make it matter.
const (
	Presence  = time.Minute
	noteEvery = 20 * time.Second
)

// gatherTime is how long arrivals are collected before the teacher's devices are told.
const gatherTime = 100 * time.Millisecond

// tellTime is how long the store, or the bus, may take to be told.
const tellTime = 10 * time.Second

// A Hub reads a class once for everybody in the process who watches it, tells them when it changes, and makes changes.
type Hub struct {
	rows Rows
	bus  Bus
	now  func() time.Time

	mu       sync.Mutex
	rooms    map[string]*room // by class id; those that somebody watches
	gathered map[string]bool  // topics of which an event is about to be published
}

// NewHub returns a hub over rows and bus. A nil clock is time.Now.
func NewHub(rows Rows, bus Bus, clock func() time.Time) *Hub {
	if clock == nil {
		clock = time.Now
	}
	return &Hub{rows: rows, bus: bus, now: clock, rooms: map[string]*room{}, gathered: map[string]bool{}}
}

// A room is a class that is watched.
type room struct {
	watchers int
	stop     context.CancelFunc

	mu       sync.Mutex
	class    Class
	gone     bool // deleted
	arrivals int
	changed  chan struct{} // closed and replaced when the class changes
	arrived  chan struct{} // closed and replaced when guesses, answers or students come in

	departures int
	members    map[string]bool // ids, at the last departure
	raised     map[string]bool // members whose hands are up; nil before it was looked
	stirred    chan struct{}   // closed and replaced when students leave, or hands are raised or lowered

	here       map[string]int  // members by how many pages they have open in this process
	came, went map[string]bool // what is not yet noted of them
	noting     bool
}

// A Sight is a class at one moment, and what to wait for.
type Sight struct {
	Class    Class
	Gone     bool // deleted
	Arrivals int  // grows with what comes in
	Changed  <-chan struct{}
	Arrived  <-chan struct{}

	Departures int             // grows when students leave
	Stirred    <-chan struct{} // students leave, or hands are raised or lowered
	members    map[string]bool
	raised     map[string]bool
}

// Missing says that a member, who was in the class when there had been since departures, was no longer at the last one. Who
// has come at that very moment may be missing, too: the rows know.
func (s Sight) Missing(member string, since int) bool {
	return s.Departures > since && !s.members[member]
}

// A Watcher sees a class until it is closed.
type Watcher struct {
	hub  *Hub
	room *room
	id   string
	once sync.Once

	member string // whose page it is; "" for the teacher's
}

func changes(id string) string    { return "class:" + id }
func arrivals(id string) string   { return "class-in:" + id }
func departures(id string) string { return "class-out:" + id }
func hands(id string) string      { return "class-hands:" + id }

// Watch starts to watch a class that was just read.
func (h *Hub) Watch(c Class) *Watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[c.ID]
	if r == nil {
		ctx, stop := context.WithCancel(context.Background())
		r = &room{class: c, stop: stop, changed: make(chan struct{}), arrived: make(chan struct{}), stirred: make(chan struct{}), here: map[string]int{}, came: map[string]bool{}, went: map[string]bool{}}
		h.rooms[c.ID] = r
		changed, endChanged := h.bus.Subscribe(changes(c.ID))
		arrived, endArrived := h.bus.Subscribe(arrivals(c.ID))
		departed, endDeparted := h.bus.Subscribe(departures(c.ID))
		raised, endRaised := h.bus.Subscribe(hands(c.ID))
		go func() {
			defer endChanged()
			defer endArrived()
			defer endDeparted()
			defer endRaised()
			h.keep(ctx, r, c.ID, events{changed, arrived, departed, raised})
		}()
	}
	r.watchers++
	return &Watcher{hub: h, room: r, id: c.ID}
}

// Close ends the watching.
func (w *Watcher) Close() {
	w.once.Do(func() {
		w.leave()
		w.hub.mu.Lock()
		defer w.hub.mu.Unlock()
		if w.room.watchers--; w.room.watchers == 0 {
			w.room.stop()
			delete(w.hub.rooms, w.id)
		}
	})
}

// See returns the class as it is now.
func (w *Watcher) See() Sight {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	r := w.room
	return Sight{r.class, r.gone || expired(r.class, w.hub.now()), r.arrivals, r.changed, r.arrived, r.departures, r.stirred, r.members, r.raised}
}

// events are those of a class on the bus.
type events struct{ changed, arrived, departed, raised <-chan []byte }

// keep reads the class again at every event, and now and then without one. The first look finds what has changed since the
// class was read and before events of it were heard.
func (h *Hub) keep(ctx context.Context, r *room, id string, on events) {
	ticker, beat, moment := time.NewTicker(rereadEvery), time.NewTicker(noteEvery), time.NewTimer(rereadEvery)
	defer beat.Stop()
	defer ticker.Stop()
	defer moment.Stop()
	for {
		// A store that does not answer leaves the last sight; the next look finds what was missed.
		if c, err := h.rows.ClassByID(ctx, id); err == nil {
			r.put(c)
		} else if errors.Is(err, ErrNone) {
			r.leave()
		}
		h.lookForHands(ctx, r, id)
		moment.Stop()
		now, seen := h.now(), r.sight()
		if next, found := seen.Next(now); found && !r.deleted() {
			moment.Reset(max(next.Sub(now), 0) + time.Millisecond)
		}
		for waiting := true; waiting; {
			select {
			case <-on.arrived:
				r.wakeArrived()
			case <-on.departed:
				if members, err := h.rows.Members(ctx, id); err == nil {
					r.depart(members)
					r.raise(members)
				}
			case <-on.raised:
				h.lookForHands(ctx, r, id)
			case <-on.changed:
				waiting = false
			case <-beat.C:
				h.rows.Seen(ctx, id, r.present(), nil) // one that fails is made up for by the next
			case <-moment.C:
				if _, err := h.settle(ctx, seen.Code); err != nil && !errors.Is(err, ErrNone) {
					moment.Reset(time.Second) // the store does not answer; what is handed in is judged by the time all the same
					continue
				}
				r.wake()
				waiting = false
			case <-ticker.C:
				waiting = false
			case <-ctx.Done():
				return
			}
		}
	}
}

func (r *room) sight() Class {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.class
}

func (r *room) deleted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.gone
}

// wake lets those who watch look again: the time has changed what they see, if nothing else has.
func (r *room) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
}

// put shows a class, unless a newer one is shown already.
func (r *room) put(c Class) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.Version <= r.class.Version {
		return
	}
	r.class = c
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *room) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone {
		return
	}
	r.gone = true
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *room) wakeArrived() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrivals++
	close(r.arrived)
	r.arrived = make(chan struct{})
}

// depart keeps who is still there, and wakes everybody to look whether it is them.
func (r *room) depart(members []Member) {
	ids := make(map[string]bool, len(members))
	for _, m := range members {
		ids[m.ID] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.departures++
	r.members = ids
	close(r.stirred)
	r.stirred = make(chan struct{})
}

// Class returns a class by its code: the one being watched, where it is not older than the version that the caller has
// heard of, else the stored one. A version of −1 wants the stored one. What is to be locked by now is locked.
func (h *Hub) Class(ctx context.Context, code string, version int64) (Class, error) {
	if version >= 0 {
		c, found := h.watched(code)
		if now := h.now(); found && c.Version >= version && !expired(c, now) && c.Settled(now).Version == c.Version {
			return c, nil
		}
	}
	c, err := h.stored(ctx, code)
	if err == nil && c.Settled(h.now()).Version != c.Version {
		return h.settle(ctx, code)
	}
	return c, err
}

func (h *Hub) stored(ctx context.Context, code string) (Class, error) {
	c, err := h.rows.ClassByCode(ctx, code)
	if err == nil && expired(c, h.now()) {
		err = ErrNone
	}
	if err != nil {
		return Class{}, fmt.Errorf("find class: %w", err)
	}
	return c, nil
}

// expired says whether a class is as good as deleted.
func expired(c Class, now time.Time) bool { return !now.Before(c.Expires()) }

// settle locks what is to be locked by now.
func (h *Hub) settle(ctx context.Context, code string) (Class, error) {
	return h.Change(ctx, code, func(c Class) (Class, error) { return c.Settled(h.now()), nil })
}

func (h *Hub) watched(code string) (Class, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		r.mu.Lock()
		c, gone := r.class, r.gone
		r.mu.Unlock()
		if c.Code == code && !gone {
			return c, true
		}
	}
	return Class{}, false
}

// Change makes the next state of a class by change, a pure function, and stores it; who watches is told. Where somebody
// else was quicker, it tries again on what they made. It returns the class as it is stored.
func (h *Hub) Change(ctx context.Context, code string, change func(Class) (Class, error)) (Class, error) {
	const tries = 8
	for range tries {
		c, err := h.stored(ctx, code)
		if err != nil {
			return Class{}, err
		}
		next, err := change(c)
		if err != nil {
			return c, err
		}
		if next.Version == c.Version {
			return c, nil
		}
		next.Version = c.Version + 1
		err = h.rows.UpdateClass(ctx, next)
		if errors.Is(err, ErrStale) {
			continue
		}
		if err != nil {
			return c, fmt.Errorf("change class: %w", err)
		}
		h.show(next)
		// The change is stored: who does not hear of it looks again by itself.
		h.bus.Publish(ctx, changes(next.ID), []byte(next.ID))
		return next, nil
	}
	return Class{}, ErrStale
}

// show lets those in this process see a change at once.
func (h *Hub) show(c Class) {
	h.mu.Lock()
	r := h.rooms[c.ID]
	h.mu.Unlock()
	if r != nil {
		r.put(c)
	}
}

// Arrived tells the teacher's devices, in a moment, that guesses, answers or students have come in. Those of a whole hall are
// told at once, and nobody's acknowledgement waits for it.
func (h *Hub) Arrived(id string) { h.soon(arrivals(id), id) }

// Departed tells, in a moment, those who follow a class that students have left it, and the teacher's devices.
func (h *Hub) Departed(id string) {
	h.soon(departures(id), id)
	h.Arrived(id)
}

// soon publishes an event once for all that happens within a moment. One that is lost is made up for by the next.
func (h *Hub) soon(topic, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gathered[topic] {
		return
	}
	h.gathered[topic] = true
	time.AfterFunc(gatherTime, func() {
		h.mu.Lock()
		delete(h.gathered, topic)
		h.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), tellTime)
		defer cancel()
		h.bus.Publish(ctx, topic, []byte(id))
	})
}

// Deleted tells everybody that a class is gone.
func (h *Hub) Deleted(ctx context.Context, id string) { h.bus.Publish(ctx, changes(id), []byte(id)) }

// Watched is how many classes somebody watches, for the operator.
func (h *Hub) Watched() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.rooms)
}
