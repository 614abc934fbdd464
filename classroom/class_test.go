package classroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// lecture is a class with a stop of each kind.
func lecture(t interface{ Fatal(...any) }) (Class, string) {
	given := 1.0
	c, key, err := Open("Deep nets", []Stop{
		{Kind: Show, Title: "The chain", Path: "/labs/chain", Notes: "say hello"},
		{Kind: Predict, Title: "Layer 1’s gradient?", Form: Power, Path: "/labs/chain?depth=20", Truth: Truth{Lab: "chain", Path: "grad_w[0]"}, Notes: "it is −13"},
		{Kind: Predict, Title: "Which is lower?", Form: Choice, Choices: []string{"plain", "residual"}, Given: &given},
		{Kind: Ask, Title: "Why?", Question: "vanishing-gradient", Path: "/labs/chain"},
	}, monday)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// must does actions one after another.
func must(t *testing.T, c Class, actions ...string) Class {
	t.Helper()
	for _, do := range actions {
		next, err := c.Do(Action{Do: do}, monday)
		if err != nil {
			t.Fatalf("%s: %v", do, err)
		}
		c = next
	}
	return c
}

func TestPredictLockRunReveal(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next")
	if p := c.Public(monday); p.Phase != Asked || p.Path != "" {
		t.Errorf("asked: phase %q, path %q; want no path, which would show the truth", p.Phase, p.Path)
	}
	if err := c.Accepts(c.Shown(), monday); err != nil {
		t.Errorf("asked: %v, want guesses accepted", err)
	}
	if _, err := c.Do(Action{Do: "show", Path: "/labs/chain?depth=20"}, monday); err == nil {
		t.Error("the lab of a prediction was shown before it was locked")
	}
	c = must(t, c, "lock")
	if late := monday.Add(graceTime + time.Second); c.Takes(c.Shown(), monday) || c.Accepts(c.Shown(), late) != ErrLocked {
		t.Errorf("locked: asked for %v, after the grace %v, want %v", c.Takes(c.Shown(), monday), c.Accepts(c.Shown(), late), ErrLocked)
	}
	if p := c.Public(monday); p.Path != "" || c.Shown().TruthShown() {
		t.Errorf("locked: path %q, truth shown %v", p.Path, c.Shown().TruthShown())
	}
	c = must(t, c, "run")
	if p := c.Public(monday); p.Path == "" || p.Runs != 1 || p.Phase != Ran {
		t.Errorf("running: %+v", p)
	}
	if _, err := c.Do(Action{Do: "unlock"}, monday); err == nil {
		t.Error("guesses were allowed again after the run")
	}
	c = must(t, c, "reveal")
	if !c.Shown().TruthShown() {
		t.Error("revealed: the truth is not shown")
	}
	c = must(t, c, "next", "previous")
	if c.Shown().Phase != Revealed {
		t.Errorf("coming back: phase %q, want revealed", c.Shown().Phase)
	}
}

// Running straight from the question locks it: whoever sees the run could copy from it.
func TestRunLocks(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next", "run")
	if err := c.Accepts(c.Shown(), monday); err != ErrLocked {
		t.Errorf("got %v, want %v", err, ErrLocked)
	}
}

// Whatever a teacher does, the path of a prediction is public only when no guess is taken any more, the place stays within
// the plan, and versions only grow.
func TestNothingLeaksProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := lecture(t)
		for range rapid.IntRange(1, 40).Draw(t, "actions") {
			a := Action{Do: rapid.SampledFrom(Actions).Draw(t, "do"), Path: "/labs/train", Member: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "member")}
			if rapid.Bool().Draw(t, "named") {
				a.Stop = rapid.SampledFrom(c.Plan).Draw(t, "stop").ID
			}
			before := fmt.Sprintf("%+v", c)
			next, err := c.Do(a, monday)
			if after := fmt.Sprintf("%+v", c); after != before {
				t.Fatalf("%+v changed the class it was given", a)
			}
			if err != nil {
				var refused *RefusedError
				if !errors.As(err, &refused) {
					t.Fatalf("%+v: %v, want a refusal", a, err)
				}
				continue
			}
			if next.Version < c.Version || next.Version > c.Version+1 {
				t.Fatalf("%+v: version %d after %d", a, next.Version, c.Version)
			}
			c = next
			p := c.Public(monday)
			if p.Kind == Predict && p.Path != "" && c.Accepts(c.Shown(), monday) == nil {
				t.Fatalf("after %+v the lab is shown while guesses are taken", a)
			}
			if shown := fmt.Sprintf("%+v", p); strings.Contains(shown, "grad_w") || strings.Contains(shown, "hello") || strings.Contains(shown, c.KeyHash) {
				t.Fatalf("the public part holds what is the teacher's: %s", shown)
			}
		}
	})
}

