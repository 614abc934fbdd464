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

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the "sqlite" driver, in pure Go
)

const (
	// busyMillis is how long a connection that reads waits for another process's lock before it gives up.
	busyMillis = "5000"
	// tryMillis is how long the connection that writes waits for it at a time, before the next in the queue has its turn, and
	// lockPatience how long each in the queue tries.
	tryMillis    = "200"
	lockPatience = 5 * time.Second
	// readers bounds the connections that read while one writes.
	readers = 8
)

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

// sqliteFile is the engine that keeps everything in one file, named by its absolute path.
type sqliteFile string

func (path sqliteFile) location() string       { return string(path) }
func (path sqliteFile) dialect() goose.Dialect { return goose.DialectSQLite3 }

// filePath returns the absolute path that dsn names, or an error that says what may be given.
func filePath(dsn string) (string, error) {
	if dsn == "" {
		return "", errors.New("no path given: " + supported)
	}
	if dsn == ":memory:" || strings.HasPrefix(dsn, "file:") {
		return "", fmt.Errorf("%q is not a path: %s", dsn, supported)
	}
	if strings.ContainsRune(dsn, 0) {
		return "", fmt.Errorf("the path %q holds a NUL character: %s", dsn, supported)
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return "", fmt.Errorf("%s: %w", dsn, err)
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
func (path sqliteFile) connect() (write writer, read *sql.DB, err error) {
	if err := createFile(string(path)); err != nil {
		return writer{}, nil, err
	}
	write.wait = lockPatience
	if write.DB, err = sql.Open("sqlite", address(string(path), url.Values{
		"_busy_timeout": {tryMillis},
		"_pragma":       {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"},
		// A transaction that first reads and then writes cannot wait for the lock in between.
		"_txlock": {"immediate"},
	})); err != nil {
		return writer{}, nil, err
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", address(string(path), url.Values{
		"_busy_timeout": {busyMillis},
		"_pragma":       {"query_only(1)"},
	})); err != nil {
		return writer{}, nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return write, read, nil
}

// exclusively has no lock to take: where several processes start on a new file at once and all want to create its tables, one of them
// does a step and the others fail, and find at the next look that this one is done. Whoever fails more often than there are steps has
// another reason.
func (path sqliteFile) exclusively(ctx context.Context, _ *Store, f func(context.Context) error) (err error) {
	for start, tries := time.Now(), 0; ; tries++ {
		err = f(ctx)
		reason := classify(err)
		if err == nil || errors.Is(reason, ErrBusy) && time.Since(start) > lockPatience || !errors.Is(reason, ErrBusy) && (reason != err || tries > steps()) {
			return err
		}
	}
}

// turn is had at once: a transaction that writes is the only one.
func (path sqliteFile) turn(context.Context, *sql.Tx, string) error { return nil }

// alone is so, too.
func (path sqliteFile) alone(context.Context, *sql.Tx) (bool, error) { return true, nil }

// size counts what is written ahead, too, and what is kept for a full disk.
func (path sqliteFile) size(context.Context, *Store) (used, free int64, err error) {
	for _, part := range []string{"", "-wal", "-shm", "-reserve"} {
		info, err := os.Stat(string(path) + part)
		if err == nil {
			used += info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return 0, 0, err
		}
	}
	return used, freeBeside(string(path)), nil
}

// guards refuse a row of a known id, too: REPLACE would delete the one before without asking.
func (path sqliteFile) guards() []string {
	const refuse = " BEGIN SELECT RAISE(ABORT, 'the log takes additions alone'); END"
	return []string{
		"CREATE TRIGGER audit_log_added BEFORE INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)" + refuse,
		"CREATE TRIGGER audit_log_changed BEFORE UPDATE ON audit_log" + refuse,
		"CREATE TRIGGER audit_log_deleted BEFORE DELETE ON audit_log WHEN OLD.kept_until > unixepoch() * 1000" + refuse,
	}
}

// address returns the SQLite URI of a file, so that a path may hold any character ("?", "#", "%").
func address(path string, query url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // file:///C:/Users/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}
