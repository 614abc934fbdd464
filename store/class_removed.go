package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gradlab/audit"
	"gradlab/classroom"
)

// RemoveMember takes a member out of a class. What the member had written stays to be read by them alone; see RemovedFrom.
func (s *Store) RemoveMember(ctx context.Context, class, member string) error {
	return s.within(ctx, "remove a member", func(tx *sql.Tx) error {
		gone, err := takeOut(ctx, tx, class, member)
		if err != nil {
			return err
		}
		if gone.texts, err = textsOf(ctx, tx, class, member); err != nil {
			return err
		}
		if err := s.remember(ctx, tx, gone, false); err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.MemberRemoved, "class "+class, "member "+member)
	})
}

// MergeMembers makes one member of two: what the one handed in goes to the other. Of two votes of one round the later counts; answers
// and comments of both are kept, one below the other. The error is classroom.ErrNone where one of them is no member.
func (s *Store) MergeMembers(ctx context.Context, class, from, into string) error {
	return s.within(ctx, "merge members", func(tx *sql.Tx) error {
		gone, err := takeOut(ctx, tx, class, from)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE class_members SET
				nickname = CASE WHEN nickname = '' THEN $3 ELSE nickname END,
				hand_at = (SELECT MIN(hand_at) FROM class_members m WHERE m.class = $1 AND m.member IN ($2, $4))
			WHERE class = $1 AND member = $2`, class, into, gone.nickname, from)
		if err == nil {
			err = one(result, classroom.ErrNone)
		}
		if err != nil {
			return err
		}
		for _, query := range []string{
			`DELETE FROM class_guesses WHERE class = $1 AND member = $3 AND EXISTS (SELECT 1 FROM class_guesses f WHERE f.class = $1 AND f.member = $2
				AND f.stop = class_guesses.stop AND f.round = class_guesses.round AND f.updated_at > class_guesses.updated_at)`,
			`UPDATE class_guesses SET member = $3 WHERE class = $1 AND member = $2 AND NOT EXISTS (SELECT 1 FROM class_guesses o WHERE o.class = $1
				AND o.member = $3 AND o.stop = class_guesses.stop AND o.round = class_guesses.round)`,
			`DELETE FROM class_submissions WHERE class = $1 AND member = $2 AND EXISTS (SELECT 1 FROM class_submissions o WHERE o.class = $1 AND o.member = $3
				AND o.stop = class_submissions.stop AND o.run = class_submissions.run)`,
		} {
			if _, err := tx.ExecContext(ctx, query, class, from, into); err != nil {
				return err
			}
		}
		if err := moveRuns(ctx, tx, class, from, into); err != nil {
			return err
		}
		if err := moveAttendance(ctx, tx, class, from, into); err != nil {
			return err
		}
		if err := moveAnswers(ctx, tx, class, from, into); err != nil {
			return err
		}
		if err := s.remember(ctx, tx, gone, true); err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.MembersMerged, "class "+class, "member "+from+" into "+into)
	})
}

// moveRuns gives the runs of one member to another, as far as there are places.
func moveRuns(ctx context.Context, tx *sql.Tx, class, from, into string) error {
	type run struct {
		stop  string
		place int
	}
	runs, err := listIn(ctx, tx, func(row scanner) (r run, err error) { return r, row.Scan(&r.stop, &r.place) },
		"SELECT stop, place FROM class_submissions WHERE class = $1 AND member = $2 ORDER BY stop, place", class, from)
	for _, r := range runs {
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE class_submissions SET member = $3, place = (SELECT COALESCE(MAX(place), 0) + 1 FROM class_submissions o
					WHERE o.class = $1 AND o.member = $3 AND o.stop = $4)
				WHERE class = $1 AND member = $2 AND stop = $4 AND place = $5
				AND (SELECT COUNT(*) FROM class_submissions o WHERE o.class = $1 AND o.member = $3 AND o.stop = $4) < $6`,
				class, from, into, r.stop, r.place, classroom.MaxSubmissions)
		}
	}
	return err
}