// A clicker's one button goes through a lecture: no press passes over a lock, a run or a reveal.
func TestAdvance(t *testing.T) {
	c, _ := lecture(t)
	var way []string
	step := func(do string) {
		t.Helper()
		next, err := c.Do(Action{Do: do, Stop: c.Shown().ID, Phase: c.Shown().Phase, Round: c.Shown().Round()}, monday)
		if err != nil {
			t.Fatal(err)
		}
		c = next
		way = append(way, fmt.Sprint(c.Current, " ", c.Shown().Phase, " ", c.Shown().Round()))
	}
	for range 8 {
		step("advance")
	}
	if got, want := strings.Join(way, ", "), "1 asked 1, 1 locked 1, 1 discuss 1, 1 asked 2, 1 locked 2, 1 ran 2, 1 revealed 2, 2 asked 1"; got != want {
		t.Errorf("eight presses: %s, want %s", got, want)
	}
	way = nil
	for range 4 {
		step("retreat")
	}
	if got, want := strings.Join(way, ", "), "1 revealed 2, 1 ran 2, 0  1, 0  1"; got != want {
		t.Errorf("back: %s, want %s; what was run was seen", got, want)
	}
	c, way = must(t, c, "next", "next"), nil
	for range 4 {
		step("advance")
	}
	for range 5 {
		step("retreat")
	}
	if got, want := strings.Join(way, ", "), "2 locked 1, 2 discuss 1, 2 asked 2, 2 locked 2, 2 asked 2, 2 discuss 1, 2 locked 1, 2 asked 1, 1 ran 2"; got != want {
		t.Errorf("there and back: %s, want %s", got, want)
	}
	c = must(t, c, "next", "next")
	before := c
	for _, late := range []Action{{Do: "advance", Stop: c.Plan[1].ID}, {Do: "advance", Stop: c.Shown().ID, Phase: Locked}, {Do: "advance", Stop: c.Shown().ID, Phase: Asked, Round: 2}} {
		if c, _ = c.Do(late, monday); c.Version != before.Version {
			t.Errorf("%+v, from a device that has not heard, moved the class", late)
		}
	}
}

