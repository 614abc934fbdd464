package classroom

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Raised are the members whose hands are up, in the order in which they were raised.
func Raised(members []Member) []Member {
	up := slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return m.HandAt.IsZero() })
	slices.SortStableFunc(up, func(a, b Member) int {
		if order := a.HandAt.Compare(b.HandAt); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return up
}

// Raised says whether a member's hand is up; known is false before it was looked.
func (s Sight) Raised(member string) (up, known bool) { return s.raised[member], s.raised != nil }

// Hands tells, in a moment, those who follow a class that hands were raised or lowered, and the teacher's devices.
func (h *Hub) Hands(id string) {
	h.soon(hands(id), id)
	h.Arrived(id)
}

func (h *Hub) lookForHands(ctx context.Context, r *room, id string) {
	if members, err := h.rows.Members(ctx, id); err == nil { // else the next look finds them
		r.raise(members)
	}
}

// raise keeps whose hands are up, and wakes everybody to look whether theirs is, where that has changed.
func (r *room) raise(members []Member) {
	up := map[string]bool{}
	for _, m := range Raised(members) {
		up[m.ID] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.raised != nil && maps.Equal(r.raised, up) {
		return
	}
	r.raised = up
	close(r.stirred)
	r.stirred = make(chan struct{})
}
