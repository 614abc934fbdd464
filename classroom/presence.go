package classroom

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Of says whose page watches: the member is in the class for as long.
func (w *Watcher) Of(member string) {
	w.member = member
	r := w.room
	r.mu.Lock()
	defer r.mu.Unlock()
	r.here[member]++
	w.hub.note(r, member, true)
}

// leave ends the presence of a watcher's member, unless another page of theirs is open.
func (w *Watcher) leave() {
	if w.member == "" {
		return
	}
	r := w.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.here[w.member]--; r.here[w.member] == 0 {
		delete(r.here, w.member)
		w.hub.note(r, w.member, false)
	}
}

// Saw notes that a member without a stream has looked at the class, where somebody watches it.
func (h *Hub) Saw(class, member string) {
	h.mu.Lock()
	r := h.rooms[class]
	h.mu.Unlock()
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h.note(r, member, true)
}

// note has it stored, in a moment, together with what else happens until then, that a member came or went. The room is locked.
func (h *Hub) note(r *room, member string, here bool) {
	delete(r.came, member)
	delete(r.went, member)
	if here {
		r.came[member] = true
	} else {
		r.went[member] = true
	}
	if r.noting {
		return
	}
	r.noting = true
	time.AfterFunc(10*gatherTime, func() {
		r.mu.Lock()
		came, went := slices.Collect(maps.Keys(r.came)), slices.Collect(maps.Keys(r.went))
		r.came, r.went, r.noting = map[string]bool{}, map[string]bool{}, false
		id := r.class.ID
		r.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), tellTime)
		defer cancel()
		if h.rows.Seen(ctx, id, came, went) == nil { // else the next beat has it
			h.Arrived(id)
		}
	})
}

// present are the members whose pages are open in this process.
func (r *room) present() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.here))
}
