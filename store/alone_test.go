package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"

	"gradlab/answers"
)

// small makes a server's store with a small reserve.
func small(size int64) Option { return func(s *Store) { s.alone = size } }

// Two servers do not share a file; the commands that are for a file in use work beside one.
func TestSecondServerIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	first, err := Open(t.Context(), path, small(4096))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, small(4096)); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "another Gradient Lab server") {
		t.Errorf("a second server: %v, want %v", err, ErrHeld)
	}
	copied := path + ".copy"
	if err := Backup(t.Context(), path, copied); err != nil {
		t.Errorf("a backup beside a server: %v", err)
	}
	if err := Restore(t.Context(), path, copied); err != nil {
		t.Errorf("a restoration beside a server: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), path, small(4096))
	if err != nil {
		t.Fatalf("after the first has stopped: %v", err)
	}
	second.Close()
}

// A database with a damaged page opens, and is not ready.
func TestDamagedDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	for _, owner := range []string{"anna", "ben", "clara"} {
		if _, err := s.SaveDraft(t.Context(), owner, answers.Key{Question: "q"}, strings.Repeat(owner, 3000), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Open(t.Context(), path, small(4096))
	if err != nil || whole.Ping(t.Context()) != nil {
		t.Fatalf("undamaged: %v, %v", err, whole.Ping(t.Context()))
	}
	whole.Close()
	found := false
	for page := 4096; page+4096 <= len(content) && !found; page += 4096 { // some page of the answers, not of what Open reads
		damaged := append([]byte{}, content...)
		copy(damaged[page:], strings.Repeat("\xa5", 200))
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, small(4096))
		if err != nil {
			if !errors.Is(err, ErrNotADatabase) {
				t.Errorf("page at %d: %v, want %v", page, err, ErrNotADatabase)
			}
			continue
		}
		if err := s.Ping(t.Context()); errors.Is(err, ErrNotADatabase) {
			found = true
		} else if err != nil {
			t.Errorf("page at %d: ping: %v", page, err)
		}
		s.Close()
	}
	if !found {
		t.Error("a damaged database is ready")
	}
}

// Those who write while another process holds the file are all told within one time of waiting, not one after the other.
func TestWritersGiveUpTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, other := open(t, path), open(t, path)
	s.write.wait = time.Second
	tx, err := other.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const writers = 20
	// One after the other they would take twenty seconds: those that are not told when the context ends fail with its error.
	ctx, cancel := context.WithTimeout(t.Context(), writers*s.write.wait/2)
	defer cancel()
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			var err error
			if i%2 == 0 {
				_, err = s.SaveDraft(ctx, "anna", answers.Key{Question: "q"}, "text", 0)
			} else {
				err = s.MarkRead(ctx, "anna", "lesson")
			}
			if !errors.Is(err, ErrBusy) {
				t.Errorf("writer %d: %v, want %v", i, err, ErrBusy)
			}
		})
	}
	wg.Wait()
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func init() { // in SQL, whether there is a file
	sqlite.MustRegisterScalarFunction("file_exists", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		_, err := os.Stat(args[0].(string))
		return err == nil, nil
	})
}

