package classroom

import (
	"math"
	"testing"
	"time"
)

// The gain of a talk is that of those who gave both votes: who gave one, or a second one that the teacher took back, does not count.
func TestTalked(t *testing.T) {
	guess := func(member string, round int, value float64) Guess {
		return Guess{Member: member, Round: round, Value: value}
	}
	votes := []Guess{guess("a", 1, 0), guess("a", 2, 1), guess("b", 1, 1), guess("b", 2, 1), guess("c", 1, 1), guess("c", 2, 0), guess("d", 1, 1), guess("e", 2, 1)}
	if got := (Stop{Form: Choice, Again: true}).Talked(votes, 1, 0); got != (Talked{Twice: 3, Before: 2, After: 2}) {
		t.Errorf("got %+v", got)
	}
	if got := (Stop{Form: Choice}).Talked(votes, 1, 0); got != (Talked{}) {
		t.Errorf("of a second vote that was taken back: %+v", got)
	}
}

// The best run is the one nearest to the goal; one that diverged, or is not computed, is none.
func TestBest(t *testing.T) {
	runs := []Submission{{Run: "not computed", Value: -9}, {Run: "diverged", Scored: true, Value: math.NaN()}, {Run: "high", Scored: true, Value: 3}, {Run: "low", Scored: true, Value: 0.5}}
	for goal, want := range map[Goal]string{LowestLoss: "low", LargestGradient: "high"} {
		if best, found := (Stop{Goal: goal}).Best(runs); !found || best.Run != want {
			t.Errorf("%s: %q, %v; want %q", goal, best.Run, found, want)
		}
	}
	if best, found := (Stop{Goal: LowestLoss}).Best(runs[:2]); found {
		t.Errorf("of none: %q", best.Run)
	}
}

// A member was there where the page was open or something was handed in, from joining at the latest; who has left counts nowhere.
func TestStays(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 2, 9, minute, 0, 0, time.UTC) }
	c := Class{Plan: []Stop{{ID: "one", Kind: Show}, {ID: "two", Kind: Ask}, {ID: "three", Kind: Show}}, Current: 1}
	stays := c.Stays([]Member{{ID: "anna", JoinedAt: at(1)}, {ID: "ben", JoinedAt: at(2)}}, []Attendance{{"anna", "one", at(1), at(5)}, {"gone", "three", at(0), at(9)}},
		Handed{Answers: []Answer{{Stop: "two", Member: "ben", UpdatedAt: at(7)}}})
	anna, ben := stays["anna"], stays["ben"]
	if !anna.First.Equal(at(1)) || !anna.Last.Equal(at(5)) || anna.There(c.Plan) != 1 || !ben.Last.Equal(at(7)) || !ben.At["two"] || len(stays) != 2 {
		t.Errorf("Anna %+v, Ben %+v of %d", anna, ben, len(stays))
	}
	for i, want := range []bool{true, true, false} {
		if c.Seen(c.Plan[i], stays) != want {
			t.Errorf("stop %d was shown: %v", i+1, !want)
		}
	}
}

// Points are told of how many there are to have where that is known of every mark, and none are taken away that were given.
func TestMostPoints(t *testing.T) {
	c := Class{Plan: []Stop{{ID: "one", Kind: Ask, Phase: Locked}, {ID: "two", Kind: Ask, Phase: Locked}, {ID: "later", Kind: Ask}, {ID: "look", Kind: Show}}}
	marks := []Mark{{Stop: "one", Member: "anna", Hundredths: 750}, {Stop: "two", Member: "anna", Hundredths: -1}}
	for _, bad := range []struct{ stop, typed string }{{"one", "7"}, {"one", "many"}, {"look", "7"}, {"none", "7"}} {
		if _, err := c.Worth(bad.stop, bad.typed, marks); err == nil {
			t.Errorf("%q for %s was taken", bad.typed, bad.stop)
		}
	}
	if sum, any := c.Summed(marks); !any || sum != (Sum{750, 0}) {
		t.Errorf("of an unknown most: %+v, %v", sum, any)
	}
	c, err := c.Worth("one", "10", marks)
	if err == nil {
		c, err = c.Worth("two", "5,5", marks)
	}
	if err == nil {
		c, err = c.Worth("later", "100", marks)
	}
	if err != nil || c.Version != 3 {
		t.Fatalf("version %d, %v", c.Version, err)
	}
	if sum, any := c.Summed(marks); !any || sum != (Sum{750, 1550}) {
		t.Errorf("of all that was asked: %+v, %v", sum, any)
	}
	if _, any := c.Summed(marks[1:]); any {
		t.Error("a mark without points has some")
	}
	if err := c.Plan[0].Fits(Mark{Hundredths: 1001}); err == nil {
		t.Error("more points than there are fit")
	}
	if same, err := c.Worth("one", "10", marks); err != nil || same.Version != c.Version {
		t.Errorf("the same again: %v", err)
	}
	if none, err := c.Worth("one", "", marks); err != nil || none.Plan[0].Most != 0 || c.Plan[0].Most != 1000 {
		t.Errorf("taken away: %+v, %v", none.Plan[0], err)
	}
}
