package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gradlab/classroom"
)

// newClass stores a class with a prediction shown and a question after it.
func newClass(t *testing.T, s *Store) classroom.Class {
	t.Helper()
	given := 0.25
	c, _, err := classroom.Open("Deep nets", []classroom.Stop{
		{Kind: classroom.Predict, Title: "How much?", Form: classroom.Number, Given: &given},
		{Kind: classroom.Ask, Title: "Why?"},
	}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateClass(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

func do(t *testing.T, s *Store, c classroom.Class, action string) classroom.Class {
	t.Helper()
	next, err := c.Do(classroom.Action{Do: action}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UpdateClass(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	return next
}

// join makes a visitor a member and returns the member's id.
func join(t *testing.T, s *Store, c classroom.Class, owner string) string {
	t.Helper()
	m, err := s.Join(t.Context(), c.ID, owner, classroom.NewMember(""))
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// classRows counts the rows of classes, and of members, guesses, answers, marks and submissions.
func classRows(t *testing.T, s *Store) (counts []int) {
	t.Helper()
	for _, table := range []string{"classes", "class_members", "class_guesses", "class_answers", "class_marks", "class_submissions"} {
		var n int
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, n)
	}
	return counts
}

func TestClassIsKeptWhole(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		c = do(t, s, c, "lock")
		c = do(t, s, c, "bigger")
		c = do(t, s, c, "eyes")
		c = do(t, s, c, "close")
		c = do(t, s, c, "release")
		for name, read := range map[string]func() (classroom.Class, error){
			"by code": func() (classroom.Class, error) { return s.ClassByCode(t.Context(), c.Code) },
			"by id":   func() (classroom.Class, error) { return s.ClassByID(t.Context(), c.ID) },
		} {
			got, err := read()
			if err != nil || !reflect.DeepEqual(got, c) {
				t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c)
			}
		}
		if err := s.UpdateClass(t.Context(), c); !errors.Is(err, classroom.ErrStale) {
			t.Errorf("the same version again: %v, want %v", err, classroom.ErrStale)
		}
		if _, err := s.ClassByCode(t.Context(), "NOTHERE"); !errors.Is(err, classroom.ErrNone) {
			t.Errorf("no such class: %v, want %v", err, classroom.ErrNone)
		}
	})
}

func TestJoinOnceAndLeave(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c, other := newClass(t, s), newClass(t, s)
		first, err := s.Join(t.Context(), c.ID, "anna", classroom.NewMember("Anna"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.Join(t.Context(), c.ID, "anna", classroom.NewMember("A."))
		if err != nil || again.ID != first.ID || again.Nickname != "A." {
			t.Errorf("joining again: %+v, %v; want member %s with the new name", again, err, first.ID)
		}
		if _, found, err := s.Member(t.Context(), other.ID, "anna"); found || err != nil {
			t.Errorf("member of another class: %v, %v", found, err)
		}
		if err := s.SaveGuess(t.Context(), c.ID, c.Version, "anna", classroom.Guess{Stop: c.Plan[0].ID, Round: 1, Value: 1}); err != nil {
			t.Fatal(err)
		}
		if n, err := s.ClassCount(t.Context(), c.ID, c.Plan[0].ID, 1); err != nil || n != (classroom.Count{Members: 1, Here: 1, Asked: 1, Guesses: 1}) {
			t.Errorf("counts %+v, %v", n, err)
		}
		// Who has predicted and is gone, and who is there and has not, are two of whom one has predicted.
		now := s.now
		later := now().Add(2 * classroom.Presence)
		s.now = func() time.Time { return later }
		if _, err := s.Join(t.Context(), c.ID, "ben", classroom.NewMember("B.")); err != nil {
			t.Fatal(err)
		}
		if n, err := s.ClassCount(t.Context(), c.ID, c.Plan[0].ID, 1); err != nil || n != (classroom.Count{Members: 2, Here: 1, Asked: 2, Guesses: 1}) {
			t.Errorf("counts of two %+v, %v", n, err)
		}
		if n, err := s.ClassCount(t.Context(), c.ID, c.Plan[0].ID, 2); err != nil || n != (classroom.Count{Members: 2, Here: 1, Asked: 1}) {
			t.Errorf("counts of the second vote %+v, %v", n, err)
		}
		s.now = now
		if err := s.Leave(t.Context(), c.ID, "ben"); err != nil {
			t.Fatal(err)
		}
		if err := s.Leave(t.Context(), c.ID, "anna"); err != nil {
			t.Fatal(err)
		}
		if n, err := s.ClassCount(t.Context(), c.ID, c.Plan[0].ID, 1); err != nil || n != (classroom.Count{}) {
			t.Errorf("after leaving: counts %+v, %v", n, err)
		}
	})
}

func TestClassTakesNoMoreThanItMay(t *testing.T) {
	s := open(t, t.TempDir()+"/a.db")
	c := newClass(t, s)
	for i := range classroom.MaxStudents {
		if _, err := s.write.ExecContext(t.Context(), "INSERT INTO class_members (class, owner, member, nickname, joined_at, seen_at) VALUES ($1, $2, $2, '', 0, 0)", c.ID, fmt.Sprint("v", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Join(t.Context(), c.ID, "late", classroom.NewMember("")); !errors.Is(err, classroom.ErrFull) {
		t.Errorf("one too many: %v, want %v", err, classroom.ErrFull)
	}
	if _, err := s.Join(t.Context(), c.ID, "v1", classroom.NewMember("Ben")); err != nil {
		t.Errorf("one who is in: %v", err)
	}
}

// A guess that was under way while the teacher locked is not taken.
func TestGuessAfterTheLock(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		stop := c.Plan[0].ID
		join(t, s, c, "anna")
		for _, value := range []float64{1, -2.5e-300} {
			if err := s.SaveGuess(t.Context(), c.ID, c.Version, "anna", classroom.Guess{Stop: stop, Round: 1, Value: value}); err != nil {
				t.Fatal(err)
			}
		}
		locked := do(t, s, c, "lock")
		if err := s.SaveGuess(t.Context(), c.ID, c.Version, "anna", classroom.Guess{Stop: stop, Round: 1, Value: 3}); !errors.Is(err, classroom.ErrStale) {
			t.Errorf("after the lock: %v, want %v", err, classroom.ErrStale)
		}
		again := do(t, s, locked, "again")
		if err := s.SaveGuess(t.Context(), c.ID, again.Version, "anna", classroom.Guess{Stop: stop, Round: 2, Value: 7, Confidence: classroom.MostSure}); err != nil {
			t.Fatal(err)
		}
		if n, err := s.ClassCount(t.Context(), c.ID, stop, 2); err != nil || n.Guesses != 1 {
			t.Errorf("counts of the second vote: %+v, %v", n, err)
		}
		all, err := s.Guesses(t.Context(), c.ID, stop)
		if got, _, _ := s.Desk(t.Context(), c.ID, "anna", stop); err != nil || len(all) != 2 || got.Guesses[1] != all[1] || all[1].Confidence != classroom.MostSure || all[1].Value != 7 {
			t.Errorf("both votes: %+v, %v; on her page %+v", all, err, got.Guesses)
		}
		if got, _, err := s.Desk(t.Context(), c.ID, "anna", stop); err != nil || got.Guesses[0].Round != 1 || got.Guesses[0].Value != -2.5e-300 {
			t.Errorf("kept %+v, %v; want −2.5·10⁻³⁰⁰", got, err)
		}
	})
}

func TestClassAnswersAndMarks(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		stop := c.Plan[1].ID
		member := join(t, s, c, "anna")
		save := func(version int64, text string, base int64) (classroom.Answer, error) {
			return s.SaveClassAnswer(t.Context(), c.ID, version, "anna", classroom.Answer{Stop: stop, Text: text, Run: "/labs/chain", Revision: base})
		}
		a, err := save(c.Version, "one", 0)
		if err != nil || a.Revision != 1 {
			t.Fatalf("first: %+v, %v", a, err)
		}
		if a, err = save(c.Version, "one", 0); err != nil || a.Revision != 1 {
			t.Errorf("the same again: %+v, %v; want revision 1", a, err)
		}
		if a, err = save(c.Version, "two", 1); err != nil || a.Revision != 2 {
			t.Errorf("second: %+v, %v", a, err)
		}
		if a, err = save(c.Version, "three", 1); !errors.Is(err, classroom.ErrStale) || a.Text != "two" {
			t.Errorf("from an older tab: %+v, %v; want %v with the stored text", a, err, classroom.ErrStale)
		}
		c = do(t, s, c, "bigger")
		if _, err = save(c.Version-1, "four", 2); !errors.Is(err, classroom.ErrLocked) {
			t.Errorf("at an older version of the class: %v, want %v", err, classroom.ErrLocked)
		}

		mark := classroom.Mark{Stop: stop, Member: member, Hundredths: 150, Concepts: []string{"a", "b"}, Comment: "Good."}
		m, err := s.SaveMark(t.Context(), c.ID, mark)
		if err != nil || m.Revision != 1 || m.Hundredths != 150 || len(m.Concepts) != 2 {
			t.Errorf("mark: %+v, %v", m, err)
		}
		mark.Comment = "Very good."
		if m, err = s.SaveMark(t.Context(), c.ID, mark); !errors.Is(err, classroom.ErrStale) || m.Comment != "Good." {
			t.Errorf("mark from an older tab: %+v, %v", m, err)
		}
		mark.Member = "nobody"
		if _, err = s.SaveMark(t.Context(), c.ID, mark); !errors.Is(err, classroom.ErrNone) {
			t.Errorf("mark for no answer: %v, want %v", err, classroom.ErrNone)
		}
		if marks, err := s.MemberMarks(t.Context(), c.ID, member); err != nil || len(marks) != 1 {
			t.Errorf("marks of the member: %+v, %v", marks, err)
		}
	})
}

// Deleting a class deletes its rows in every table, and those of no other class.
func TestDeleteAndPurge(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		fill := func() classroom.Class {
			c := newClass(t, s)
			member := join(t, s, c, "anna")
			err := s.SaveGuess(t.Context(), c.ID, c.Version, "anna", classroom.Guess{Stop: c.Plan[0].ID, Round: 1, Value: 1})
			if err == nil {
				_, err = s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", classroom.Answer{Stop: c.Plan[1].ID, Text: "x"})
			}
			if err == nil {
				err = s.SaveSubmission(t.Context(), c.ID, c.Version, "anna", classroom.Submission{Stop: c.Plan[0].ID, Run: "/labs/train"})
			}
			if err == nil {
				_, err = s.SaveMark(t.Context(), c.ID, classroom.Mark{Stop: c.Plan[1].ID, Member: member})
			}
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		rows := func() []int { return classRows(t, s) }
		first, _ := fill(), fill()
		if got := rows(); !reflect.DeepEqual(got, []int{2, 2, 2, 2, 2, 2}) {
			t.Fatalf("rows before: %v", got)
		}
		if err := s.DeleteClass(t.Context(), first.ID); err != nil {
			t.Fatal(err)
		}
		if got := rows(); !reflect.DeepEqual(got, []int{1, 1, 1, 1, 1, 1}) {
			t.Errorf("rows after deleting one: %v", got)
		}
	})
}

