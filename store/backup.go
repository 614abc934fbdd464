package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// ErrPostgresBackup says that PostgreSQL has better tools for this.
var ErrPostgresBackup = errors.New("for PostgreSQL use pg_dump and pg_restore; docs/operations.md has the commands")

// Backup writes a consistent copy of the SQLite store that dsn names to a new file, readable by its
// owner alone, while a server may be using it. What was deleted is not in the copy. An existing file is
// not overwritten: the error is then fs.ErrExist.
func Backup(ctx context.Context, dsn, to string) (err error) {
	path, err := sqliteOnly(dsn)
	if err != nil {
		return fmt.Errorf("back up the answer store: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("back up the answer store %s: %w", path.location(), classify(err))
		}
	}()
	if _, err := os.Stat(string(path)); err != nil {
		return err
	}
	if to, err = filepath.Abs(to); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil { // half a backup is worse than none
			err = errors.Join(err, os.Remove(to))
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	write, read, err := path.connect()
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	_, err = write.ExecContext(ctx, "VACUUM INTO $1", to)
	return err
}

// Restore replaces the content of the SQLite store that dsn names with that of a backup, in one
// transaction; a missing file is created. The backup must be an intact store. A server that uses the file goes on with the restored content, but may not know its tables
// where the versions differ: stop it, or start it again.
func Restore(ctx context.Context, dsn, from string) (err error) {
	path, err := sqliteOnly(dsn)
	if err != nil {
		return fmt.Errorf("restore the answer store: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("restore the answer store %s: %w", path.location(), classify(err))
		}
	}()
	if err := checkBackup(ctx, from); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if from, err = filepath.Abs(from); err != nil {
		return err
	}
	write, read, err := path.connect()
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	c, err := write.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(conn any) error {
		b, err := conn.(interface {
			NewRestore(string) (*sqlite.Backup, error)
		}).NewRestore(address(from, nil))
		if err != nil {
			return err
		}
		_, err = b.Step(-1)
		return errors.Join(err, b.Finish())
	})
}

func sqliteOnly(dsn string) (sqliteFile, error) {
	engine, err := engineOf(dsn)
	if err != nil {
		return "", err
	}
	path, ok := engine.(sqliteFile)
	if !ok {
		return "", ErrPostgresBackup
	}
	return path, nil
}

// checkBackup returns nil for an intact store.
func checkBackup(ctx context.Context, from string) error {
	if _, err := os.Stat(from); err != nil {
		return err
	}
	path, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	read, err := sql.Open("sqlite", address(path, url.Values{"mode": {"ro"}}))
	if err != nil {
		return err
	}
	defer read.Close()
	var says string
	if err := read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&says); err != nil {
		return classify(err)
	}
	if says != "ok" {
		return fmt.Errorf("%w: %s", ErrNotADatabase, says)
	}
	var answers int64
	if err := read.QueryRowContext(ctx, "SELECT COUNT(*) FROM answers").Scan(&answers); err != nil {
		return fmt.Errorf("is no answer store: %w", err)
	}
	return nil
}
