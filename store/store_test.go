package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gradlab/answers"
	"gradlab/store/pgtest"
)

// open opens a store for a test and closes it at its end.
func open(t *testing.T, path string, options ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// onEach runs a test on each engine, with the dsn of a new and empty database.
func onEach(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "a.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t)) })
}

func TestOpenCreatesPrivateFile(t *testing.T) {
	// Every character that an SQLite URI could trip over.
	folder := filepath.Join(t.TempDir(), "new folder", "50% ä?#&=")
	path := filepath.Join(folder, "answers #1.db")
	s := open(t, path)
	if got, want := s.Location(), path; got != want {
		t.Errorf("Location() = %q, want %q", got, want)
	}
	if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q"}, "text", 0); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("permission bits mean little on Windows")
	}
	modes := map[string]os.FileMode{folder: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600}
	for name, want := range modes {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "a.db"))
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "busy_timeout": tryMillis, "foreign_keys": "1", "secure_delete": "1",
	} {
		var got string
		if err := s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("writer: %s = %s, want %s", pragma, got, want)
		}
	}
	for range readers { // hold them all at once, so that each is another connection
		c, err := s.read.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var busy string
		if err := c.QueryRowContext(t.Context(), "PRAGMA busy_timeout").Scan(&busy); err != nil {
			t.Fatal(err)
		}
		if busy != busyMillis {
			t.Errorf("reader: busy_timeout = %s, want %s", busy, busyMillis)
		}
		_, err = c.ExecContext(t.Context(), "DELETE FROM answers")
		if err := classify(err); !errors.Is(err, ErrReadOnly) {
			t.Errorf("reader deleted: got %v, want %v", err, ErrReadOnly)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("These are notes, not a database.\n", 40)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, dsn, want string }{
		{"empty", "", "give the path of an SQLite file"},
		{"another engine", "mysql://anna:secret@db/gradlab", `"mysql" databases are not supported: give the path of an SQLite file`},
		{"PostgreSQL that is away", "postgres://anna:secret@127.0.0.1:1/gradlab", ErrUnavailable.Error()},
		{"bad PostgreSQL address", "postgres://anna:secret@127.0.0.1:port/gradlab", "cannot parse"},
		{"bad PostgreSQL setting", "postgres://anna:secret@127.0.0.1/gradlab?sslmode=perhaps", "sslmode"},
		{"memory", ":memory:", "give the path of an SQLite file"},
		{"URI", "file:a.db", "give the path of an SQLite file"},
		{"NUL", "a\x00b", "NUL"},
		{"folder", dir, "is a folder"},
		{"below a file", filepath.Join(text, "a.db"), "not a directory"},
		{"text file", text, ErrNotADatabase.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.dsn)
			if err == nil {
				s.Close()
				t.Fatal("opened, want an error")
			}
			if got := err.Error(); !strings.Contains(got, test.want) {
				t.Errorf("got error %q, want it to hold %q", got, test.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error gives the password away: %q", err)
			}
		})
	}
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		if _, err := s.write.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, '1')"); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dsn); !errors.Is(err, ErrNewerSchema) {
			t.Errorf("got %v, want %v", err, ErrNewerSchema)
		}
	})
}

func TestOpenAtTheSameTime(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		const processes = 6
		stores, errs := make([]*Store, processes), make(chan error, processes)
		for i := range processes {
			go func() {
				var err error
				stores[i], err = Open(context.Background(), dsn)
				errs <- err
			}()
		}
		for range processes {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		for i, s := range stores {
			if s == nil {
				continue
			}
			if _, err := s.SaveDraft(t.Context(), "anna", answers.Key{Question: "q", Part: string(rune('a' + i))}, "text", 0); err != nil {
				t.Error(err)
			}
			defer s.Close()
		}
	})
}

func TestDefaultPath(t *testing.T) {
	home := func() (string, error) { return "/home/anna", nil }
	for _, test := range []struct {
		name, goos string
		env        map[string]string
		want       string
	}{
		{"Linux", "linux", nil, "/home/anna/.local/share/gradlab/gradlab.db"},
		{"Linux, XDG", "linux", map[string]string{"XDG_DATA_HOME": "/data/anna"}, "/data/anna/gradlab/gradlab.db"},
		{"Linux, relative XDG", "linux", map[string]string{"XDG_DATA_HOME": "data"}, "/home/anna/.local/share/gradlab/gradlab.db"},
		{"macOS", "darwin", map[string]string{"XDG_DATA_HOME": "/data/anna"}, "/home/anna/Library/Application Support/gradlab/gradlab.db"},
		{"Windows", "windows", map[string]string{"LocalAppData": "/Users/anna/AppData/Local"}, "/Users/anna/AppData/Local/gradlab/gradlab.db"},
		{"Windows without it", "windows", nil, "/home/anna/AppData/Local/gradlab/gradlab.db"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := defaultPath(test.goos, func(name string) string { return test.env[name] }, home)
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.FromSlash(test.want); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	lost := errors.New("no home")
	_, err := defaultPath("linux", func(string) string { return "" }, func() (string, error) { return "", lost })
	if !errors.Is(err, lost) {
		t.Errorf("without a home folder: got %v, want %v", err, lost)
	}
}

func TestPing(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("open store: %v", err)
		}
		s.Close()
		if err := s.Ping(context.Background()); err == nil {
			t.Error("closed store: no error")
		}
	})
}
