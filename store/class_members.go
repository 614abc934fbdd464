package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gradlab/classroom"
)

// Join makes a visitor a member of a class, or gives a member another nickname, and returns the member. The error
// is classroom.ErrFull where the class has as many as it may.
func (s *Store) Join(ctx context.Context, class, owner string, m classroom.Member) (classroom.Member, error) {
	if err := checkNames(owner, Key{Question: class}); err != nil {
		return classroom.Member{}, fmt.Errorf("join class: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, `
		INSERT INTO class_members (class, owner, member, nickname, joined_at)
		SELECT $1, $2, $3, $4, CAST($5 AS BIGINT)
		WHERE (SELECT COUNT(*) FROM class_members WHERE class = $1) < $6
		   OR EXISTS (SELECT 1 FROM class_members WHERE class = $1 AND owner = $2)
		ON CONFLICT (class, owner) DO UPDATE SET nickname = excluded.nickname`,
		class, owner, m.ID, m.Nickname, s.now().UnixMilli(), classroom.MaxStudents); err != nil {
		return classroom.Member{}, fmt.Errorf("join class: %w", classify(err))
	}
	m, found, err := s.memberIn(ctx, s.write, class, owner)
	if err == nil && !found {
		err = classroom.ErrFull
	}
	if err != nil {
		return classroom.Member{}, fmt.Errorf("join class: %w", err)
	}
	return m, nil
}

// Member returns the member that a visitor is in a class; found is false for one who has not joined.
func (s *Store) Member(ctx context.Context, class, owner string) (m classroom.Member, found bool, err error) {
	if m, found, err = s.memberIn(ctx, planned{s}, class, owner); err != nil {
		return m, false, fmt.Errorf("read member: %w", err)
	}
	return m, found, nil
}

func (s *Store) memberIn(ctx context.Context, q querier, class, owner string) (m classroom.Member, found bool, err error) {
	var joined int64
	err = q.QueryRowContext(ctx, "SELECT member, nickname, joined_at FROM class_members WHERE class = $1 AND owner = $2", class, owner).
		Scan(&m.ID, &m.Nickname, &joined)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	m.JoinedAt = moment(sql.NullInt64{Int64: joined, Valid: true})
	return m, err == nil, classify(err)
}

// Members returns the members of a class in the order in which they joined.
func (s *Store) Members(ctx context.Context, class string) ([]classroom.Member, error) {
	return list(ctx, planned{s}, "members", func(row scanner) (m classroom.Member, err error) {
		var joined sql.NullInt64
		err = row.Scan(&m.ID, &m.Nickname, &joined)
		m.JoinedAt = moment(joined)
		return m, err
	}, "SELECT member, nickname, joined_at FROM class_members WHERE class = $1 ORDER BY joined_at, member", class)
}

// Leave deletes a visitor's membership and everything that the member handed in.
func (s *Store) Leave(ctx context.Context, class, owner string) error {
	m, found, err := s.Member(ctx, class, owner)
	if err != nil || !found {
		return err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("leave class: %w", classify(err))
	}
	defer tx.Rollback() // after Commit this does nothing
	for _, table := range classTables {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE class = $1 AND member = $2", class, m.ID); err != nil {
			return fmt.Errorf("leave class: %w", classify(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("leave class: %w", classify(err))
	}
	return nil
}

// SaveGuess stores what a member predicts, as long as the class is at that version: one that was locked meanwhile takes
// none, and the error is classroom.ErrStale.
func (s *Store) SaveGuess(ctx context.Context, class string, version int64, stop string, g classroom.Guess) error {
	result, err := s.write.ExecContext(ctx, `
		INSERT INTO class_guesses (class, stop, member, value, updated_at)
		SELECT id, $3, $4, CAST($5 AS DOUBLE PRECISION), CAST($6 AS BIGINT) FROM classes WHERE id = $1 AND version = $2
		ON CONFLICT (class, stop, member) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
		class, version, stop, g.Member, g.Value, s.now().UnixMilli())
	if err == nil {
		err = one(result, classroom.ErrStale)
	}
	if err != nil {
		return fmt.Errorf("save guess: %w", classify(err))
	}
	return nil
}

// Guesses returns what was predicted at a stop.
func (s *Store) Guesses(ctx context.Context, class, stop string) ([]classroom.Guess, error) {
	return list(ctx, planned{s}, "guesses", func(row scanner) (g classroom.Guess, err error) {
		return g, row.Scan(&g.Member, &g.Value)
	}, "SELECT member, value FROM class_guesses WHERE class = $1 AND stop = $2 ORDER BY member", class, stop)
}

// Guess returns what a member predicted at a stop; found is false where it was nothing yet.
func (s *Store) Guess(ctx context.Context, class, stop, member string) (value float64, found bool, err error) {
	err = planned{s}.QueryRowContext(ctx, "SELECT value FROM class_guesses WHERE class = $1 AND stop = $2 AND member = $3", class, stop, member).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read guess: %w", classify(err))
	}
	return value, true, nil
}

// A ClassCount is how many are in a class and how many have handed in at a stop.
type ClassCount struct{ Members, Guesses, Answers int }

// ClassCount counts members, and guesses and answers at a stop.
func (s *Store) ClassCount(ctx context.Context, class, stop string) (n ClassCount, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM class_members WHERE class = $1),
		(SELECT COUNT(*) FROM class_guesses WHERE class = $1 AND stop = $2),
		(SELECT COUNT(*) FROM class_answers WHERE class = $1 AND stop = $2)`, class, stop).Scan(&n.Members, &n.Guesses, &n.Answers)
	if err != nil {
		return n, fmt.Errorf("count a class: %w", classify(err))
	}
	return n, nil
}

type scanner interface{ Scan(...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, from planned, what string, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, classify(err))
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, classify(err))
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", what, classify(err))
	}
	return all, nil
}
