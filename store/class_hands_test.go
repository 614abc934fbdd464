package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gradlab/classroom"
)

// A handsClass is a class of three members whose clock a test moves.
type handsClass struct {
	*testing.T
	s       *Store
	c       classroom.Class
	now     time.Time
	members map[string]string // by owner
}

func newHandsClass(t *testing.T, dsn string) *handsClass {
	t.Helper()
	h := &handsClass{T: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), members: map[string]string{}}
	h.s = open(t, dsn, WithClock(func() time.Time { return h.now }))
	h.c = newClass(t, h.s)
	for _, owner := range []string{"anna", "ben", "carl"} {
		h.members[owner] = join(t, h.s, h.c, owner)
	}
	return h
}

func (h *handsClass) hand(owner string, up bool) {
	h.Helper()
	if err := h.s.Hand(h.Context(), h.c.ID, owner, up); err != nil {
		h.Fatal(err)
	}
	h.now = h.now.Add(time.Minute)
}

func (h *handsClass) member(owner string) classroom.Member {
	h.Helper()
	all, err := h.s.Members(h.Context(), h.c.ID)
	if err != nil {
		h.Fatal(err)
	}
	i := slices.IndexFunc(all, func(m classroom.Member) bool { return m.ID == h.members[owner] })
	if i < 0 {
		h.Fatalf("%s is not in the class", owner)
	}
	return all[i]
}

// up wants these hands up, in the order of raising, and no others.
func (h *handsClass) up(owners ...string) {
	h.Helper()
	all, err := h.s.Members(h.Context(), h.c.ID)
	if err != nil {
		h.Fatal(err)
	}
	var got, want []string
	for _, m := range classroom.Raised(all) {
		got = append(got, m.ID)
	}
	for _, owner := range owners {
		want = append(want, h.members[owner])
	}
	if !slices.Equal(got, want) {
		h.Errorf("hands up: %v, want %v of %v", got, want, h.members)
	}
}

// A hand stays up in its place until its student or the teacher puts it down, the class ends, or its student is out.
func TestHands(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		h := newHandsClass(t, dsn)
		h.hand("carl", true)
		h.hand("anna", true)
		since := h.member("carl").HandAt
		h.hand("carl", true) // in another tab
		h.hand("ben", true)
		h.up("carl", "anna", "ben")
		if again := h.member("carl").HandAt; again.IsZero() || !again.Equal(since) {
			t.Errorf("raised again: up since %v, want %v", again, since)
		}
		if m, _, err := h.s.Member(t.Context(), h.c.ID, "carl"); err != nil || !m.HandAt.Equal(since) {
			t.Errorf("a member alone: up since %v, %v; want %v", m.HandAt, err, since)
		}
		if desk, _, err := h.s.Desk(t.Context(), h.c.ID, "carl", ""); err != nil || !desk.HandAt.Equal(since) {
			t.Errorf("on the desk: up since %v, %v; want %v", desk.HandAt, err, since)
		}
		h.hand("anna", false)
		h.hand("anna", false)
		h.up("carl", "ben")
		if err := h.s.LowerHands(t.Context(), h.c.ID, h.members["carl"]); err != nil {
			t.Fatal(err)
		}
		h.up("ben")
		h.hand("anna", true)
		if err := h.s.LowerHands(t.Context(), h.c.ID, ""); err != nil {
			t.Fatal(err)
		}
		h.up()
		if err := h.s.Hand(t.Context(), h.c.ID, "nobody", true); !errors.Is(err, classroom.ErrNone) {
			t.Errorf("of one who is not in the class: %v, want %v", err, classroom.ErrNone)
		}

		h.hand("ben", true)
		h.c = do(t, h.s, h.c, "close")
		h.up()
		if err := h.s.Hand(t.Context(), h.c.ID, "ben", true); !errors.Is(err, classroom.ErrClosed) {
			t.Errorf("in a closed class: %v, want %v", err, classroom.ErrClosed)
		}
		h.hand("ben", false)
		h.c = do(t, h.s, h.c, "reopen")
		h.hand("ben", true)
		h.c = do(t, h.s, h.c, "blank") // which leaves hands alone
		h.up("ben")
		if err := h.s.RemoveMember(t.Context(), h.c.ID, h.members["ben"]); err != nil {
			t.Fatal(err)
		}
		h.up()
		if _, err := h.s.Join(t.Context(), h.c.ID, "ben", classroom.NewMember("Ben")); err != nil {
			t.Fatal(err)
		}
		h.up()
	})
}

// Of two devices that are put together, the hand is up since it was on either.
func TestHandsOfTwoDevices(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		for _, raise := range [][]string{{"anna"}, {"ben"}, {"anna", "ben"}, {"ben", "anna"}, {}} {
			h := newHandsClass(t, dsn)
			since := time.Time{}
			for _, owner := range raise {
				h.hand(owner, true)
			}
			if len(raise) > 0 {
				since = h.member(raise[0]).HandAt
			}
			if err := h.s.MergeMembers(t.Context(), h.c.ID, h.members["anna"], h.members["ben"]); err != nil {
				t.Fatal(err)
			}
			if got := h.member("ben").HandAt; !got.Equal(since) {
				t.Errorf("raised by %v: up since %v, want %v", raise, got, since)
			}
			if err := h.s.DeleteClass(t.Context(), h.c.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// It is known since when a page is closed, also where the server died that had its stream, and who tries something of their own.
func TestWhereMembersAre(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		h := newHandsClass(t, dsn)
		joined := h.now
		if m := h.member("anna"); !m.Here || !m.AwayAt.IsZero() {
			t.Errorf("who has just joined: %+v, want here", m)
		}
		h.now = h.now.Add(time.Hour)
		if err := h.s.Seen(t.Context(), h.c.ID, []string{h.members["anna"]}, []string{h.members["ben"]}); err != nil {
			t.Fatal(err)
		}
		closed := h.now
		h.now = h.now.Add(time.Second)
		if anna, ben, carl := h.member("anna"), h.member("ben"), h.member("carl"); !anna.Here || !anna.AwayAt.IsZero() || ben.Here || !ben.AwayAt.Equal(closed) || carl.Here || !carl.AwayAt.Equal(joined) {
			t.Errorf("%+v, %+v, %+v: want here, away since %v, away since %v", anna, ben, carl, closed, joined)
		}
		branch := func(owner, stop string) error { return h.s.Branch(t.Context(), h.c.ID, owner, stop) }
		if err := branch("anna", "s1"); err != nil {
			t.Fatal(err)
		}
		if m := h.member("anna"); m.Branch != "s1" || !m.BranchedAt.Equal(h.now) || !h.member("ben").BranchedAt.IsZero() {
			t.Errorf("branched off: %+v", m)
		}
		if err := branch("anna", ""); err != nil {
			t.Fatal(err)
		}
		if m := h.member("anna"); m.Branch != "" || !m.BranchedAt.IsZero() {
			t.Errorf("come back: %+v", m)
		}
		if err := branch("nobody", "s1"); !errors.Is(err, classroom.ErrNone) {
			t.Errorf("of one who is not in the class: %v", err)
		}
	})
}
