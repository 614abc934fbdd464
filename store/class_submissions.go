package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"gradlab/classroom"
)

// SaveSubmission stores a run that a visitor submits who is a member, as long as the class is at that version; else, and where
// another tab was quicker, the error is classroom.ErrStale. A run that the member submitted before stays as it is. One who has
// submitted as many as one may gets classroom.ErrUsed.
func (s *Store) SaveSubmission(ctx context.Context, class string, version int64, owner string, sub classroom.Submission) error {
	const mine = "FROM class_submissions s JOIN class_members o ON o.class = s.class AND o.member = s.member WHERE s.class = $1 AND o.owner = $2 AND s.stop = $3"
	result, err := s.write.ExecContext(ctx, `
		INSERT INTO class_submissions (class, stop, member, place, run, cost, scored, updated_at)
		SELECT m.class, $3, m.member, (SELECT COUNT(*) + 1 `+mine+`), $4, CAST($5 AS DOUBLE PRECISION), 0, CAST($6 AS BIGINT)
		FROM class_members m JOIN classes c ON c.id = m.class
		WHERE c.id = $1 AND m.owner = $2 AND c.version = $7 AND (SELECT COUNT(*) `+mine+`) < $8
		ON CONFLICT DO NOTHING`, class, owner, sub.Stop, sub.Run, sub.Cost, s.now().UnixMilli(), version, classroom.MaxSubmissions)
	if err == nil {
		err = one(result, errUnchanged)
	}
	if err = classify(err); errors.Is(err, ErrGone) {
		err = classroom.ErrStale
	}
	if errors.Is(err, errUnchanged) { // it is stored already, or there are too many, or the class has moved on
		var count, same int
		err = s.write.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(CASE WHEN s.run = $4 THEN 1 END) "+mine, class, owner, sub.Stop, sub.Run).Scan(&count, &same)
		switch {
		case err != nil:
			err = classify(err)
		case same > 0:
			return nil
		case count >= classroom.MaxSubmissions:
			err = classroom.ErrUsed
		default:
			err = classroom.ErrStale
		}
	}
	if err != nil {
		return fmt.Errorf("save submission: %w", err)
	}
	return nil
}

// Score keeps what a run came to, for all who submitted it to a stop; NaN where it diverged.
func (s *Store) Score(ctx context.Context, class, stop, run string, value float64) error {
	_, err := s.write.ExecContext(ctx, "UPDATE class_submissions SET scored = 1, value = $4 WHERE class = $1 AND stop = $2 AND run = $3 AND scored = 0",
		class, stop, run, sql.NullFloat64{Float64: value, Valid: !math.IsNaN(value)})
	if err != nil {
		return fmt.Errorf("score a run: %w", classify(err))
	}
	return nil
}

// ComputedRuns is how many runs of a member's at a stop are computed.
func (s *Store) ComputedRuns(ctx context.Context, class, stop, member string) (n int, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM class_submissions WHERE class = $1 AND stop = $2 AND member = $3 AND scored = 1", class, stop, member).Scan(&n)
	if err != nil {
		return n, fmt.Errorf("count computed runs: %w", classify(err))
	}
	return n, nil
}

// Submissions returns what was submitted to a stop, or to all stops for "", by one member or, where that is "", by all, in the order of their submitting.
func (s *Store) Submissions(ctx context.Context, class, stop, member string) ([]classroom.Submission, error) {
	return list(ctx, planned{s}, "submissions", func(row scanner) (sub classroom.Submission, err error) {
		var value sql.NullFloat64
		var updated sql.NullInt64
		err = row.Scan(&sub.Stop, &sub.Member, &sub.Run, &sub.Cost, &sub.Scored, &value, &updated)
		if sub.Value = value.Float64; !value.Valid {
			sub.Value = math.NaN()
		}
		sub.UpdatedAt = moment(updated)
		return sub, err
	}, "SELECT stop, member, run, cost, scored, value, updated_at FROM class_submissions WHERE class = $1 AND ($2 = '' OR stop = $2) AND (member = $3 OR $3 = '') ORDER BY updated_at, member, place", class, stop, member)
}
