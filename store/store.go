package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the "sqlite" driver, in pure Go
)

const (
	// busyMillis is how long a connection waits for another process's lock before it gives up.
	busyMillis = "5000"
	// readers bounds the connections that read while one writes.
	readers = 8
)

// A Store holds the answers in one SQLite file. Its methods are safe for concurrent use.
type Store struct {
	path  string
	write *sql.DB // one connection: writers queue here instead of failing with "database is locked"
	read  *sql.DB // several connections, all read-only
	now   func() time.Time
}

// An Option changes how Open sets up a Store.
type Option func(*Store)

// WithClock makes the store read the time from now instead of time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *Store) { s.now = now }
}

// DefaultPath returns the file that holds the answers where nobody says otherwise:
// $XDG_DATA_HOME/gradlab/gradlab.db or ~/.local/share/gradlab/gradlab.db on Linux and other Unix
// systems, ~/Library/Application Support/gradlab/gradlab.db on macOS, %LocalAppData%\gradlab\gradlab.db
// on Windows. It creates nothing. It fails where the home folder is unknown.
func DefaultPath() (string, error) {
	return defaultPath(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func defaultPath(goos string, getenv func(string) string, home func() (string, error)) (string, error) {
	variable, below := "XDG_DATA_HOME", []string{".local", "share"}
	switch goos {
	case "darwin":
		variable, below = "", []string{"Library", "Application Support"}
	case "windows":
		variable, below = "LocalAppData", []string{"AppData", "Local"}
	}
	if variable != "" {
		// The XDG base directory specification: relative paths are invalid and are to be ignored.
		if base := getenv(variable); filepath.IsAbs(base) {
			return filepath.Join(base, "gradlab", "gradlab.db"), nil
		}
	}
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("find the user's data folder: %w", err)
	}
	return filepath.Join(append(append([]string{dir}, below...), "gradlab", "gradlab.db")...), nil
}

// Open opens the store in the SQLite file that dsn names and brings its tables up to date. A missing
// file is created, readable by its owner alone (0600), and so is a missing folder (0700); existing
// ones keep their permissions. Anything that looks like an address (postgres://…) is refused with an
// error that says what is supported.
func Open(ctx context.Context, dsn string, options ...Option) (*Store, error) {
	path, err := filePath(dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: time.Now}
	for _, option := range options {
		option(s)
	}
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("open the answer store %s: %w", path, err)
	}
	if err := s.connect(); err != nil {
		return nil, fmt.Errorf("open the answer store %s: %w", path, err)
	}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the answer store %s: %w", path, classify(err))
	}
	return s, nil
}

// filePath returns the absolute path that dsn names, or an error that says what may be given.
func filePath(dsn string) (string, error) {
	const supported = "give the path of an SQLite file"
	if dsn == "" {
		return "", errors.New("open the answer store: no path given: " + supported)
	}
	// Only the scheme goes into the message: the rest of an address may hold a password.
	if scheme, _, found := strings.Cut(dsn, "://"); found {
		return "", fmt.Errorf("open the answer store: %q databases are not supported: %s", scheme, supported)
	}
	if dsn == ":memory:" || strings.HasPrefix(dsn, "file:") {
		return "", fmt.Errorf("open the answer store: %q is not a path: %s", dsn, supported)
	}
	if strings.ContainsRune(dsn, 0) {
		return "", fmt.Errorf("open the answer store: the path %q holds a NUL character: %s", dsn, supported)
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return "", fmt.Errorf("open the answer store %s: %w", dsn, err)
	}
	return path, nil
}

// createFile makes the file and its folder where they are missing. SQLite would make the file itself,
// but readable by everybody; its companions (-wal, -shm) take over the file's permissions.
func createFile(path string) error {
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return errors.New("is a folder, not a file")
		}
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// connect prepares both pools. Pragmas hold per connection, so they are part of the address.
func (s *Store) connect() error {
	pragmas := url.Values{
		"_busy_timeout": {busyMillis},
		"_pragma":       {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"},
		// A transaction that first reads and then writes cannot wait for the lock in between.
		"_txlock": {"immediate"},
	}
	var err error
	if s.write, err = sql.Open("sqlite", address(s.path, pragmas)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", address(s.path, url.Values{
		"_busy_timeout": {busyMillis},
		"_pragma":       {"query_only(1)"},
	})); err != nil {
		return errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// address returns the SQLite URI of a file, so that a path may hold any character ("?", "#", "%").
func address(path string, query url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // file:///C:/Users/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// Path returns the absolute path of the file behind the store.
func (s *Store) Path() string { return s.path }

// Ping reports whether the store can answer a query now.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1 FROM answers LIMIT 1").Scan(&one); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("ping the answer store: %w", classify(err))
	}
	return nil
}

// Close waits for running statements, folds the write-ahead log into the file and releases it.
func (s *Store) Close() error {
	return errors.Join(s.read.Close(), s.write.Close())
}
