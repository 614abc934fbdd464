package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gradlab/classroom"
)

// attend notes that members are there while a stop of a class is shown: those that are named or, where none are, all whose pages were open lately. The
// order in which they are written is one, so that two replicas do not wait for each other.
func (s *Store) attend(ctx context.Context, class, stop string, members []string) error {
	now := s.now()
	args, places := []any{class, stop, now.UnixMilli()}, make([]string, len(members))
	for i, m := range members {
		args, places[i] = append(args, m), fmt.Sprint("$", i+4)
	}
	who := "member IN (" + strings.Join(places, ", ") + ")"
	if len(members) == 0 {
		who, args = "seen_at > $4", append(args, now.Add(-classroom.Presence).UnixMilli())
	}
	_, err := s.write.ExecContext(ctx, `
		INSERT INTO class_attendance (class, member, stop, first_at, last_at)
		SELECT class, member, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($3 AS BIGINT) FROM class_members WHERE class = $1 AND `+who+` ORDER BY member
		ON CONFLICT (class, member, stop) DO UPDATE SET last_at = excluded.last_at`, args...)
	if err != nil {
		return fmt.Errorf("note who attends a class: %w", classify(err))
	}
	return nil
}

// attendChange notes who is there when a class goes on to another stop, at both of them, or is closed.
func (s *Store) attendChange(ctx context.Context, before, after classroom.Class) error {
	on, closed := before.Shown().ID != after.Shown().ID, before.ClosedAt.IsZero() && !after.ClosedAt.IsZero()
	if !before.ClosedAt.IsZero() || !on && !closed {
		return nil
	}
	err := s.attend(ctx, after.ID, before.Shown().ID, nil)
	if err == nil && on && !closed {
		err = s.attend(ctx, after.ID, after.Shown().ID, nil)
	}
	return err
}

// attending notes that members are there now, where the class is not over.
func (s *Store) attending(ctx context.Context, class string, members []string) error {
	c, err := s.class(ctx, "id", class)
	if err != nil || c.Ended(s.now()) {
		return nil // of a class that is gone there is nothing to note; another fault is made up for by the next look
	}
	return s.attend(ctx, class, c.Shown().ID, members)
}

// Attendance is who was there at which stops of a class.
func (s *Store) Attendance(ctx context.Context, class string) ([]classroom.Attendance, error) {
	return list(ctx, planned{s}, "attendance", func(row scanner) (a classroom.Attendance, err error) {
		var first, last sql.NullInt64
		err = row.Scan(&a.Member, &a.Stop, &first, &last)
		a.First, a.Last = moment(first), moment(last)
		return a, err
	}, "SELECT member, stop, first_at, last_at FROM class_attendance WHERE class = $1 ORDER BY member, first_at, stop", class)
}

// moveAttendance adds when one member was there to when another one was.
func moveAttendance(ctx context.Context, tx *sql.Tx, class, from, into string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO class_attendance (class, member, stop, first_at, last_at)
		SELECT class, CAST($3 AS TEXT), stop, first_at, last_at FROM class_attendance WHERE class = $1 AND member = $2
		ON CONFLICT (class, member, stop) DO UPDATE SET
			first_at = CASE WHEN excluded.first_at < class_attendance.first_at THEN excluded.first_at ELSE class_attendance.first_at END,
			last_at = CASE WHEN excluded.last_at > class_attendance.last_at THEN excluded.last_at ELSE class_attendance.last_at END`, class, from, into)
	return err
}
