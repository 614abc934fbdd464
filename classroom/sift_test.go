package classroom

import (
	"errors"
	"strings"
	"testing"
)

// question is a lecture at its question.
func question(t *testing.T) Class {
	t.Helper()
	c, _ := lecture(t)
	return must(t, c, "next", "next", "next")
}

func do(t *testing.T, c Class, a Action) Class {
	t.Helper()
	c, err := c.Do(a, monday)
	if err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
	return c
}

// At most four answers are on the wall. A fifth takes the place of the one that it was said to, and of no other.
func TestFifthPick(t *testing.T) {
	c := question(t)
	for _, m := range []string{"a", "b", "c", "b", "d"} {
		c = do(t, c, Action{Do: "pick", Member: m})
	}
	for _, instead := range []string{"", "z"} {
		var refused *RefusedError
		if got, err := c.Do(Action{Do: "pick", Member: "e", Instead: instead}, monday); !errors.As(err, &refused) || got.Version != c.Version {
			t.Errorf("a fifth instead of %q: %v, version %d after %d", instead, err, got.Version, c.Version)
		}
	}
	if got := do(t, c, Action{Do: "pick", Member: "b", Instead: "a"}); got.Version != c.Version {
		t.Errorf("one that is there was picked again: %v", got.Shown().Picked)
	}
	next := do(t, c, Action{Do: "pick", Member: "e", Instead: "b"})
	if got := strings.Join(next.Shown().Picked, ""); got != "acde" {
		t.Errorf("picked %q, want acde", got)
	}
	if got := strings.Join(c.Shown().Picked, ""); got != "abcd" {
		t.Errorf("the class before has %q now", got)
	}
	next = do(t, do(t, next, Action{Do: "remove", Member: "c"}), Action{Do: "pick", Member: "f", Instead: "a"})
	if got := strings.Join(next.Shown().Picked, ""); got != "adef" {
		t.Errorf("where there is room, picked %q, want adef", got)
	}
}

// What is folded away is off the wall, until it is brought back or says something else.
func TestFold(t *testing.T) {
	c := question(t)
	stop := c.Shown().ID
	for _, m := range []string{"a", "b"} {
		c = do(t, c, Action{Do: "pick", Member: m})
	}
	a, z := Answer{Stop: stop, Member: "a", Revision: 2}, Answer{Stop: stop, Member: "z", Revision: 1}
	folded := do(t, c, Action{Do: "fold", Member: "z", Answers: []Answer{a, z}})
	if s := folded.Shown(); !s.Folded(a) || !s.Folded(z) || strings.Join(s.Picked, "") != "b" || folded.Version != c.Version+1 {
		t.Errorf("folded: %v, picked %v", s.Hidden, s.Picked)
	}
	if again := do(t, folded, Action{Do: "fold", Member: "z", Answers: []Answer{a, z}}); again.Version != folded.Version {
		t.Error("folding the same again made another version")
	}
	changed := a
	changed.Revision++
	if folded.Shown().Folded(changed) || c.Shown().Folded(a) {
		t.Error("another text, or the class before, is folded, too")
	}
	back := do(t, folded, Action{Do: "unfold", Member: "a", Answers: []Answer{a, z}})
	if s := back.Shown(); s.Folded(a) || s.Folded(z) || strings.Join(s.Picked, "") != "b" {
		t.Errorf("brought back: %v, picked %v", s.Hidden, s.Picked)
	}
	var refused *RefusedError
	if _, err := c.Do(Action{Do: "fold", Member: "a"}, monday); !errors.As(err, &refused) {
		t.Errorf("folding what is no longer there: %v", err)
	}
	if left := folded.Repicked("a", ""); left.Shown().Folded(a) || !left.Shown().Folded(z) || left.Version != folded.Version+1 || !folded.Shown().Folded(a) {
		t.Errorf("after a has left: %v, version %d after %d", left.Shown().Hidden, left.Version, folded.Version)
	}
	if s := folded.Shown().Fresh(); s.Hidden != nil {
		t.Error("a fresh stop has folded answers")
	}
}