// moveAnswers gives the answers of one member to another, with their marks, and makes one of two to one stop.
func moveAnswers(ctx context.Context, tx *sql.Tx, class, from, into string) error {
	var answers [2]map[string]classroom.Answer
	var marks [2]map[string]classroom.Mark
	for i, member := range []string{from, into} {
		answers[i], marks[i] = map[string]classroom.Answer{}, map[string]classroom.Mark{}
		given, err := listIn(ctx, tx, scanClassAnswer, "SELECT "+classAnswerColumns+" FROM class_answers WHERE class = $1 AND member = $2", class, member)
		if err != nil {
			return err
		}
		for _, a := range given {
			answers[i][a.Stop] = a
		}
		had, err := listIn(ctx, tx, scanMark, "SELECT "+markColumns+" FROM class_marks WHERE class = $1 AND member = $2", class, member)
		if err != nil {
			return err
		}
		for _, m := range had {
			marks[i][m.Stop] = m
		}
	}
	for stop, a := range answers[0] {
		revision := int64(0)
		if other, both := answers[1][stop]; both {
			revision = other.Revision
			a = classroom.Joined(other, a)
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO class_answers (class, stop, member, text, run, revision, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (class, stop, member) DO UPDATE SET text = excluded.text, run = excluded.run, revision = excluded.revision, updated_at = excluded.updated_at
			WHERE class_answers.revision = $8`, class, stop, into, a.Text, a.Run, a.Revision, a.UpdatedAt.UnixMilli(), revision)
		if err == nil {
			err = one(result, classroom.ErrStale) // the other device handed in another text at this moment
		}
		if err != nil {
			return err
		}
		m, marked := marks[0][stop]
		if !marked {
			continue
		}
		if other, both := marks[1][stop]; both {
			m = classroom.JoinedMarks(other, m)
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO class_marks (class, stop, member, points, concepts, comment, revision, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (class, stop, member) DO UPDATE
			SET points = excluded.points, concepts = excluded.concepts, comment = excluded.comment, revision = excluded.revision, updated_at = excluded.updated_at`,
			class, stop, into, m.Hundredths, strings.Join(m.Concepts, " "), m.Comment, m.Revision, m.UpdatedAt.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// A leaver is who is being taken out of a class.
type leaver struct {
	class, owner, member, nickname string
	texts                          []classroom.RemovedText
}

// takeOut takes a member's seat away, first of all: what the member hands in at this moment comes either before it, and is seen, or finds no
// seat. Nothing else of the member is changed yet.
func takeOut(ctx context.Context, tx *sql.Tx, class, member string) (l leaver, err error) {
	l.class, l.member = class, member
	err = tx.QueryRowContext(ctx, "SELECT owner, nickname FROM class_members WHERE class = $1 AND member = $2", class, member).Scan(&l.owner, &l.nickname)
	if errors.Is(err, sql.ErrNoRows) {
		return l, classroom.ErrNone
	}
	if err != nil {
		return l, err
	}
	result, err := tx.ExecContext(ctx, "UPDATE class_members SET owner = $3 WHERE class = $1 AND member = $2 AND owner = $4", class, member, "leaves "+member, l.owner)
	if err == nil {
		err = one(result, classroom.ErrNone)
	}
	return l, err
}

// remember deletes a leaver's row, and keeps what is left to them, below what an earlier removal left.
func (s *Store) remember(ctx context.Context, tx *sql.Tx, l leaver, merged bool) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM class_members WHERE class = $1 AND member = $2", l.class, l.member); err != nil {
		return err
	}
	before, _, err := removedIn(ctx, tx, l.class, l.owner)
	if err != nil {
		return err
	}
	texts, err := json.Marshal(append(before.Texts, l.texts...))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO class_removed (class, owner, nickname, texts, merged, removed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (class, owner) DO UPDATE SET nickname = excluded.nickname, texts = excluded.texts, merged = excluded.merged, removed_at = excluded.removed_at`,
		l.class, l.owner, l.nickname, string(texts), map[bool]int{true: 1}[merged], s.now().UnixMilli())
	return err
}

func textsOf(ctx context.Context, tx *sql.Tx, class, member string) ([]classroom.RemovedText, error) {
	return listIn(ctx, tx, func(row scanner) (t classroom.RemovedText, err error) { return t, row.Scan(&t.Stop, &t.Text, &t.Run) },
		"SELECT stop, text, run FROM class_answers WHERE class = $1 AND member = $2 ORDER BY updated_at, stop", class, member)
}

// RemovedFrom returns what is left to a visitor whom the teacher took out of a class; found is false for who never was.
func (s *Store) RemovedFrom(ctx context.Context, class, owner string) (r classroom.Removed, found bool, err error) {
	if r, found, err = removedIn(ctx, planned{s}, class, owner); err != nil {
		return r, false, fmt.Errorf("read who was removed: %w", classify(err))
	}
	return r, found, nil
}

func removedIn(ctx context.Context, q querier, class, owner string) (r classroom.Removed, found bool, err error) {
	var at sql.NullInt64
	var texts string
	err = q.QueryRowContext(ctx, "SELECT nickname, texts, merged, removed_at FROM class_removed WHERE class = $1 AND owner = $2", class, owner).
		Scan(&r.Nickname, &texts, &r.Merged, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(texts), &r.Texts)
	}
	r.At = moment(at)
	return r, err == nil, err
}

// listIn reads all rows of a query of a transaction.
func listIn[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
