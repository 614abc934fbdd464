package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// purgeEvery is how often a process looks for classes that have expired.
	purgeEvery = time.Hour
	// purgeGrace is the time between the look that finds a class expired and the one that deletes it. A clock that is set to a
	// wrong time meanwhile, as by a year, takes nothing along: when it is right again, the next look takes back what this one found.
	purgeGrace = 24 * time.Hour
	// purgeBatch bounds the classes that one transaction deletes, so that nobody waits long for it.
	purgeBatch = 10
)

// PurgeHourly deletes what has expired, at once and then every hour until ctx ends.
func (s *Store) PurgeHourly(ctx context.Context) {
	ticker := time.NewTicker(purgeEvery)
	defer ticker.Stop()
	for {
		if err := errors.Join(s.PurgeClasses(ctx), s.purgeRetired(ctx)); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "what has expired is not deleted", "db", s.Location(), "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// PurgeClasses deletes the classes that have expired, with everything in them: those that an earlier look, a day ago or more,
// found expired already. Expired ones are not read in any case. Of several replicas one purges at a time.
func (s *Store) PurgeClasses(ctx context.Context) error {
	for all := int64(0); ; {
		n, err := s.purgeSome(ctx)
		if err != nil {
			return fmt.Errorf("delete expired classes: %w", classify(err))
		}
		if all += n; n == 0 {
			if all > 0 {
				s.log.InfoContext(ctx, "expired classes were deleted", "db", s.Location(), "classes", all)
			}
			return nil
		}
	}
}

// purgeSome makes a look at all classes and deletes a few; it returns how many.
func (s *Store) purgeSome(ctx context.Context) (int64, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // after Commit this does nothing
	if alone, err := s.engine.alone(ctx, tx); err != nil || !alone {
		return 0, err
	}
	now := s.now().UnixMilli()
	var result sql.Result
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE classes SET seen_expired_at = NULL WHERE expires_at > $1 AND seen_expired_at IS NOT NULL", []any{now}},
		{"UPDATE classes SET seen_expired_at = CAST($1 AS BIGINT) WHERE expires_at <= $1 AND (seen_expired_at IS NULL OR seen_expired_at > $1)", []any{now}},
		{"DELETE FROM classes WHERE id IN (SELECT id FROM classes WHERE expires_at <= $1 AND seen_expired_at <= $2 LIMIT $3)", []any{now, now - purgeGrace.Milliseconds(), purgeBatch}},
	} {
		if result, err = tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return 0, err
		}
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, err
	}
	return n, tx.Commit()
}
