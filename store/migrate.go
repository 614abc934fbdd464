package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrationFiles hold the schema, one numbered step a file. A released file never changes again.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNewerSchema says that a newer version of the program has written the file.
var ErrNewerSchema = errors.New("the file was written by a newer version of this program")

// migrate applies the steps that the file lacks, each in a transaction of its own.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, steps,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	// Two processes that start on a new file at once both want to create its tables: one of them
	// fails, and finds on its second look that the work is done.
	for range 3 {
		if _, err = provider.Up(ctx); err == nil || classify(err) != err {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > known {
		return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewerSchema, current, known)
	}
	return nil
}
