package store

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gradlab/answers"
	"gradlab/store/pgtest"
)

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "a.db"), filepath.Join(dir, "copy 1?#%.db")
	s, key := open(t, path), answers.Key{Question: "q"}
	before, err := s.Submit(t.Context(), "anna", key, "before", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := Backup(t.Context(), path, copied); err != nil { // while s uses the file
		t.Fatal(err)
	}
	if info, err := os.Stat(copied); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: got %v, %v, want mode 600", info.Mode(), err)
	}
	if err := Backup(t.Context(), path, copied); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second backup to the same file: got %v, want %v", err, fs.ErrExist)
	}
	if _, err := s.SaveDraft(t.Context(), "anna", key, "after", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveDraft(t.Context(), "ben", key, strings.Repeat("long ", 4000), 0); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(dir, "new", "b.db")
	if err := Restore(t.Context(), elsewhere, copied); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Store{"the store that was in use": s, "a new one": open(t, elsewhere)} {
		if a, err := s.Answer(t.Context(), "anna", key); err != nil || a != before {
			t.Errorf("%s: got %+v, %v, want %+v", name, a, err, before)
		}
		if others, err := s.Answers(t.Context(), "ben"); err != nil || len(others) != 0 {
			t.Errorf("%s: ben has %v, %v, want nothing", name, others, err)
		}
		if _, err := s.SaveDraft(t.Context(), "anna", key, "goes on", 1); err != nil {
			t.Errorf("%s: write after the restoration: %v", name, err)
		}
		var mode string
		if err := s.write.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("%s: journal mode %q, %v, want wal", name, mode, err)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	dir := t.TempDir()
	path, text := filepath.Join(dir, "a.db"), filepath.Join(dir, "notes.txt")
	s := open(t, path)
	if _, err := s.Submit(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte(strings.Repeat("These are notes.\n", 99)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), path, text); !errors.Is(err, ErrNotADatabase) {
		t.Errorf("Restore from a text: got %v, want %v", err, ErrNotADatabase)
	}
	if err := Restore(t.Context(), path, filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Restore from nothing: got %v, want %v", err, fs.ErrNotExist)
	}
	if err := Backup(t.Context(), filepath.Join(dir, "none"), filepath.Join(dir, "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Backup of nothing: got %v, want %v", err, fs.ErrNotExist)
	}
	if err := Backup(t.Context(), "postgres://anna:secret@db/x", filepath.Join(dir, "b")); !errors.Is(err, ErrPostgresBackup) {
		t.Errorf("Backup of PostgreSQL: got %v, want %v", err, ErrPostgresBackup)
	}
	if got, err := s.Answers(t.Context(), "anna"); err != nil || len(got) != 1 {
		t.Errorf("after the refusals: got %v, %v, want anna's answer", got, err)
	}
}

// The commands of docs/operations.md, as they stand there.
func TestDumpAndRestorePostgres(t *testing.T) {
	server := pgtest.New(t)
	dsn, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, key, dump := open(t, dsn), answers.Key{Question: "q"}, filepath.Join(t.TempDir(), "gradlab.dump")
	before, err := s.Submit(t.Context(), "anna", key, "∂L/∂w", 0)
	if err != nil {
		t.Fatal(err)
	}
	command := func(program string, args ...string) {
		t.Helper()
		if out, err := exec.Command(server.Program(program), args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", program, err, out)
		}
	}
	command("pg_dump", "--format=custom", "--file="+dump, dsn)
	if _, err := s.SaveDraft(t.Context(), "anna", key, "after", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveDraft(t.Context(), "ben", key, "after", 0); err != nil {
		t.Fatal(err)
	}
	elsewhere, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{dsn, elsewhere} {
		command("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname="+to, dump)
		s := open(t, to)
		if a, err := s.Answer(t.Context(), "anna", key); err != nil || a != before {
			t.Errorf("got %+v, %v, want %+v", a, err, before)
		}
		if others, err := s.Answers(t.Context(), "ben"); err != nil || len(others) != 0 {
			t.Errorf("ben has %v, %v, want nothing", others, err)
		}
	}
	for range 3 { // on each of the connections that the store may have
		if a, err := s.SaveDraft(t.Context(), "anna", key, "goes on", 1); err != nil || a.Revision != 2 {
			t.Errorf("a store that was open all the time: got %+v, %v, want revision 2", a, err)
		}
	}
}

// What compose.yaml runs beside the database: a backup, the drill that restores it, and what is too old.
func TestBackupSidecar(t *testing.T) {
	server := pgtest.New(t)
	dsn, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, backups := open(t, dsn), t.TempDir()
	for _, who := range []string{"anna", "ben"} {
		if _, err := s.Submit(t.Context(), who, answers.Key{Question: "q"}, "∂L/∂w", 0); err != nil {
			t.Fatal(err)
		}
	}
	sidecar := func(do, url string) (string, error) {
		c := exec.CommandContext(t.Context(), "../deploy/backup", do)
		c.Env = append(os.Environ(), "GRADLAB_DB="+url, "BACKUPS="+backups, "BACKUP_DAYS=14", "PATH="+filepath.Dir(server.Program("pg_dump"))+":"+os.Getenv("PATH"))
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := sidecar("drill", dsn); err == nil || !strings.Contains(out, "there is no backup") {
		t.Errorf("a drill without a backup: %v, %s", err, out)
	}
	old, broken := filepath.Join(backups, "gradlab-20200101T000000Z.dump"), filepath.Join(backups, "gradlab-20200102T000000Z.dump.part")
	for _, name := range []string{old, broken} {
		if err := os.WriteFile(name, []byte("not a dump"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().AddDate(0, 0, -15)); err != nil {
		t.Fatal(err)
	}
	if out, err := sidecar("once", dsn); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{old, broken} {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there still: %v", name, err)
		}
	}
	out, err := sidecar("drill", dsn)
	if err != nil || !strings.Contains(out, "\nanswers 2\n") && !strings.HasPrefix(out, "answers 2\n") {
		t.Errorf("the drill: %v: %s", err, out)
	}
	if out, err := sidecar("once", strings.Replace(dsn, "host=", "host=/nowhere", 1)); err == nil {
		t.Errorf("a backup of no server: %s", out)
	}
	if left, _ := filepath.Glob(filepath.Join(backups, "*.dump")); len(left) != 1 {
		t.Errorf("the backups are %v, want one", left)
	}
}
