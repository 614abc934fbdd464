package store

import (
	"errors"
	"strings"
	"testing"

	"gradlab/answers"
)

func TestAttached(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		then, now := answers.Key{Question: "then-and-now", Part: "then"}, answers.Key{Question: "then-and-now", Part: "now"}
		for _, step := range []error{
			s.AttachRun(t.Context(), "anna", then, "/labs/chain?depth=3"),
			s.AttachRun(t.Context(), "anna", then, "/labs/chain?depth=4"),
			s.AttachRun(t.Context(), "anna", now, "/labs/train"),
			s.AttachRun(t.Context(), "anna", now, ""),
			s.AttachRun(t.Context(), "ben", now, "/labs/train"),
			s.Tick(t.Context(), "anna", "residual-fit", []string{"a", "b", "a"}),
			s.Tick(t.Context(), "anna", "residual-fit", []string{"b", "c"}),
		} {
			if step != nil {
				t.Fatal(step)
			}
		}
		a, err := s.Attached(t.Context(), "anna")
		if err != nil || len(a.Runs) != 1 || a.Runs[then] != "/labs/chain?depth=4" {
			t.Errorf("runs are %v, %v, want the newest of one answer", a.Runs, err)
		}
		if ticks := a.Ticks["residual-fit"]; len(ticks) != 2 || !ticks["b"] || !ticks["c"] {
			t.Errorf("ticks are %v, want b and c", a.Ticks)
		}
		if _, err := s.DeleteAll(t.Context(), "anna", true); err != nil {
			t.Fatal(err)
		}
		if a, err := s.Attached(t.Context(), "anna"); err != nil || len(a.Runs)+len(a.Ticks) != 0 {
			t.Errorf("after the deletion: %+v, %v", a, err)
		}
		if a, err := s.Attached(t.Context(), "ben"); err != nil || a.Runs[now] != "/labs/train" {
			t.Errorf("ben's runs: %+v, %v", a, err)
		}
	})
}

func TestAttachedIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		if err := s.AttachRun(t.Context(), "anna", answers.Key{Question: "q"}, strings.Repeat("x", answers.MaxRun+1)); !errors.Is(err, ErrName) {
			t.Errorf("a run of %d bytes: %v, want ErrName", answers.MaxRun+1, err)
		}
		if err := s.Tick(t.Context(), "anna", "q", []string{"a\x00b"}); !errors.Is(err, ErrName) {
			t.Errorf("a concept with NUL: %v, want ErrName", err)
		}
	})
}
