package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/classroom"
)

// The engine is made to refuse growing its file, which it reports as it reports a full disk.
func TestFullDisk(t *testing.T) {
	s, key := open(t, filepath.Join(t.TempDir(), "a.db")), answers.Key{Question: "q"}
	if _, err := s.SaveDraft(t.Context(), "anna", key, "short", 0); err != nil {
		t.Fatal(err)
	}
	setPragma(t, s, "max_page_count = 1") // the engine takes the present size where that is more
	text := strings.Repeat("x", answers.MaxCharacters)
	_, err := s.SaveDraft(t.Context(), "anna", key, text, 1)
	if !errors.Is(err, ErrFull) {
		t.Errorf("got %v, want %v", err, ErrFull)
	}
	if a, err := s.Answer(t.Context(), "anna", key); err != nil || a.Text != "short" || a.Revision != 1 {
		t.Errorf("after the refusal: got %+v, %v, want the short draft", a, err)
	}
	setPragma(t, s, "max_page_count = 100000")
	if _, err := s.SaveDraft(t.Context(), "anna", key, text, 1); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "a.db"))
	setPragma(t, s, "query_only = 1")
	_, err := s.Submit(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0)
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("Submit: got %v, want %v", err, ErrReadOnly)
	}
	if _, err := s.DeleteAll(t.Context(), "anna", true); !errors.Is(err, ErrReadOnly) {
		t.Errorf("DeleteAll: got %v, want %v", err, ErrReadOnly)
	}
}

func TestReadOnlyFile(t *testing.T) {
	if os.Geteuid() <= 0 { // root, or Windows, which has no such ids
		t.Skip("permission bits do not bind this user")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	open(t, path).Close()
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path)
	if err == nil {
		defer s.Close()
		_, err = s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0)
	}
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v, want %v", err, ErrReadOnly)
	}
}

func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, other := open(t, path), open(t, path)
	s.write.wait = 300 * time.Millisecond
	tx, err := other.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); !errors.Is(err, ErrBusy) {
		t.Errorf("while another process writes: got %v, want %v", err, ErrBusy)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestCancelledWriteChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.SaveDraft(ctx, "anna", answers.Key{Question: "q"}, "text", 0); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
		if _, err := s.Answer(t.Context(), "anna", answers.Key{Question: "q"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
	})
}

func setPragma(t *testing.T, s *Store, pragma string) {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
		t.Fatal(err)
	}
}

// What a class hands in while the disk is full is refused as such, and nothing that was kept is lost.
func TestFullDiskInClass(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "a.db"))
	c := newClass(t, s)
	join(t, s, c, "anna")
	stop := c.Plan[1].ID
	if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", classroom.Answer{Stop: stop, Text: "short"}); err != nil {
		t.Fatal(err)
	}
	setPragma(t, s, "max_page_count = 1")
	long := classroom.Answer{Stop: stop, Text: strings.Repeat("x", answers.MaxCharacters), Revision: 1}
	if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", long); !errors.Is(err, ErrFull) {
		t.Errorf("an answer: got %v, want %v", err, ErrFull)
	}
	if d, _, err := s.Desk(t.Context(), c.ID, "anna", ""); err != nil || len(d.Answers) != 1 || d.Answers[0].Text != "short" {
		t.Errorf("after the refusal: got %+v, %v, want the short answer", d, err)
	}
	setPragma(t, s, "max_page_count = 100000")
	if a, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, "anna", long); err != nil || a.Revision != 2 {
		t.Errorf("with room again: %+v, %v", a, err)
	}
}
