package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// purgeEvery is how often a process looks for what has expired.
	purgeEvery = time.Hour
	// purgeGrace is the time between the look that finds a row expired and the one that deletes it. A clock that is set to a
	// wrong time meanwhile, as by a year, takes nothing along: when it is right again, the next look takes back what this one found.
	purgeGrace = 24 * time.Hour
	// purgeBatch bounds the rows that one transaction deletes, so that nobody waits long for it.
	purgeBatch = 10
)

// PurgeHourly deletes what has expired, at once and then every hour until ctx ends.
func (s *Store) PurgeHourly(ctx context.Context) {
	ticker := time.NewTicker(purgeEvery)
	defer ticker.Stop()
	for {
		if err := s.Purge(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "what has expired is not deleted", "db", s.Location(), "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Purge deletes what has expired. One thing that cannot be deleted just now is in no other's way.
func (s *Store) Purge(ctx context.Context) error {
	return errors.Join(s.PurgeClasses(ctx), s.PurgePlans(ctx), s.PurgeHomework(ctx), s.purgeVisitors(ctx), s.purgePictures(ctx),
		s.purgeRetired(ctx), s.purgeSessions(ctx), s.purgeLTI(ctx), s.purgeAudit(ctx))
}

// PurgeClasses deletes the classes that have expired, with everything in them: those that an earlier look, a day ago or more,
// found expired already. Expired ones are not read in any case. Of several replicas one purges at a time.
func (s *Store) PurgeClasses(ctx context.Context) error {
	return s.purge(ctx, "classes", "opened_at <= $1", s.now().Add(-s.kept.Classes))
}

// PurgePlans deletes, in the same way, the shelves whose keys have not been used for as long as plans are kept, once no homework
// is left of them.
func (s *Store) PurgePlans(ctx context.Context) error {
	return s.purge(ctx, "shelves", "used_at <= $1 AND NOT EXISTS (SELECT 1 FROM homework h WHERE h.shelf = shelves.id)", s.now().Add(-s.kept.Plans))
}

func (s *Store) purge(ctx context.Context, table, expired string, bound time.Time) error {
	for all := int64(0); ; {
		n, err := s.purgeSome(ctx, table, expired, bound)
		if err != nil {
			return fmt.Errorf("delete expired %s: %w", table, classify(err))
		}
		if all += n; n == 0 {
			s.purged(ctx, table, all)
			return nil
		}
	}
}

func (s *Store) purged(ctx context.Context, table string, rows int64) {
	if rows > 0 {
		s.log.InfoContext(ctx, "what has expired was deleted", "db", s.Location(), "table", table, "rows", rows)
	}
}

// purgeSome makes a look at a whole table and deletes a few; it returns how many. Expired says by the bound, $1, which rows are.
func (s *Store) purgeSome(ctx context.Context, table, expired string, bound time.Time) (int64, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // after Commit this does nothing
	if alone, err := s.engine.alone(ctx, tx); err != nil || !alone {
		return 0, err
	}
	limit, now := bound.UnixMilli(), s.now().UnixMilli()
	var result sql.Result
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE " + table + " SET seen_expired_at = NULL WHERE NOT (" + expired + ") AND seen_expired_at IS NOT NULL", []any{limit}},
		{"UPDATE " + table + " SET seen_expired_at = CAST($2 AS BIGINT) WHERE " + expired + " AND (seen_expired_at IS NULL OR seen_expired_at > $2)", []any{limit, now}},
		{"DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE " + expired + " AND seen_expired_at <= $2 LIMIT $3)", []any{limit, now - purgeGrace.Milliseconds(), purgeBatch}},
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
