package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"gradlab/classroom"
)

// Of one student on two devices, all that they handed in is together after a merge: no word of an answer or of a comment is lost, and
// of two votes of one round the later counts.
func TestMergeMembersLosesNoText(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		phone, laptop := join(t, s, c, "phone"), join(t, s, c, "laptop")
		answer := func(owner, stop, text string) {
			t.Helper()
			if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, owner, classroom.Answer{Stop: stop, Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		guess := func(owner, stop string, value float64) {
			t.Helper()
			if err := s.SaveGuess(t.Context(), c.ID, c.Version, owner, classroom.Guess{Stop: stop, Round: 1, Value: value}); err != nil {
				t.Fatal(err)
			}
		}
		mark := func(member, stop, comment string) {
			t.Helper()
			if _, err := s.SaveMark(t.Context(), c.ID, classroom.Mark{Stop: stop, Member: member, Hundredths: 100, Comment: comment}); err != nil {
				t.Fatal(err)
			}
		}
		answer("laptop", "both", "on the laptop")
		answer("phone", "both", "on the phone")
		answer("phone", "one", "the phone alone")
		mark(phone, "both", "well said")
		mark(laptop, "both", "and why?")
		mark(phone, "one", "good")
		guess("laptop", "p", 1)
		guess("phone", "q", 3)
		if err := s.MergeMembers(t.Context(), c.ID, phone, laptop); err != nil {
			t.Fatal(err)
		}
		desk, found, err := s.Desk(t.Context(), c.ID, "laptop", "q")
		if err != nil || !found || len(desk.Answers) != 2 || desk.Guesses[0].Value != 3 {
			t.Fatalf("the laptop’s desk: %+v, %v, %v", desk, found, err)
		}
		all := fmt.Sprint(desk.Answers)
		marks, err := s.MemberMarks(t.Context(), c.ID, laptop)
		if err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprint(marks)
		for _, text := range []string{"on the laptop", "on the phone", "the phone alone", "well said", "and why?", "good"} {
			if !strings.Contains(all, text) {
				t.Errorf("%q is lost: %s", text, all)
			}
		}
		if _, found, err := s.Member(t.Context(), c.ID, "phone"); found || err != nil {
			t.Errorf("the phone is in the class still: %v", err)
		}
		if left, found, err := s.RemovedFrom(t.Context(), c.ID, "phone"); err != nil || !found || !left.Merged || len(left.Texts) != 0 {
			t.Errorf("left to the phone: %+v, %v, %v", left, found, err)
		}
		if err := s.MergeMembers(t.Context(), c.ID, laptop, phone); !errors.Is(err, classroom.ErrNone) {
			t.Errorf("merged into one who is gone: %v", err)
		}
		if _, found, _ := s.Member(t.Context(), c.ID, "laptop"); !found {
			t.Error("a merge that failed took the laptop out")
		}
	})
}

// A text whose saving was acknowledged is there after its writer was taken out, whenever that was; nothing is taken after it.
func TestRemoveMemberWhileTheStudentWrites(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for range 5 {
			c := newClass(t, s)
			m := join(t, s, c, "anna")
			var kept []string
			var wg sync.WaitGroup
			started := make(chan struct{})
			wg.Go(func() {
				for n := 0; ; n++ {
					text := fmt.Sprint("text ", n)
					_, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", classroom.Answer{Stop: fmt.Sprint(n), Text: text})
					if n == 0 {
						close(started)
					}
					if err != nil {
						return
					}
					kept = append(kept, text)
				}
			})
			<-started
			if err := s.RemoveMember(t.Context(), c.ID, m); err != nil {
				t.Fatal(err)
			}
			wg.Wait()
			left, found, err := s.RemovedFrom(t.Context(), c.ID, "anna")
			if err != nil || !found || len(left.Texts) != len(kept) {
				t.Fatalf("%d texts were acknowledged, %d are left (%v, %v)", len(kept), len(left.Texts), found, err)
			}
			if people, err := s.Members(t.Context(), c.ID); err != nil || len(people) != 0 {
				t.Errorf("in the class still: %v, %v", people, err)
			}
			if all, err := s.Everything(t.Context(), "anna"); err != nil || !strings.Contains(fmt.Sprint(all["class_removed"]), "text 0") {
				t.Errorf("what one takes along: %v, %v", all["class_removed"], err)
			}
			if _, err := s.DeleteAll(t.Context(), "anna", false); err != nil {
				t.Fatal(err)
			}
			if _, found, _ := s.RemovedFrom(t.Context(), c.ID, "anna"); found {
				t.Error("it is there after the student has deleted everything")
			}
		}
	})
}
