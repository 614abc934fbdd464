package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gradlab/audit"
	"gradlab/homework"
)

// homeworkState is the part of homework that is kept as JSON.
type homeworkState struct {
	Stops  []homework.Stop           `json:"stops"`
	Zone   string                    `json:"zone"`
	Grace  time.Duration             `json:"grace,omitempty"` // nanoseconds
	Truths map[string]homework.Truth `json:"truths,omitempty"`
}

const homeworkColumns = "id, shelf, title, state, version, from_at, until_at, set_at, released_at"

// CreateHomework stores new homework; the error is homework.ErrFull where its shelf has as many as it may.
func (s *Store) CreateHomework(ctx context.Context, h homework.Homework) error {
	state, err := json.Marshal(homeworkState{h.Stops, h.Zone, h.Grace, h.Truths})
	if err != nil {
		return fmt.Errorf("create homework: %w", err)
	}
	return s.within(ctx, "create homework", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO homework (id, shelf, title, state, version, from_at, until_at, set_at, released_at, expires_at)
			SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT)
			WHERE (SELECT COUNT(*) FROM homework WHERE shelf = $2) < $11`,
			h.ID, h.Shelf, h.Title, string(state), h.Version, h.From.UnixMilli(), h.Until.UnixMilli(), millis(h.SetAt), millis(h.ReleasedAt),
			h.Expires(time.Time{}).UnixMilli(), homework.MaxHomework)
		if err == nil {
			err = one(result, homework.ErrFull)
		}
		if err != nil {
			return err
		}
		if err := s.tellHomework(ctx, tx, homework.Homework{}, h); err != nil {
			return err
		}
		for _, name := range h.Pictures() {
			if _, err := tx.ExecContext(ctx, "INSERT INTO homework_pictures (homework, picture) VALUES ($1, $2) ON CONFLICT DO NOTHING", h.ID, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// UpdateHomework stores the next state of homework, one Version above the stored one; else the error is homework.ErrStale.
func (s *Store) UpdateHomework(ctx context.Context, h homework.Homework) error {
	return s.updateHomework(ctx, h, func(*sql.Tx) error { return nil })
}

// CloseHomework stores homework that was closed, as UpdateHomework does, and takes back the ends that its members have of their own.
func (s *Store) CloseHomework(ctx context.Context, h homework.Homework) error {
	return s.updateHomework(ctx, h, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE homework_members SET extended_at = NULL WHERE homework = $1", h.ID); err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.HomeworkClosed, "homework "+h.ID, "")
	})
}

// updateHomework stores the next state of homework, with what is to be done in the same transaction.
func (s *Store) updateHomework(ctx context.Context, h homework.Homework, more func(tx *sql.Tx) error) error {
	state, err := json.Marshal(homeworkState{h.Stops, h.Zone, h.Grace, h.Truths})
	if err != nil {
		return fmt.Errorf("update homework: %w", err)
	}
	return s.within(ctx, "update homework", func(tx *sql.Tx) error {
		before, err := s.scanHomework(tx.QueryRowContext(ctx, "SELECT "+homeworkColumns+" FROM homework WHERE id = $1 AND version = $2", h.ID, h.Version-1))
		if errors.Is(err, sql.ErrNoRows) {
			return homework.ErrStale
		}
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			UPDATE homework SET title = $2, state = $3, version = $4, from_at = $5, until_at = $6, set_at = $7, released_at = $8
			WHERE id = $1 AND version = $9`,
			h.ID, h.Title, string(state), h.Version, h.From.UnixMilli(), h.Until.UnixMilli(), millis(h.SetAt), millis(h.ReleasedAt), h.Version-1)
		if err == nil {
			err = one(result, homework.ErrStale)
		}
		if err != nil {
			return err
		}
		if err := s.tellHomework(ctx, tx, before, h); err != nil {
			return err
		}
		if err := more(tx); err != nil {
			return err
		}
		return keepHomework(ctx, tx, h)
	})
}

