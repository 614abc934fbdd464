package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
)

// classState is the part of a class that is kept as JSON.
type classState struct {
	Plan    []classroom.Stop `json:"plan"`
	Current int              `json:"current"`
	Blank   bool             `json:"blank,omitempty"`
	EyesUp  bool             `json:"eyesUp,omitempty"`
	Zoom    int              `json:"zoom,omitempty"`
	Wall    string           `json:"wall,omitempty"` // the hash of its key
	Walls   int              `json:"walls,omitempty"`
}

const classColumns = "id, code, title, key_hash, state, version, opened_at, closed_at, released_at, COALESCE(person, '')"

// CreateClass stores a new class. Where there are as many as there may be, the one that is missed least makes room: nobody ever
// joined it, it was opened a while ago, and of those, its teacher did the least with it. Where there is none like that, the error is
// classroom.ErrFull.
func (s *Store) CreateClass(ctx context.Context, c classroom.Class) error {
	state, err := encodeState(c)
	if err != nil {
		return fmt.Errorf("create class: %w", err)
	}
	if err := s.deleteRows(ctx, "make room for a class", `
		DELETE FROM classes WHERE (SELECT COUNT(*) FROM classes) >= $1 AND id = (
			SELECT id FROM classes c WHERE opened_at < $2 AND NOT EXISTS (SELECT 1 FROM class_members m WHERE m.class = c.id)
			ORDER BY version, opened_at LIMIT 1)`, classroom.MaxClasses, s.now().Add(-classroom.Unjoined).UnixMilli()); err != nil {
		return err
	}
	return s.within(ctx, "create class", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO classes (id, code, title, key_hash, state, version, opened_at, expires_at, person)
			SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST(NULLIF($10, '') AS TEXT)
			WHERE (SELECT COUNT(*) FROM classes) < $9`,
			c.ID, c.Code, c.Title, c.KeyHash, state, c.Version, c.OpenedAt.UnixMilli(), c.OpenedAt.Add(s.kept.Classes).UnixMilli(), classroom.MaxClasses, c.Person)
		if err == nil {
			err = one(result, classroom.ErrFull)
		}
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, audit.ClassOpened, "class "+c.ID, c.Code); err != nil {
			return err
		}
		return showPictures(ctx, tx, c)
	})
}

// ClassByCode returns a class, or an error that is classroom.ErrNone. An expired class is none.
func (s *Store) ClassByCode(ctx context.Context, code string) (classroom.Class, error) {
	return s.class(ctx, "code", code)
}

// ClassByID returns a class, or an error that is classroom.ErrNone.
func (s *Store) ClassByID(ctx context.Context, id string) (classroom.Class, error) {
	return s.class(ctx, "id", id)
}

func (s *Store) class(ctx context.Context, column, value string) (classroom.Class, error) {
	var (
		c                classroom.Class
		state            string
		opened           int64
		closed, released sql.NullInt64
	)
	err := planned{s}.QueryRowContext(ctx, "SELECT "+classColumns+" FROM classes WHERE "+column+" = $1 AND opened_at > $2", value, s.now().Add(-s.kept.Classes).UnixMilli()).
		Scan(&c.ID, &c.Code, &c.Title, &c.KeyHash, &state, &c.Version, &opened, &closed, &released, &c.Person)
	if errors.Is(err, sql.ErrNoRows) {
		return classroom.Class{}, classroom.ErrNone
	}
	if err == nil {
		err = decodeState(state, &c)
	}
	if err != nil {
		return classroom.Class{}, fmt.Errorf("read class: %w", classify(err))
	}
	c.OpenedAt, c.ClosedAt, c.ReleasedAt = moment(sql.NullInt64{Int64: opened, Valid: true}), moment(closed), moment(released)
	if s.kept.Classes != classroom.KeptTime {
		c.Kept = s.kept.Classes
	}
	return c, nil
}

// ClassesOf returns the classes that a person opened, the latest first: no more of each than a list shows.
func (s *Store) ClassesOf(ctx context.Context, person string) ([]classroom.Class, error) {
	return list(ctx, planned{s}, "classes of a person", func(row scanner) (c classroom.Class, err error) {
		var opened int64
		var closed sql.NullInt64
		err = row.Scan(&c.ID, &c.Code, &c.Title, &opened, &closed)
		c.Person, c.OpenedAt, c.ClosedAt = person, moment(sql.NullInt64{Int64: opened, Valid: true}), moment(closed)
		return c, err
	}, "SELECT id, code, title, opened_at, closed_at FROM classes WHERE person = $1 AND opened_at > $2 ORDER BY opened_at DESC, id", person, s.now().Add(-s.kept.Classes).UnixMilli())
}

// ClassesJoined returns the classes that a visitor is in, the latest first: no more of each than a list shows.
func (s *Store) ClassesJoined(ctx context.Context, owner string) ([]classroom.Class, error) {
	return list(ctx, planned{s}, "classes of a student", func(row scanner) (c classroom.Class, err error) {
		var opened int64
		var closed sql.NullInt64
		err = row.Scan(&c.ID, &c.Code, &c.Title, &opened, &closed)
		c.OpenedAt, c.ClosedAt = moment(sql.NullInt64{Int64: opened, Valid: true}), moment(closed)
		return c, err
	}, `SELECT c.id, c.code, c.title, c.opened_at, c.closed_at FROM class_members m JOIN classes c ON c.id = m.class
		WHERE m.owner = $1 AND c.opened_at > $2 ORDER BY c.opened_at DESC, c.id`, owner, s.now().Add(-s.kept.Classes).UnixMilli())
}

// UpdateClass stores the next state of a class, one Version above the stored one; else the error is classroom.ErrStale.
func (s *Store) UpdateClass(ctx context.Context, c classroom.Class) error {
	state, err := encodeState(c)
	if err != nil {
		return fmt.Errorf("update class: %w", err)
	}
	var before classroom.Class
	if err := s.within(ctx, "update class", func(tx *sql.Tx) error {
		var (
			text                     string
			opened, closed, released sql.NullInt64
		)
		err := tx.QueryRowContext(ctx, "SELECT key_hash, state, opened_at, closed_at, released_at FROM classes WHERE id = $1 AND version = $2", c.ID, c.Version-1).
			Scan(&before.KeyHash, &text, &opened, &closed, &released)
		if errors.Is(err, sql.ErrNoRows) {
			return classroom.ErrStale
		}
		if err == nil {
			err = decodeState(text, &before)
		}
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
		UPDATE classes SET title = $2, state = $3, version = $4, opened_at = $5, closed_at = $6, released_at = $7, expires_at = $8, key_hash = $10
		WHERE id = $1 AND version = $9`,
			c.ID, c.Title, state, c.Version, c.OpenedAt.UnixMilli(), millis(c.ClosedAt), millis(c.ReleasedAt), c.OpenedAt.Add(s.kept.Classes).UnixMilli(), c.Version-1, c.KeyHash)
		if err == nil {
			err = one(result, classroom.ErrStale)
		}
		if err != nil {
			return err
		}
		before.OpenedAt, before.ClosedAt, before.ReleasedAt = moment(opened), moment(closed), moment(released)
		if err := handsDown(ctx, tx, before, c); err != nil {
			return err
		}
		for _, act := range acts(before, c) {
			if err := s.tell(ctx, tx, act, "class "+c.ID, c.Code); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.attendChange(ctx, before, c); err != nil { // the change is stored, and who is there is noted again in a moment
		s.log.WarnContext(ctx, "who attends a class was not noted", "err", err)
	}
	return nil
}

// acts are what is to be told of a change.
func acts(before, after classroom.Class) (all []audit.Act) {
	if before.KeyHash != after.KeyHash {
		all = append(all, audit.KeyReplaced)
	}
	if opened := after.ClosedAt.IsZero(); opened != before.ClosedAt.IsZero() {
		all = append(all, map[bool]audit.Act{true: audit.ClassReopened, false: audit.ClassClosed}[opened])
	}
	if before.Released() != after.Released() {
		all = append(all, map[bool]audit.Act{true: audit.MarksReleased, false: audit.MarksWithheld}[after.Released()])
	}
	return all
}

// DeleteClass deletes a class and, by the tables' foreign keys, everything that was handed in to it: also what comes in at
// this moment.
func (s *Store) DeleteClass(ctx context.Context, id string) error {
	return s.freeing(ctx, func() error {
		return s.deleteTelling(ctx, "delete class", "DELETE FROM classes WHERE id = $1", id, audit.ClassDeleted, "class "+id)
	})
}

// deleteTelling deletes one thing and what belongs to it, and tells so where it was there: before, while it is known which course linked it.
func (s *Store) deleteTelling(ctx context.Context, what, query, id string, act audit.Act, about string) error {
	err := s.within(ctx, what, func(tx *sql.Tx) error {
		if err := s.tell(ctx, tx, act, about, ""); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, query, id)
		if err == nil {
			err = one(result, errUnchanged)
		}
		return err
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

func (s *Store) deleteRows(ctx context.Context, what, query string, args ...any) error {
	if _, err := s.write.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	return nil
}

func encodeState(c classroom.Class) (string, error) {
	b, err := json.Marshal(classState{c.Plan, c.Current, c.Blank, c.EyesUp, c.Zoom, c.WallHash, c.Walls})
	return string(b), err
}

func decodeState(text string, c *classroom.Class) error {
	var s classState
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	if s.Current < 0 || s.Current >= len(s.Plan) {
		return fmt.Errorf("state: stop %d of %d", s.Current, len(s.Plan))
	}
	c.Plan, c.Current, c.Blank, c.EyesUp, c.Zoom, c.WallHash, c.Walls = s.Plan, s.Current, s.Blank, s.EyesUp, s.Zoom, s.Wall, s.Walls
	return nil
}

// one returns an error of that kind where a statement changed no row.
func one(result sql.Result, none error) error {
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = none
	}
	return err
}

func moment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}
