package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gradlab/classroom"
	"gradlab/homework"
	"gradlab/plans"
)

// Retention says for how long things are kept that nobody deletes. Of a field that is 0, the preset holds.
type Retention struct {
	Classes  time.Duration // after they were opened last; preset classroom.KeptTime
	Answers  time.Duration // of visitors who were not here for so long; preset is for ever
	Plans    time.Duration // after their link was used last; preset plans.KeptTime
	Homework time.Duration // after the last of its ends; preset homework.KeptTime
	Audit    time.Duration // after what was done; preset AuditTime
}

// AuditTime is how long events are kept where nobody says otherwise.
const AuditTime = 365 * 24 * time.Hour

// WithRetention makes the store keep things for other times than the presets.
func WithRetention(r Retention) Option {
	return func(s *Store) { s.kept = r.preset() }
}

// preset returns the retention with what it leaves open filled in.
func (r Retention) preset() Retention {
	r.Classes = cmp.Or(r.Classes, classroom.KeptTime)
	r.Homework = cmp.Or(r.Homework, homework.KeptTime)
	r.Plans = cmp.Or(r.Plans, plans.KeptTime)
	r.Audit = cmp.Or(r.Audit, AuditTime)
	return r
}

// Retention is what the store goes by.
func (s *Store) Retention() Retention { return s.kept }

// PlansKept says for how long plans are kept that nobody looks at.
func (s *Store) PlansKept() string { return days(s.kept.Plans) }

// fill puts the times into a sentence of kept.yaml.
func (r Retention) fill(sentence string) string {
	unseen := ""
	if r.Answers > 0 {
		unseen = ", or until you have not been here for " + days(r.Answers)
	}
	return strings.NewReplacer("{classes}", days(r.Classes), "{plans}", days(r.Plans), "{homework}", days(r.Homework), "{audit}", days(r.Audit), "{, unseen}", unseen).Replace(sentence)
}

// days is a time in words: "200 days", "2 years".
func days(d time.Duration) string {
	n, unit := int(d/(24*time.Hour)), "day"
	if n >= 365 && n%365 == 0 {
		n, unit = n/365, "year"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// left is the moment, in milliseconds, at or before which an owner of answers was here last whose answers are not kept any more; 0
// where they are kept for ever.
func (s *Store) left() int64 {
	if s.kept.Answers == 0 {
		return 0
	}
	return s.now().Add(-s.kept.Answers).UnixMilli()
}

// forgotten says that an owner was away for longer than answers are kept: they are read no more, and gone soon.
func (s *Store) forgotten(ctx context.Context, q querier, owner string) (gone bool, err error) {
	if s.kept.Answers == 0 {
		return false, nil
	}
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM visitors WHERE owner = $1 AND seen_at <= $2)", owner, s.left()).Scan(&gone)
	return gone, err
}

// seenEvery is how exactly it is known when a visitor was here.
const seenEvery = 24 * time.Hour

// see notes, in a transaction that writes something of an owner, that the owner is here.
func (s *Store) see(ctx context.Context, tx *sql.Tx, owner string) error {
	now := s.now()
	_, err := tx.ExecContext(ctx, `INSERT INTO visitors (owner, seen_at) VALUES ($1, $2)
		ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at WHERE visitors.seen_at < $3`, owner, now.UnixMilli(), now.Add(-seenEvery).UnixMilli())
	return err
}

// VisitorSeen notes that a visitor is here of whom something is kept. One who was away for too long is not brought back by it.
func (s *Store) VisitorSeen(ctx context.Context, owner string) error {
	now, at := s.now(), int64(0)
	err := planned{s}.QueryRowContext(ctx, "SELECT seen_at FROM visitors WHERE owner = $1", owner).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) || err == nil && at >= now.Add(-seenEvery).UnixMilli() {
		return nil
	}
	if err == nil {
		_, err = s.write.ExecContext(ctx, "UPDATE visitors SET seen_at = CAST($2 AS BIGINT) WHERE owner = $1 AND seen_at > $3 AND seen_at < $2", owner, now.UnixMilli(), s.left())
	}
	if err != nil {
		return fmt.Errorf("note that a visitor is here: %w", classify(err))
	}
	return nil
}

// ofVisit are the tables whose rows go when their owner has not been here for long; with a person go the courses.
var ofVisit = []string{"progress", "attached_runs", "ticks", "answers", "persons", "visitors"}

// purgeVisitors deletes the answers of those who were away for too long. Of whom it is not known when they were here, they were today.
func (s *Store) purgeVisitors(ctx context.Context) error {
	if s.kept.Answers == 0 {
		return nil
	}
	var unknown []string
	for _, table := range ofVisit {
		if table != "visitors" {
			unknown = append(unknown, "SELECT owner FROM "+table)
		}
	}
	if err := s.deleteRows(ctx, "note visitors", "INSERT INTO visitors (owner, seen_at) SELECT owner, CAST($1 AS BIGINT) FROM ("+strings.Join(unknown, " UNION ")+
		") o WHERE true ON CONFLICT DO NOTHING", s.now().UnixMilli()); err != nil {
		return err
	}
	return s.purgeFound(ctx, "visitors", s.left(), func(tx *sql.Tx, bound int64) (int64, error) {
		n := int64(0)
		for _, table := range ofVisit {
			result, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE owner IN (SELECT owner FROM visitors WHERE seen_at <= $1 ORDER BY seen_at, owner LIMIT $2)", bound, purgeBatch)
			if err == nil {
				n, err = result.RowsAffected()
			}
			if err != nil {
				return 0, err
			}
		}
		return n, nil
	})
}

// purgeFound deletes, batch by batch, what is as old as limit, in milliseconds, and was found to be by a look a day ago or more; then
// this is the next look. A clock that was wrong meanwhile has its look forgotten.
func (s *Store) purgeFound(ctx context.Context, kind string, limit int64, some func(tx *sql.Tx, bound int64) (int64, error)) error {
	for all := int64(0); ; {
		n, err := s.purgeFoundSome(ctx, kind, limit, some)
		if err != nil {
			return fmt.Errorf("delete expired %s: %w", kind, classify(err))
		}
		if all += n; n == 0 {
			s.purged(ctx, kind, all)
			return nil
		}
	}
}

func (s *Store) purgeFoundSome(ctx context.Context, kind string, limit int64, some func(tx *sql.Tx, bound int64) (int64, error)) (n int64, err error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // after Commit this does nothing
	if alone, err := s.engine.alone(ctx, tx); err != nil || !alone {
		return 0, err
	}
	var bound, made int64
	now := s.now().UnixMilli()
	err = tx.QueryRowContext(ctx, "SELECT bound, made_at FROM purge_looks WHERE kind = $1", kind).Scan(&bound, &made)
	found := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	sound := found && made <= now && bound <= limit
	if sound && now-made < purgeGrace.Milliseconds() {
		return 0, nil // the look is not a day old
	}
	if sound {
		if n, err = some(tx, bound); err != nil {
			return 0, err
		}
	}
	if n == 0 {
		if _, err := tx.ExecContext(ctx, `INSERT INTO purge_looks (kind, bound, made_at) VALUES ($1, $2, $3)
			ON CONFLICT (kind) DO UPDATE SET bound = excluded.bound, made_at = excluded.made_at`, kind, limit, now); err != nil {
			return 0, err
		}
	}
	return n, tx.Commit()
}
