package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why the store could not do what was asked of it. Each is wrapped with the engine's own words.
var (
	// ErrNotFound says that the owner has no such answer.
	ErrNotFound = errors.New("no such answer")
	// ErrRevision refuses a base revision that no client was ever told.
	ErrRevision = errors.New("invalid revision")
	// ErrFull says that the disk has no room left.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly says that the file or its folder may not be written to.
	ErrReadOnly = errors.New("the file is read-only")
	// ErrBusy says that another process held the file for too long.
	ErrBusy = errors.New("the file is in use by another process")
	// ErrNotADatabase says that the file is something else, or damaged.
	ErrNotADatabase = errors.New("the file is not an intact SQLite database")
	// ErrDisk says that reading or writing the file went wrong in another way.
	ErrDisk = errors.New("the file cannot be read or written")
)

// A ConflictError refuses a write that started from another revision than the stored one. Current is
// the stored answer; nothing was changed.
type ConflictError struct {
	Current Answer
	Base    int64 // the revision the refused write started from
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("answer changed elsewhere: the write started from revision %d, stored is %d", e.Base, e.Current.Revision)
}

// classify adds the sentinel error that fits an error of the engine. Other errors pass unchanged.
func classify(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	reasons := map[int]error{
		sqlite3.SQLITE_FULL:     ErrFull,
		sqlite3.SQLITE_READONLY: ErrReadOnly,
		sqlite3.SQLITE_PERM:     ErrReadOnly,
		sqlite3.SQLITE_BUSY:     ErrBusy,
		sqlite3.SQLITE_LOCKED:   ErrBusy,
		sqlite3.SQLITE_NOTADB:   ErrNotADatabase,
		sqlite3.SQLITE_CORRUPT:  ErrNotADatabase,
		sqlite3.SQLITE_IOERR:    ErrDisk,
		sqlite3.SQLITE_CANTOPEN: ErrDisk,
	}
	// The low byte is the primary code; the rest refines it.
	if reason, known := reasons[e.Code()&0xff]; known {
		return fmt.Errorf("%w: %w", reason, err)
	}
	return err
}