// tellHomework tells what is to be told of a change.
func (s *Store) tellHomework(ctx context.Context, tx *sql.Tx, before, after homework.Homework) error {
	var acts []audit.Act
	if before.SetAt.IsZero() && !after.SetAt.IsZero() {
		acts = append(acts, audit.HomeworkSet)
	}
	if before.Released() != after.Released() {
		acts = append(acts, map[bool]audit.Act{true: audit.MarksReleased, false: audit.MarksWithheld}[after.Released()])
	}
	for _, act := range acts {
		if err := s.tell(ctx, tx, act, "homework "+after.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

// keepHomework notes how long homework is kept, by the last of its ends.
func keepHomework(ctx context.Context, tx *sql.Tx, h homework.Homework) error {
	last, err := lastEnd(ctx, tx, h.ID)
	h.Kept = 0 // what is stored goes by the preset, and homeworkEnd by what is set
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE homework SET expires_at = $2 WHERE id = $1", h.ID, h.Expires(last).UnixMilli())
	}
	return err
}

// lastEnd is the last of the ends that members have of their own, zero where none has one.
func lastEnd(ctx context.Context, q querier, id string) (time.Time, error) {
	var last sql.NullInt64
	err := q.QueryRowContext(ctx, "SELECT MAX(extended_at) FROM homework_members WHERE homework = $1", id).Scan(&last)
	return moment(last), err
}

// Homework returns homework, or an error that is homework.ErrNone; what has expired is none.
func (s *Store) Homework(ctx context.Context, id string) (homework.Homework, error) {
	h, err := s.scanHomework(planned{s}.QueryRowContext(ctx, "SELECT "+homeworkColumns+" FROM homework WHERE id = $1 AND expires_at > $2", id, s.homeworkEnd().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return homework.Homework{}, homework.ErrNone
	}
	if err != nil {
		return homework.Homework{}, fmt.Errorf("read homework: %w", classify(err))
	}
	return h, nil
}

// homeworkEnd is the moment at which homework ends now, as the rows have it that go by the preset.
func (s *Store) homeworkEnd() time.Time { return s.now().Add(homework.KeptTime - s.kept.Homework) }

// HomeworkOf returns all homework of a shelf, that which ends last first.
func (s *Store) HomeworkOf(ctx context.Context, shelf string) ([]homework.Homework, error) {
	return list(ctx, planned{s}, "homework of a shelf", s.scanHomework,
		"SELECT "+homeworkColumns+" FROM homework WHERE shelf = $1 AND expires_at > $2 ORDER BY until_at DESC, id", shelf, s.homeworkEnd().UnixMilli())
}

// HomeworkJoined returns all homework that a visitor is a member of, that which ends last first.
func (s *Store) HomeworkJoined(ctx context.Context, owner string) ([]homework.Homework, error) {
	return list(ctx, planned{s}, "homework of a student", s.scanHomework,
		"SELECT "+homeworkColumns+" FROM homework WHERE id IN (SELECT homework FROM homework_seats WHERE owner = $1) AND expires_at > $2 ORDER BY until_at DESC, id", owner, s.homeworkEnd().UnixMilli())
}

func (s *Store) scanHomework(row scanner) (h homework.Homework, err error) {
	var (
		text          string
		from, until   sql.NullInt64
		set, released sql.NullInt64
		state         homeworkState
	)
	if err = row.Scan(&h.ID, &h.Shelf, &h.Title, &text, &h.Version, &from, &until, &set, &released); err != nil {
		return h, err
	}
	if err = json.Unmarshal([]byte(text), &state); err != nil {
		return h, fmt.Errorf("state: %w", err)
	}
	if s.kept.Homework != homework.KeptTime {
		h.Kept = s.kept.Homework
	}
	h.Stops, h.Zone, h.Grace, h.Truths = state.Stops, state.Zone, state.Grace, state.Truths
	h.From, h.Until, h.SetAt, h.ReleasedAt = moment(from), moment(until), moment(set), moment(released)
	return h, nil
}

// DeleteHomework deletes homework and, by the tables' foreign keys, everything that was handed in to it.
func (s *Store) DeleteHomework(ctx context.Context, id string) error {
	return s.freeing(ctx, func() error {
		return s.deleteTelling(ctx, "delete homework", "DELETE FROM homework WHERE id = $1", id, audit.HomeworkDeleted, "homework "+id)
	})
}

// PurgeHomework deletes the homework that has expired, as PurgeClasses does classes.
func (s *Store) PurgeHomework(ctx context.Context) error {
	return s.purge(ctx, "homework", "expires_at <= $1", s.homeworkEnd())
}
