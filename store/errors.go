package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why the store could not do what was asked of it. Each is wrapped with the engine's own words.
var (
	// ErrNotFound says that the owner has no such answer.
	ErrNotFound = errors.New("no such answer")
	// ErrUnavailable says that the database server is away, is starting or does not answer in time. It
	// may be back in a moment; whether the write that met it was kept is not known, but the methods that
	// write may be repeated.
	ErrUnavailable = errors.New("the database does not answer")
	// ErrFull says that the disk has no room left.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly says that the file or its folder may not be written to, or that the server is a standby.
	ErrReadOnly = errors.New("the database is read-only")
	// ErrBusy says that another process held the file, or another transaction the row, for too long.
	ErrBusy = errors.New("the database is in use by another process")
	// ErrNotADatabase says that the file is something else, or damaged.
	ErrNotADatabase = errors.New("the file is not an intact SQLite database")
	// ErrGone says that what a row belongs to was deleted meanwhile.
	ErrGone = errors.New("what this belongs to was deleted")
	// ErrDisk says that reading or writing the file went wrong in another way.
	ErrDisk = errors.New("the file cannot be read or written")
)

// classify adds the sentinel error that fits an error of the engine. Other errors pass unchanged.
func classify(err error) error {
	if err == nil {
		return nil
	}
	reason := sqliteReason(err)
	if reason == nil {
		reason = postgresReason(err)
	}
	if reason == nil || errors.Is(err, reason) {
		return err
	}
	return fmt.Errorf("%w: %w", reason, err)
}

// wrapped says what was to be done, of an error that there is.
func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, classify(err))
}

func sqliteReason(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	if e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
		return ErrGone
	}
	switch e.Code() & 0xff { // the low byte is the primary code; the rest refines it
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return ErrNotADatabase
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return ErrDisk
	}
	return nil
}

// postgresReason knows the codes of PostgreSQL's documentation, appendix A, and what a connection that
// breaks looks like from this side of it.
func postgresReason(err error) error {
	var (
		e       *pgconn.PgError
		connect *pgconn.ConnectError
		network *net.OpError
		lookup  *net.DNSError
	)
	if errors.As(err, &e) {
		switch {
		case e.Code == "53100": // disk_full
			return ErrFull
		case e.Code == "25006": // read_only_sql_transaction: a standby
			return ErrReadOnly
		case e.Code == "40001", e.Code == "40P01", e.Code == "55P03": // serialization, deadlock, lock not available
			return ErrBusy
		case e.Code == "23503": // foreign_key_violation
			return ErrGone
		case e.Code == "58030": // io_error
			return ErrDisk
		case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "53"), // connection; too many of them, out of memory
			strings.HasPrefix(e.Code, "57P"), e.Code == "57014": // shut down or starting; query cancelled
			return ErrUnavailable
		}
	}
	switch {
	case errors.Is(err, context.Canceled): // the caller's own doing
	case errors.As(err, &connect), errors.As(err, &network), errors.As(err, &lookup), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), pgconn.SafeToRetry(err):
		return ErrUnavailable
	}
	return nil
}
