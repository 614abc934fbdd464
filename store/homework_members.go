package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gradlab/answers"
	"gradlab/classroom"
	"gradlab/homework"
)

const homeworkMember = "m.member, m.nickname, m.joined_at, m.extended_at"

// JoinHomework makes a visitor a member, whose code has that hash, and returns the member that the visitor is then: one who has joined already stays
// who they are, under the new name. The error is homework.ErrCrowded where as many have joined as can, and homework.ErrNone where it was deleted.
func (s *Store) JoinHomework(ctx context.Context, id, owner string, m homework.Member, resumeHash string) (homework.Member, error) {
	return s.seat(ctx, "join homework", id, owner, func(tx *sql.Tx, now int64) error {
		if result, err := tx.ExecContext(ctx, `UPDATE homework_members SET nickname = $3
			WHERE homework = $1 AND member = (SELECT member FROM homework_seats WHERE homework = $1 AND owner = $2)`, id, owner, m.Nickname); err != nil {
			return err
		} else if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO homework_members (homework, member, nickname, resume_hash, joined_at)
			SELECT $1, $2, $3, $4, CAST($5 AS BIGINT) WHERE (SELECT COUNT(*) FROM homework_members WHERE homework = $1) < $6`,
			id, m.ID, m.Nickname, resumeHash, now, classroom.MaxStudents)
		if err == nil {
			err = one(result, homework.ErrCrowded)
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, "INSERT INTO homework_seats (homework, owner, member, since_at) VALUES ($1, $2, $3, $4)", id, owner, m.ID, now)
		}
		return err
	})
}

// ResumeHomework makes a visitor the member whose code has that hash. The error is homework.ErrNone where there is none, and homework.ErrSeated where the
// visitor is another member, whose work would be out of reach.
func (s *Store) ResumeHomework(ctx context.Context, id, owner, resumeHash string) (homework.Member, error) {
	return s.seat(ctx, "resume homework", id, owner, func(tx *sql.Tx, now int64) error {
		var member, seated string
		err := tx.QueryRowContext(ctx, "SELECT member FROM homework_members WHERE homework = $1 AND resume_hash = $2", id, resumeHash).Scan(&member)
		if errors.Is(err, sql.ErrNoRows) {
			return homework.ErrNone
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, "INSERT INTO homework_seats (homework, owner, member, since_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", id, owner, member, now)
		}
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT member FROM homework_seats WHERE homework = $1 AND owner = $2", id, owner).Scan(&seated)
		}
		if err == nil && seated != member {
			err = homework.ErrSeated
		}
		return err
	})
}

// seat runs f in a transaction that may give an owner a seat, and returns the member who has it.
func (s *Store) seat(ctx context.Context, what, id, owner string, f func(tx *sql.Tx, now int64) error) (m homework.Member, err error) {
	if err := checkNames(owner, answers.Key{Question: id}); err != nil {
		return m, fmt.Errorf("%s: %w", what, err)
	}
	err = s.owning(ctx, owner, func(tx *sql.Tx) (err error) {
		if err = f(tx, s.now().UnixMilli()); err == nil {
			m, err = scanHomeworkMember(tx.QueryRowContext(ctx, memberBySeat, id, owner))
		}
		return err
	})
	if err = classify(err); errors.Is(err, ErrGone) {
		err = homework.ErrNone
	}
	if err != nil {
		return homework.Member{}, fmt.Errorf("%s: %w", what, err)
	}
	return m, nil
}

const memberBySeat = "SELECT " + homeworkMember + ` FROM homework_seats s JOIN homework_members m ON m.homework = s.homework AND m.member = s.member
	WHERE s.homework = $1 AND s.owner = $2`

// HomeworkMember returns the member that a visitor is; found is false for one who has not joined.
func (s *Store) HomeworkMember(ctx context.Context, id, owner string) (m homework.Member, found bool, err error) {
	m, err = scanHomeworkMember(planned{s}.QueryRowContext(ctx, memberBySeat, id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("read member of homework: %w", classify(err))
	}
	return m, true, nil
}

func scanHomeworkMember(row scanner) (m homework.Member, err error) {
	var joined, extended sql.NullInt64
	err = row.Scan(&m.ID, &m.Nickname, &joined, &extended)
	m.JoinedAt, m.Extended = moment(joined), moment(extended)
	return m, err
}

// RenewResume gives a member another code, by its hash; the error is homework.ErrNone where there is no such member.
func (s *Store) RenewResume(ctx context.Context, id, member, resumeHash string) error {
	result, err := s.write.ExecContext(ctx, "UPDATE homework_members SET resume_hash = $3 WHERE homework = $1 AND member = $2", id, member, resumeHash)
	if err == nil {
		err = one(result, homework.ErrNone)
	}
	if err != nil {
		return fmt.Errorf("renew the code of a member: %w", classify(err))
	}
	return nil
}

// Extend stores the end that a member has of their own, and keeps the homework for as long; the error is homework.ErrNone where there is no such member,
// and homework.ErrStale where the homework was changed meanwhile.
func (s *Store) Extend(ctx context.Context, h homework.Homework, m homework.Member) error {
	return s.within(ctx, "extend homework", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE homework SET version = version WHERE id = $1 AND version = $2", h.ID, h.Version)
		if err == nil {
			err = one(result, homework.ErrStale)
		}
		if err == nil {
			result, err = tx.ExecContext(ctx, "UPDATE homework_members SET extended_at = $3 WHERE homework = $1 AND member = $2", h.ID, m.ID, millis(m.Extended))
		}
		if err == nil {
			err = one(result, homework.ErrNone)
		}
		if err != nil {
			return err
		}
		return keepHomework(ctx, tx, h)
	})
}

// LeaveHomework deletes the member that a visitor is and, by the tables' foreign keys, everything that the member handed in.
func (s *Store) LeaveHomework(ctx context.Context, id, owner string) error {
	return s.deleteRows(ctx, "leave homework", `DELETE FROM homework_members
		WHERE homework = $1 AND member = (SELECT member FROM homework_seats WHERE homework = $1 AND owner = $2)`, id, owner)
}
