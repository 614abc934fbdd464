package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
)

// writes are all that adds rows of an owner.
func writes(s *Store, c classroom.Class) map[string]func(ctx context.Context, owner string) error {
	key := answers.Key{Question: "q"}
	return map[string]func(context.Context, string) error{
		"draft": func(ctx context.Context, owner string) error {
			_, err := s.SaveDraft(ctx, owner, key, "text", 0)
			return err
		},
		"submit": func(ctx context.Context, owner string) error {
			_, err := s.Submit(ctx, owner, answers.Key{Question: "r"}, "text", 0)
			return err
		},
		"run":   func(ctx context.Context, owner string) error { return s.AttachRun(ctx, owner, key, "/labs/chain") },
		"ticks": func(ctx context.Context, owner string) error { return s.Tick(ctx, owner, "q", []string{"c"}) },
		"prediction": func(ctx context.Context, owner string) error {
			return s.Predict(ctx, owner, "lesson", map[string]string{"item": "1"})
		},
		"reading": func(ctx context.Context, owner string) error { return s.MarkRead(ctx, owner, "lesson") },
		"membership": func(ctx context.Context, owner string) error {
			_, err := s.Join(ctx, c.ID, owner, classroom.NewMember(""))
			return err
		},
	}
}

// Nothing is kept under the name of who has deleted everything, or has another name: not for as long as something may be on its way.
func TestRetiredNames(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		now := time.Now()
		s := open(t, dsn, WithClock(func() time.Time { return now }))
		c := newClass(t, s)
		try := func(when, owner string, want error) {
			t.Helper()
			for what, write := range writes(s, c) {
				if err := write(t.Context(), owner); !errors.Is(err, want) {
					t.Errorf("%s: %s of %s: %v, want %v", when, what, owner, err, want)
				}
			}
		}
		try("before", "anna", nil)
		try("before", "ben", nil)
		_, deleted := s.DeleteAll(t.Context(), "anna", true)
		_, unknown := s.DeleteAll(t.Context(), "clara", true)
		_, forgetful := s.DeleteAll(t.Context(), "dora", false)
		if err := errors.Join(deleted, unknown, forgetful, s.Rename(t.Context(), "ben", "benjamin")); err != nil {
			t.Fatal(err)
		}
		for _, owner := range []string{"anna", "ben", "clara"} {
			try("afterwards", owner, answers.ErrRetired)
		}
		if known, err := s.Known(t.Context(), "anna"); known || err != nil {
			t.Errorf("something of anna's is kept: %v", err)
		}
		try("afterwards", "benjamin", nil)
		try("afterwards", "dora", nil)
		now = now.Add(retiredFor)
		if err := s.purgeRetired(t.Context()); err != nil {
			t.Fatal(err)
		}
		try("a day later", "anna", nil)
		var left int
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM retired_names").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d names are still retired; %v", left, err)
		}
	})
}

// What is written at the moment of the deletion is deleted with the rest, or refused.
func TestDeletedWhileWriting(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newClass(t, s)
		for n := range 40 {
			owner, start := fmt.Sprint("owner-", n), make(chan struct{})
			var all sync.WaitGroup
			for what, write := range writes(s, c) {
				all.Go(func() {
					<-start
					if err := write(t.Context(), owner); err != nil && !errors.Is(err, answers.ErrRetired) {
						t.Errorf("%s: %v", what, err)
					}
				})
			}
			all.Go(func() {
				<-start
				if _, err := s.DeleteAll(t.Context(), owner, true); err != nil {
					t.Error(err)
				}
			})
			close(start)
			all.Wait()
			known, err := s.Known(t.Context(), owner)
			_, in, memberErr := s.Member(t.Context(), c.ID, owner)
			if known || in || err != nil || memberErr != nil {
				t.Fatalf("%s: kept %v, in the class %v, %v, %v", owner, known, in, err, memberErr)
			}
		}
	})
}