// Whoever opens as many classes as there may be shuts nobody out for long: the classes that nobody has joined make room, after a
// while, those first with which their teachers did the least.
func TestClassesThatNobodyJoinedMakeRoom(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		joined, prepared := newClass(t, s), newClass(t, s)
		join(t, s, joined, "anna")
		prepared = do(t, s, prepared, "lock")
		tx, err := s.write.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		now = now.Add(time.Second)
		for i := range classroom.MaxClasses - 2 {
			if _, err := tx.ExecContext(t.Context(), `INSERT INTO classes (id, code, title, key_hash, state, version, opened_at, expires_at)
				VALUES ($1, $1, 'x', 'k', '{}', 1, $2, $3)`, fmt.Sprint("stranger ", i), now.UnixMilli()+int64(i), now.AddDate(1, 0, 0).UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		late, _, err := classroom.Open("Deep nets", joined.Plan[:1], now)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.CreateClass(t.Context(), late); !errors.Is(err, classroom.ErrFull) {
			t.Errorf("one class too many: %v, want %v", err, classroom.ErrFull)
		}
		now = now.Add(classroom.Unjoined + time.Second)
		if err := s.CreateClass(t.Context(), late); err != nil {
			t.Errorf("after %v: %v", classroom.Unjoined, err)
		}
		for name, want := range map[string]bool{joined.ID: true, prepared.ID: true, late.ID: true, "stranger 0": false, "stranger 1": true} {
			var n int
			if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM classes WHERE id = $1", name).Scan(&n); err != nil || (n == 1) != want {
				t.Errorf("class %s is kept: %v, %v; want %v", name, n == 1, err, want)
			}
		}
	})
}

// Who was seen lately is there; who has closed the page, or was not heard of for long, is not.
func TestSeen(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		c := newClass(t, s)
		var members []string
		for _, owner := range []string{"anna", "ben", "carl"} {
			members = append(members, join(t, s, c, owner))
		}
		there := func(want int) {
			t.Helper()
			n, err := s.ClassCount(t.Context(), c.ID, "", 1)
			if err != nil || n.Members != 3 || n.Here != want {
				t.Errorf("%+v, %v; want %d of 3 there", n, err, want)
			}
		}
		there(3)
		now = now.Add(classroom.Presence)
		there(0)
		if err := s.Seen(t.Context(), c.ID, members, nil); err != nil {
			t.Fatal(err)
		}
		there(3)
		if err := s.Seen(t.Context(), c.ID, members[:1], members[1:]); err != nil {
			t.Fatal(err)
		}
		there(1)
		if err := s.Seen(t.Context(), "gone", members, nil); err != nil {
			t.Errorf("of a class that is gone: %v", err)
		}
	})
}
