package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A writer is the pool that changes rows. Where another process holds the lock of an SQLite file, those who write wait in a
// queue for the one connection; each gives up when its own time is over, however many are before it, and the connection goes
// to the next after each try. PostgreSQL has deadlines of its own, and no wait here.
type writer struct {
	*sql.DB
	wait time.Duration // for the connection and the lock together; 0: no bound
}

// hurry runs f until the lock is had or the time is over. f's context ends then, but not with hurry: what f opened lives on.
func hurry[T any](ctx context.Context, wait time.Duration, f func(context.Context) (T, error)) (T, error) {
	if wait == 0 {
		return f(ctx)
	}
	own, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(wait, cancel)
	for {
		v, err := f(own)
		if err == nil {
			timer.Stop() // what came at the last moment is lost with its context, and its next use says so
			return v, nil
		}
		over := own.Err() != nil && ctx.Err() == nil
		if over && errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%w: waited for %v", ErrBusy, wait)
		}
		if own.Err() != nil || !errors.Is(classify(err), ErrBusy) {
			cancel()
			return v, err
		}
	}
}

func (w writer) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	return hurry(ctx, w.wait, func(ctx context.Context) (*sql.Tx, error) { return w.DB.BeginTx(ctx, options) })
}

func (w writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return hurry(ctx, w.wait, func(ctx context.Context) (sql.Result, error) { return w.DB.ExecContext(ctx, query, args...) })
}

// QueryRowContext reads one row of what was just written; the row says what went wrong.
func (w writer) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if w.wait > 0 {
		own, cancel := context.WithTimeout(ctx, w.wait)
		time.AfterFunc(w.wait, cancel) // a Row is read after this returns
		ctx = own
	}
	return w.DB.QueryRowContext(ctx, query, args...)
}