// On a full disk, which the engine is made to report for as long as the reserve is there, everything of a visitor and a class
// can be deleted, and the reserve is taken back.
func TestDeletionTakesTheReserve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path, small(4096))
	c := newClass(t, s)
	join(t, s, c, "ben")
	if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); err != nil {
		t.Fatal(err)
	}
	reserve := path + "-reserve"
	full := " WHEN file_exists('" + strings.ReplaceAll(reserve, "'", "''") + "') BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END"
	for _, statement := range []string{
		"CREATE TABLE ballast (bytes BLOB)",
		"CREATE TRIGGER full_answers BEFORE DELETE ON answers" + full,
		"CREATE TRIGGER full_classes BEFORE DELETE ON classes" + full,
		"PRAGMA max_page_count = 1", // the engine takes the present size where that is more
	} {
		if _, err := s.write.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.deleteRows(t.Context(), "delete", "DELETE FROM answers"); !errors.Is(err, ErrFull) {
		t.Fatalf("without the reserve: %v, want %v", err, ErrFull)
	}
	for what, deletion := range map[string]func() error{
		"everything of a visitor": func() error { _, err := s.DeleteAll(t.Context(), "anna", true); return err },
		"a class":                 func() error { return s.DeleteClass(t.Context(), c.ID) },
	} {
		before, err := os.Stat(reserve)
		if err != nil {
			t.Fatal(err)
		}
		if err := deletion(); err != nil {
			t.Errorf("delete %s: %v", what, err)
		}
		if after, err := os.Stat(reserve); err != nil || after.Size() != 4096 || after.ModTime().Equal(before.ModTime()) {
			t.Errorf("the reserve after %s was deleted: %v, %v", what, after, err)
		}
	}
	if got, err := s.Answers(t.Context(), "anna"); err != nil || len(got) != 0 {
		t.Errorf("afterwards: %d answers, %v", len(got), err)
	}
	if _, err := s.ClassByCode(t.Context(), c.Code); err == nil {
		t.Error("afterwards the class is there")
	}
}

// On a disk that is full to the last byte nothing can be saved, but everything of a visitor and a class can be deleted, and
// what that frees can be used.
func TestDeletionOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if runtime.GOOS != "linux" || exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir).Run() != nil {
		t.Skip("this user may not mount a small disk; TestDeletionTakesTheReserve has the same everywhere, by the engine's word")
	}
	defer exec.Command("umount", "-l", dir).Run()
	path := filepath.Join(dir, "a.db")
	s := open(t, path, small(2<<20))
	c := newClass(t, s)
	join(t, s, c, "ben")
	text := strings.Repeat("x", answers.MaxCharacters)
	for i := range 20 {
		if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: strings.Repeat("q", i+1)}, text, 0); err != nil {
			t.Fatal(err)
		}
	}
	fill, err := os.Create(filepath.Join(dir, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	fill.Close()
	for i := 0; ; i++ { // the write-ahead log may have room of its own
		if _, err = s.SaveDraft(t.Context(), "clara", answers.Key{Question: strings.Repeat("q", i+1)}, text, 0); err != nil || i > 150 {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("a draft: %v, want %v", err, ErrFull)
	}
	if _, err := s.DeleteAll(t.Context(), "anna", true); err != nil {
		t.Errorf("delete everything of a visitor: %v", err)
	}
	if got, err := s.Answers(t.Context(), "anna"); err != nil || len(got) != 0 {
		t.Errorf("afterwards: %d answers, %v", len(got), err)
	}
	if _, err := s.SaveDraft(t.Context(), "dora", answers.Key{Question: "q"}, text, 0); err != nil {
		t.Errorf("a draft in the room that was freed: %v", err)
	}
	if err := s.DeleteClass(t.Context(), c.ID); err != nil {
		t.Errorf("delete a class: %v", err)
	}
}

// A backup has its name only when it is whole, and leaves nothing behind where it was broken off.
func TestBackupAppearsWhole(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "a.db"), filepath.Join(dir, "copies", "copy.db")
	if err := os.Mkdir(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	for i := range 50 {
		if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: strings.Repeat("q", i+1)}, strings.Repeat("x", answers.MaxCharacters), 0); err != nil {
			t.Fatal(err)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Backup(stopped, path, to); err == nil {
		t.Error("a backup that was broken off: no error")
	}
	left, err := os.ReadDir(filepath.Dir(to))
	if err != nil || len(left) != 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
	done := make(chan error, 1)
	go func() { done <- Backup(t.Context(), path, to) }()
	for {
		if _, err := os.Stat(to); err == nil {
			if err := checkBackup(t.Context(), to); err != nil {
				t.Errorf("it has its name and is not whole: %v", err)
			}
			break
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if left, err = os.ReadDir(filepath.Dir(to)); err != nil || len(left) != 1 {
		t.Errorf("beside the backup: %v, %v", left, err)
	}
	err = Backup(t.Context(), path, to)
	if !errors.Is(err, fs.ErrExist) || errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second backup: %v", err)
	}
}
