package plan

import (
	"testing"

	"gradlab/classroom"
	"gradlab/handlers/labs"
	"gradlab/lessons"
)

func newDesk(t testing.TB) Desk {
	t.Helper()
	all := labs.All()
	library, err := lessons.Embedded(all.Lessons())
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Labs: all, Library: library}
}

// What a teacher makes up is refused where nothing could compute its truth.
func TestTruthsThatNothingComputes(t *testing.T) {
	s := newDesk(t)
	for _, stop := range []classroom.Stop{
		{Form: classroom.Number, Truth: classroom.Truth{Lab: "chain", Path: "secrets"}, Path: "/labs/chain"},
		{Form: classroom.Number, Truth: classroom.Truth{Lab: "chain", Path: "loss"}, Path: "/labs/train"},
		{Form: classroom.Choice, Truth: classroom.Truth{Lab: "chain", Path: "loss"}, Path: "/labs/chain"},
		{Form: classroom.Number, Truth: classroom.Truth{Lab: "chain", Path: "loss", Lower: true}, Path: "/labs/chain"},
		{Form: classroom.Number, Truth: classroom.Truth{Lesson: "the-chain", Predict: "x"}, Path: "/labs/chain"},
	} {
		if s.check(stop) == "" {
			t.Errorf("%+v was accepted", stop)
		}
	}
	if said := s.check(classroom.Stop{Form: classroom.Power, Truth: classroom.Truth{Lab: "chain", Path: "grad_w[0]"}, Path: "/labs/chain?depth=3"}); said != "" {
		t.Errorf("a good one was refused: %s", said)
	}
}
