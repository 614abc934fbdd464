package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gradlab/classroom"
)

// Hand puts the hand of a visitor up who is a member, or down. One that is up already stays up since then. The error is
// classroom.ErrNone of who is no member, and classroom.ErrClosed where the class was closed.
func (s *Store) Hand(ctx context.Context, class, owner string, up bool) error {
	result, err := s.write.ExecContext(ctx, `
		UPDATE class_members SET hand_at = CASE WHEN $4 = 1 THEN COALESCE(hand_at, CAST($3 AS BIGINT)) END
		WHERE class = $1 AND owner = $2 AND ($4 = 0 OR EXISTS (SELECT 1 FROM classes WHERE id = $1 AND closed_at IS NULL))`,
		class, owner, s.now().UnixMilli(), map[bool]int{true: 1}[up])
	if err == nil {
		if err = one(result, classroom.ErrClosed); errors.Is(err, classroom.ErrClosed) {
			if _, in, unread := s.memberIn(ctx, planned{s}, class, owner); unread != nil || !in {
				err = errors.Join(unread, classroom.ErrNone)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("raise or lower a hand: %w", classify(err))
	}
	return nil
}

// LowerHands puts down the hand of a member, or all of a class's hands for "".
func (s *Store) LowerHands(ctx context.Context, class, member string) error {
	return s.deleteRows(ctx, "lower hands", "UPDATE class_members SET hand_at = NULL WHERE class = $1 AND ($2 = '' OR member = $2)", class, member)
}

// handsDown puts all hands down where a class is closed or opened again: also one that had ended by itself begins without hands.
func handsDown(ctx context.Context, tx *sql.Tx, before, after classroom.Class) error {
	if after.ClosedAt.Equal(before.ClosedAt) && after.OpenedAt.Equal(before.OpenedAt) {
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE class_members SET hand_at = NULL WHERE class = $1", after.ID)
	return err
}

// Branch notes that a visitor who is a member tries something of their own since a stop was shown, or follows the class again, for "". The
// error is classroom.ErrNone of who is no member.
func (s *Store) Branch(ctx context.Context, class, owner, stop string) error {
	at := sql.NullInt64{Int64: s.now().UnixMilli(), Valid: stop != ""}
	result, err := s.write.ExecContext(ctx, "UPDATE class_members SET branch = $3, branched_at = CAST($4 AS BIGINT) WHERE class = $1 AND owner = $2", class, owner, stop, at)
	if err == nil {
		err = one(result, classroom.ErrNone)
	}
	if err != nil {
		return fmt.Errorf("note who tries something of their own: %w", classify(err))
	}
	return nil
}
