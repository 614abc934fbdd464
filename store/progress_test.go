package store

import (
	"errors"
	"strings"
	"testing"
)

func TestProgress(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		ctx := t.Context()
		p, err := s.Progress(ctx, "anna")
		if err != nil || len(p.Read) != 0 || len(p.Guesses) != 0 {
			t.Errorf("an unknown owner: got %+v, %v, want nothing", p, err)
		}
		for _, err := range []error{
			s.Predict(ctx, "anna", "chain", map[string]string{"size": "-6"}),
			s.Predict(ctx, "anna", "chain", map[string]string{"size": "-13"}), // after the truth was shown
			s.Predict(ctx, "anna", "chain", map[string]string{"sign": ""}),
			s.Predict(ctx, "ben", "chain", map[string]string{"size": "2"}),
			s.MarkRead(ctx, "anna", "noise"),
			s.MarkRead(ctx, "anna", "noise"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		p, err = s.Progress(ctx, "anna")
		if err != nil || p.Guesses["chain"]["size"] != "-6" || len(p.Guesses["chain"]) != 2 || len(p.Read) != 1 || p.Read["noise"].IsZero() {
			t.Errorf("got %+v, %v, want the first guess, one passed over, and noise read", p, err)
		}
		if _, err := s.DeleteAll(ctx, "anna", true); err != nil {
			t.Error(err)
		}
		if p, err := s.Progress(ctx, "anna"); err != nil || len(p.Read)+len(p.Guesses) != 0 {
			t.Errorf("after the deletion: got %+v, %v, want nothing", p, err)
		}
		if p, err := s.Progress(ctx, "ben"); err != nil || p.Guesses["chain"]["size"] != "2" {
			t.Errorf("ben's: got %+v, %v, want his guess", p, err)
		}
	})
}

func TestRefusedProgress(t *testing.T) {
	s := open(t, t.TempDir()+"/a.db")
	for name, err := range map[string]error{
		"no item":      s.Predict(t.Context(), "anna", "chain", map[string]string{"": "1"}),
		"long guess":   s.Predict(t.Context(), "anna", "chain", map[string]string{"size": strings.Repeat("1", maxGuess+1)}),
		"NUL in guess": s.Predict(t.Context(), "anna", "chain", map[string]string{"size": "1\x00"}),
		"one of two":   s.Predict(t.Context(), "anna", "chain", map[string]string{"size": "1", "sign": "1\x00"}),
		"no owner":     s.MarkRead(t.Context(), "", "chain"),
		"no lesson":    s.MarkRead(t.Context(), "anna", ""),
	} {
		if !errors.Is(err, ErrName) {
			t.Errorf("%s: got %v, want ErrName", name, err)
		}
	}
}

// A form is handed in whole: where one of its answers cannot be kept, none is.
func TestPredictKeepsAllOrNone(t *testing.T) {
	s := open(t, t.TempDir()+"/a.db")
	if _, err := s.write.ExecContext(t.Context(), `CREATE TRIGGER refuse BEFORE INSERT ON progress WHEN NEW.item = 'second'
		BEGIN SELECT RAISE(ABORT, 'refused'); END`); err != nil {
		t.Fatal(err)
	}
	if err := s.Predict(t.Context(), "anna", "form", map[string]string{"first": "1", "second": "2", "third": "3"}); err == nil {
		t.Error("nothing was said of the answer that was refused")
	}
	if p, err := s.Progress(t.Context(), "anna"); err != nil || len(p.Guesses) != 0 {
		t.Errorf("got %v, %v, want nothing", p.Guesses, err)
	}
}
