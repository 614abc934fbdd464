package store

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"

	"gradlab/classroom"
)

// What comes in while a class is being deleted goes with it: no row is left that belongs to nothing, and whoever comes too
// late is told so.
func TestDeleteClassWhileAnswersComeIn(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for range 5 {
			c := newClass(t, s)
			const students = 4
			for i := range students {
				join(t, s, c, fmt.Sprint(i))
			}
			var wg sync.WaitGroup
			first := make(chan struct{}, students)
			for i := range students {
				wg.Go(func() {
					owner := fmt.Sprint(i)
					for n := int64(0); ; n++ {
						_, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, owner, classroom.Answer{Stop: fmt.Sprint(n), Text: "x"})
						if err == nil {
							err = s.SaveGuess(t.Context(), c.ID, c.Version, owner, classroom.Guess{Stop: fmt.Sprint(n), Round: 1, Value: 1})
						}
						if n == 0 {
							first <- struct{}{}
						}
						if err != nil {
							if !errors.Is(err, classroom.ErrLocked) && !errors.Is(err, classroom.ErrStale) {
								t.Errorf("too late: %v", err)
							}
							return
						}
					}
				})
			}
			for range students {
				<-first
			}
			if err := s.DeleteClass(t.Context(), c.ID); err != nil {
				t.Error(err)
			}
			wg.Wait()
			if got := classRows(t, s); !reflect.DeepEqual(got, []int{0, 0, 0, 0, 0, 0}) {
				t.Fatalf("rows of a class that was deleted: %v", got)
			}
			if _, err := s.Join(t.Context(), c.ID, "late", classroom.NewMember("")); !errors.Is(err, classroom.ErrNone) {
				t.Errorf("joining a deleted class: %v, want %v", err, classroom.ErrNone)
			}
		}
	})
}

// A student who leaves in one tab hands in nothing in another.
func TestLeaveWhileAnswersComeIn(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		join(t, s, c, "anna")
		done := make(chan error)
		go func() {
			for n := 0; ; n++ {
				if err := s.SaveGuess(t.Context(), c.ID, c.Version, "anna", classroom.Guess{Stop: fmt.Sprint(n), Round: 1, Value: 1}); err != nil {
					done <- err
					return
				}
			}
		}()
		if err := s.Leave(t.Context(), c.ID, "anna"); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, classroom.ErrStale) {
			t.Errorf("after leaving: %v, want %v", err, classroom.ErrStale)
		}
		if got := classRows(t, s); !reflect.DeepEqual(got, []int{1, 0, 0, 0, 0, 0}) {
			t.Errorf("rows after leaving: %v", got)
		}
	})
}

// Tables of the version before keep their rows when they are brought up to date, except those whose class is gone.
func TestForeignKeysComeToFullTables(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		filled(t, dsn, 5,
			`INSERT INTO classes (id, code, title, key_hash, state, version, opened_at, expires_at) VALUES ('c', 'C', 'x', 'k', '{}', 1, 0, 0)`,
			`INSERT INTO class_members VALUES ('c', 'anna', 'm', 'Anna', 0), ('gone', 'ben', 'n', 'Ben', 0)`,
			`INSERT INTO class_guesses VALUES ('c', 's', 'm', 0.1, 0), ('gone', 's', 'n', 0.2, 0)`,
			`INSERT INTO class_answers VALUES ('c', 's', 'm', 'text', '', 3, 0), ('c', 's', 'left', 'text', '', 1, 0)`,
			`INSERT INTO class_marks VALUES ('c', 's', 'm', 150, 'a b', 'Good.', 2, 0), ('c', 't', 'm', 150, '', '', 2, 0)`,
		)
		s := open(t, dsn)
		if got := classRows(t, s); !reflect.DeepEqual(got, []int{1, 1, 1, 1, 1, 0}) {
			t.Errorf("rows afterwards: %v, want one of each", got)
		}
		d, _, err := s.Desk(t.Context(), "c", "anna", "s")
		if err != nil || d.Nickname != "Anna" || d.Guesses[0].Value != 0.1 || len(d.Answers) != 1 || d.Answers[0].Revision != 3 {
			t.Errorf("what Anna handed in: %+v, %v", d, err)
		}
		marks, err := s.Marks(t.Context(), "c")
		if err != nil || len(marks) != 1 || marks[0].Comment != "Good." || marks[0].Hundredths != 150 {
			t.Errorf("her mark: %+v, %v", marks, err)
		}
	})
}

// filled makes a database of an older version and fills it by statements.
func filled(t *testing.T, dsn string, version int64, statements ...string) {
	t.Helper()
	engine, err := engineOf(dsn)
	if err != nil {
		t.Fatal(err)
	}
	write, read, err := engine.connect()
	if err != nil {
		t.Fatal(err)
	}
	provider, err := newProvider(engine, write.DB)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil && !errors.Is(err, goose.ErrNoNextVersion) {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := write.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	if err := errors.Join(write.Close(), read.Close()); err != nil {
		t.Fatal(err)
	}
}
