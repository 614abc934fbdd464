package classroom

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Names are never the same, and the first who has one keeps it.
func TestNames(t *testing.T) {
	for _, test := range []struct{ nicknames, want []string }{
		{[]string{"Anna", "Ben", "Anna", "", "Anna"}, []string{"Anna", "Ben", "Anna (2)", "Student 4", "Anna (3)"}},
		{[]string{"Anna (2)", "Anna", "Anna"}, []string{"Anna (2)", "Anna", "Anna (3)"}},
		{[]string{"", "Student 1"}, []string{"Student 1", "Student 1 (2)"}},
	} {
		var members []Member
		for i, nickname := range test.nicknames {
			members = append(members, Member{ID: fmt.Sprint(i), Nickname: nickname})
		}
		names := Names(members)
		for i, want := range test.want {
			if got := names[fmt.Sprint(i)]; got != want {
				t.Errorf("%q: %d is called %q, want %q", test.nicknames, i, got, want)
			}
		}
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var members []Member
		for i := range 12 {
			members = append(members, Member{ID: fmt.Sprint(i), Nickname: []string{"", "A", "A (2)", "A (3)", "A (2) (2)", "Student 3"}[draw.IntN(6)]})
		}
		seen := map[string]bool{}
		for _, name := range Names(members) {
			if seen[name] {
				t.Fatalf("two are called %q of %v", name, members)
			}
			seen[name] = true
		}
	}
}

// A roll has everybody, also who handed in nothing; what is of one who left, or of no stop of the plan, is in nobody's row.
func TestCall(t *testing.T) {
	c := Class{Plan: []Stop{{ID: "show", Kind: Show}, {ID: "p", Kind: Predict}, {ID: "q", Kind: Ask}, {ID: "e", Kind: Explore}}}
	roll := c.Call([]Member{{ID: "a", Nickname: "Anna"}, {ID: "b"}}, Handed{
		Guesses:     []Guess{{Stop: "p", Member: "a", Round: 1, Value: 2}, {Stop: "p", Member: "a", Round: 2, Value: 3}, {Stop: "p", Member: "gone", Round: 1}},
		Answers:     []Answer{{Stop: "q", Member: "a", Text: "So.", Revision: 1}, {Stop: "dropped", Member: "b", Revision: 1}},
		Submissions: []Submission{{Stop: "e", Member: "a"}, {Stop: "e", Member: "a"}},
		Marks:       []Mark{{Stop: "q", Member: "a", Hundredths: 150}},
	})
	if len(roll.Stops) != 3 || len(roll.Rows) != 2 {
		t.Fatalf("%d stops and %d rows, want 3 and 2", len(roll.Stops), len(roll.Rows))
	}
	anna, other := roll.Rows[0], roll.Rows[1]
	if p := anna.Cells[0]; p.Guesses[0].Value != 2 || p.Guesses[1].Value != 3 || !p.In() {
		t.Errorf("the votes are %+v", p.Guesses)
	}
	if q := anna.Cells[1]; q.Answer.Text != "So." || !q.Marked || q.Mark.Hundredths != 150 {
		t.Errorf("the answer is %+v", q)
	}
	if anna.Cells[2].Runs != 2 || anna.Attended() != 3 {
		t.Errorf("%d runs, %d stops attended, want 2 and 3", anna.Cells[2].Runs, anna.Attended())
	}
	if other.Name != "Student 2" || other.Attended() != 0 {
		t.Errorf("the other is %q and attended %d, want Student 2 and 0", other.Name, other.Attended())
	}
}