// The server locks when the time is up, whoever is still there; what had been typed by then comes in for a moment more.
func TestCollect(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next", "next", "next", "timer")
	s, after := c.Shown(), func(d time.Duration) time.Time { return monday.Add(d) }
	if !s.Closes.Equal(after(Collecting)) || c.Public(monday).Closes != s.Closes {
		t.Fatalf("it closes at %v, want in %v", s.Closes, Collecting)
	}
	for _, test := range []struct {
		at      time.Duration
		takes   bool
		accepts error
	}{
		{0, true, nil}, {Collecting - 1, true, nil}, {Collecting, false, nil}, {Collecting + graceTime, false, nil}, {Collecting + graceTime + 1, false, ErrLocked},
	} {
		now := after(test.at)
		for _, c := range []Class{c, c.Settled(now)} { // before and after the class is written
			s, _, _ := c.Stop(s.ID)
			if takes, err := c.Takes(s, now), c.Accepts(s, now); takes != test.takes || err != test.accepts {
				t.Errorf("after %v, %s: takes %v, accepts %v; want %v, %v", test.at, s.Phase, takes, err, test.takes, test.accepts)
			}
		}
	}
	if again, err := c.Do(Action{Do: "timer"}, after(time.Second)); err != nil || again.Version != c.Version {
		t.Errorf("a second press gives until %v, %v", again.Shown().Closes, err)
	}
	if next, found := c.Next(monday); !found || !next.Equal(s.Closes) {
		t.Errorf("the next change is at %v (%v), want %v", next, found, s.Closes)
	}
	if got := c.Settled(after(Collecting)); got.Shown().Phase != Locked || got.Version != c.Version+1 || got.Settled(after(time.Hour)).Version != got.Version {
		t.Errorf("settled: %+v", got.Shown())
	}
	open := must(t, c, "unlock")
	if got := open.Settled(after(time.Minute)); !got.Takes(got.Shown(), after(time.Minute)) {
		t.Error("a collection that was called off locks all the same")
	}
	locked := must(t, c, "lock")
	if s := locked.Shown(); s.Phase != Locked || !s.LockedAt.Equal(monday) || !s.Closes.IsZero() {
		t.Errorf("locked before the time is up: %+v", s)
	}
}

func TestNextFromAnotherDevice(t *testing.T) {
	c, _ := lecture(t)
	first := c.Shown().ID
	c, _ = c.Do(Action{Do: "next", Stop: first}, monday)
	again, err := c.Do(Action{Do: "next", Stop: first}, monday)
	if err != nil || again.Current != 1 || again.Version != c.Version {
		t.Errorf("a late press moved to %d (version %d after %d, %v), want 1", again.Current, again.Version, c.Version, err)
	}
}

