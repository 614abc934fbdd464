package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrationFiles hold the schema, one numbered step a file, in SQL that both engines run; what they say differently is guardLog. A released
// file never changes again, and a step takes away nothing that the older version uses: while replicas
// are upgraded one after the other, it goes on with the newer tables. There is no way down but a backup.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// steps is how many there are in migrationFiles.
func steps() int {
	all, _ := migrationFiles.ReadDir("migrations")
	return len(all)
}

// ErrNewerSchema says that a newer version of the program has written the database.
var ErrNewerSchema = errors.New("the database was written by a newer version of this program")

func newProvider(e engine, write *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(e.dialect(), write, steps, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(guardLog(e)))
}

// migrate applies the steps that the database lacks, each in a transaction of its own.
func (s *Store) migrate(ctx context.Context) error {
	provider, err := newProvider(s.engine, s.write.DB)
	if err != nil {
		return err
	}
	return s.engine.exclusively(ctx, s, func(ctx context.Context) error {
		current, known, err := provider.GetVersions(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("read the version of the tables: %w", err)
		case current > known:
			return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewerSchema, current, known)
		case current == known:
			return nil
		}
		if current > 0 {
			s.log.WarnContext(ctx, "the tables are brought up to date now; only a backup taken before leads back to the older version",
				"db", s.Location(), "from", current, "to", known)
		}
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("bring the tables up to date: %w", err)
		}
		s.log.InfoContext(ctx, "tables are up to date", "db", s.Location(), "version", known)
		return nil
	})
}
