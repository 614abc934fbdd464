package store

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"gradlab/answers"
)

// retiredFor is how long a name stays retired: longer than anything is on its way.
const retiredFor = 24 * time.Hour

// owning runs f in a transaction that adds rows of an owner, one such transaction at a time. The error is ErrRetired, and nothing is
// added, where everything of the owner was deleted meanwhile, or was given another name.
func (s *Store) owning(ctx context.Context, owner string, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit this does nothing
	if err := s.engine.turn(ctx, tx, owner); err != nil {
		return err
	}
	var retired bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM retired_names WHERE name = $1)", owner).Scan(&retired); err != nil {
		return err
	}
	if retired {
		return answers.ErrRetired
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// studying is owning for what goes when its owner is away for long. One who comes back after that time is another owner.
func (s *Store) studying(ctx context.Context, owner string, f func(tx *sql.Tx) error) error {
	return s.owning(ctx, owner, func(tx *sql.Tx) error {
		if gone, err := s.forgotten(ctx, tx, owner); err != nil || gone {
			return cmp.Or(err, answers.ErrRetired)
		}
		if err := s.see(ctx, tx, owner); err != nil {
			return err
		}
		return f(tx)
	})
}

// retire has nothing kept under a name from now on, once tx is committed.
func (s *Store) retire(ctx context.Context, tx *sql.Tx, owner string) error {
	if err := s.engine.turn(ctx, tx, owner); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO retired_names (name, retired_at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET retired_at = excluded.retired_at`, owner, s.now().UnixMilli())
	return err
}

// purgeRetired forgets the names that were retired long ago.
func (s *Store) purgeRetired(ctx context.Context) error {
	return s.deleteRows(ctx, "forget retired names", "DELETE FROM retired_names WHERE retired_at <= $1", s.now().Add(-retiredFor).UnixMilli())
}