func TestPlan(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next")
	shown := c.Shown().ID
	c, err := c.Insert(Stop{Kind: Show, Title: "First", Path: "/about"}, 0)
	if err != nil || c.Shown().ID != shown {
		t.Errorf("a stop before the shown one: %v, shown is %q", err, c.Shown().Title)
	}
	if _, err := c.Drop(shown); err == nil {
		t.Error("the shown stop was dropped")
	}
	if c, err = c.Drop(c.Plan[0].ID); err != nil || c.Shown().ID != shown {
		t.Errorf("dropping the first: %v, shown is %q", err, c.Shown().Title)
	}
	for _, s := range []Stop{
		{}, {Kind: Show, Title: "x"}, {Kind: Show, Title: "x", Path: "//evil.example"}, {Kind: Show, Title: "x", Path: "http://evil.example"},
		{Kind: Show, Title: strings.Repeat("x", MaxTitle+1), Path: "/"}, {Kind: Predict, Title: "x"}, {Kind: Predict, Title: "x", Form: Choice, Choices: []string{"one", " "}},
		{Kind: Predict, Title: "x", Form: Number, Truth: Truth{Lab: "chain", Path: "loss"}}, {Kind: Ask, Title: "a\x00b"}, {Kind: "dance", Title: "x"},
	} {
		if _, err := c.Insert(s, 0); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}

func TestEndsAndExpires(t *testing.T) {
	c, _ := lecture(t)
	if c.Ended(monday.Add(3*time.Hour)) || !c.Ended(monday.Add(13*time.Hour)) {
		t.Error("a class ends after a day, and not after a lecture")
	}
	closed := must(t, c, "close")
	if !closed.Ended(monday) || closed.Takes(c.Shown(), monday) || !errors.Is(closed.Accepts(c.Shown(), monday.Add(time.Minute)), ErrClosed) {
		t.Error("a closed class goes on")
	}
	if again := must(t, closed, "reopen"); again.Ended(monday) {
		t.Error("a reopened class is closed")
	}
}

func TestKeysAndCodes(t *testing.T) {
	c, key := lecture(t)
	other, otherKey := lecture(t)
	if !c.Holds(key) || c.Holds(otherKey) || c.Holds("") || c.Holds(c.KeyHash) || other.Holds(key) {
		t.Error("a key opens another class than its own, or not its own")
	}
	for text, want := range map[string]bool{
		c.Code: true, strings.ToLower(c.Code): true, SpellCode(c.Code): true, " " + c.Code[:2] + " " + c.Code[2:]: true,
		"": false, c.Code + "A": false, "OOOOOOO": false, strings.Repeat("A", 1000): false, "ÄÄÄÄÄÄÄ": false,
	} {
		got, ok := ParseCode(text)
		if ok != want || ok && got != c.Code {
			t.Errorf("%q: got %q, %v", text, got, ok)
		}
	}
	seen := map[string]bool{}
	for range 2000 {
		seen[NewCode(codeLength)] = true
	}
	if len(seen) < 1999 {
		t.Errorf("2000 codes, %d different", len(seen))
	}
}

// A clock that jumps ahead ends a class, and nothing more: set right, it goes on where it was. One that jumps back ends nothing.
func TestClockJumps(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next")
	hub := func(now time.Time) *Hub {
		return NewHub(&memoryRows{by: map[string]Class{c.ID: c}}, &Memory{}, func() time.Time { return now })
	}
	for _, test := range []struct {
		by    time.Duration
		want  error // of a guess
		found error // of the class
	}{
		{-10 * 365 * 24 * time.Hour, nil, nil},
		{-time.Hour, nil, nil},
		{LastsTime + time.Minute, ErrClosed, nil},
		{KeptTime + time.Second, ErrClosed, ErrNone},
		{0, nil, nil},
	} {
		now := monday.Add(test.by)
		if err := c.Accepts(c.Shown(), now); err != test.want {
			t.Errorf("by %v: a guess gives %v, want %v", test.by, err, test.want)
		}
		if _, err := hub(now).Class(t.Context(), c.Code, -1); !errors.Is(err, test.found) {
			t.Errorf("by %v: the class gives %v, want %v", test.by, err, test.found)
		}
		next, err := c.Do(Action{Do: "lock"}, now)
		if err != nil || next.Version != c.Version+1 {
			t.Errorf("by %v: locking gives version %d, %v; want one more, whatever the time", test.by, next.Version, err)
		}
	}
}

// What is made up on the spot is shown in the order in which it was made up, after the stop that is on stage; what is shown at once comes
// before the rest.
func TestAddKeepsTheOrder(t *testing.T) {
	c, _, err := Open("x", []Stop{{Kind: Ask, Title: "first"}, {Kind: Ask, Title: "last"}}, time.Now())
	add := func(title string) {
		if err == nil {
			c, err = c.Add(Stop{Kind: Ask, Title: title})
		}
	}
	add("a")
	add("b")
	add("c")
	c.Current = 1
	add("after a")
	c.Current = 0
	add("d")
	var titles []string
	for _, s := range c.Plan {
		titles = append(titles, s.Title)
	}
	if want := []string{"first", "a", "after a", "b", "c", "d", "last"}; err != nil || !slices.Equal(titles, want) {
		t.Errorf("got %q, %v; want %q", titles, err, want)
	}
}

// A stop may be a text, or a picture, and nothing else; without any of it there is nothing to show.
func TestTextIsEnoughToShow(t *testing.T) {
	for _, test := range []struct {
		stop  Stop
		field string
	}{
		{Stop{Text: "So far."}, ""},
		{Stop{Picture: "p"}, ""},
		{Stop{}, "path"},
		{Stop{Text: strings.Repeat("x", MaxText+1)}, "text"},
		{Stop{Text: "x", Alt: strings.Repeat("x", MaxTitle+1)}, "alt"},
	} {
		test.stop.Kind, test.stop.Title = Show, "x"
		_, err := test.stop.Checked()
		var refused *RefusedError
		if errors.As(err, &refused); (refused == nil) != (test.field == "") || refused != nil && refused.Field != test.field {
			t.Errorf("%.40v: %v", test.stop, err)
		}
	}
}
