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
	if _, err := os.Lstat(to); err == nil {
		return existing(to)
	}
	// Under another name until it is whole and on the disk: a copy that is broken off must not look like one.
	f, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".part-*")
	if err != nil {
		return err
	}
	part := f.Name()
	defer func() { err = errors.Join(err, os.Remove(part)) }()
	defer f.Close()
	write, read, err := path.connect()
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	if _, err := write.DB.ExecContext(ctx, "VACUUM INTO $1", part); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Link(part, to); errors.Is(err, fs.ErrExist) { // a link, unlike a renaming, overwrites nothing
		return existing(to)
	} else if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}

func existing(file string) error {
	return fmt.Errorf("%w: %s is there already; a backup overwrites nothing, give it another name", fs.ErrExist, file)
}

// syncFolder makes a new name in a folder last. Systems whose folders cannot be synced do it by themselves.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && runtime.GOOS != "windows" {
		return err
	}
	return nil
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
	if err := quickCheck(ctx, read); err != nil {
		return err
	}
	var answers int64
	if err := read.QueryRowContext(ctx, "SELECT COUNT(*) FROM answers").Scan(&answers); err != nil {
		return fmt.Errorf("is no answer store: %w", err)
	}
	return nil
}
