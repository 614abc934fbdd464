package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gradlab/answers"
	"gradlab/audit"
	"gradlab/classroom"
)

const (
	classAnswerColumns = "stop, member, text, run, revision, updated_at, hints, hints_rules, hints_revision"
	markColumns        = "stop, member, points, concepts, comment, revision, updated_at"
)

// SaveClassAnswer stores what a visitor answers who is a member, and returns it as it is stored. a.Revision is the one that
// the writer last saw; where another is stored with another text, nothing changes, and the error is classroom.ErrStale
// together with the stored answer. The class must still be at that version and the visitor in it, else the error is
// classroom.ErrLocked: the caller looks what has changed, and may try again. An unfit text gives a *TextError.
func (s *Store) SaveClassAnswer(ctx context.Context, class string, version int64, owner string, a classroom.Answer) (classroom.Answer, error) {
	if err := answers.CheckText(a.Text); err != nil {
		return classroom.Answer{}, fmt.Errorf("save class answer: %w", err)
	}
	if a.Revision < 0 || a.Revision >= maxRevision {
		return classroom.Answer{}, fmt.Errorf("save class answer: %w: %d", answers.ErrRevision, a.Revision)
	}
	now := s.now().UnixMilli()
	result, err := s.write.ExecContext(ctx, `
		INSERT INTO class_answers (class, stop, member, text, run, revision, updated_at)
		SELECT m.class, $4, m.member, $5, $6, CAST($7 AS BIGINT), CAST($8 AS BIGINT)
		FROM class_members m JOIN classes c ON c.id = m.class WHERE c.id = $1 AND c.version = $2 AND m.owner = $3
		ON CONFLICT (class, stop, member) DO UPDATE
		SET text = excluded.text, run = excluded.run, revision = excluded.revision, updated_at = excluded.updated_at
		WHERE class_answers.revision = $9 AND (class_answers.text <> excluded.text OR class_answers.run <> excluded.run)`,
		class, version, owner, a.Stop, a.Text, a.Run, a.Revision+1, now, a.Revision)
	if err == nil {
		if err = one(result, errUnchanged); err == nil {
			a.Revision, a.UpdatedAt = a.Revision+1, time.UnixMilli(now).UTC()
			return a, nil
		}
	}
	if err = classify(err); !errors.Is(err, errUnchanged) && !errors.Is(err, ErrGone) {
		return classroom.Answer{}, fmt.Errorf("save class answer: %w", err)
	}
	// Nothing was written: it is stored already, or another text is, or the class has moved on.
	stored, err := scanClassAnswer(s.write.QueryRowContext(ctx, `
		SELECT a.stop, a.member, a.text, a.run, a.revision, a.updated_at, a.hints, a.hints_rules, a.hints_revision
		FROM class_answers a JOIN class_members m ON m.class = a.class AND m.member = a.member
		WHERE a.class = $1 AND m.owner = $2 AND a.stop = $3`, class, owner, a.Stop))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return classroom.Answer{}, classroom.ErrLocked
	case err != nil:
		return classroom.Answer{}, fmt.Errorf("save class answer: %w", classify(err))
	case stored.Text == a.Text && stored.Run == a.Run:
		return stored, nil
	}
	var at int64
	if err := s.write.QueryRowContext(ctx, "SELECT version FROM classes WHERE id = $1", class).Scan(&at); err != nil || at != version {
		return stored, classroom.ErrLocked
	}
	return stored, classroom.ErrStale
}

// errUnchanged says that a statement has changed no row.
var errUnchanged = errors.New("no row was changed")

// ClassAnswers returns the answers to a stop, or to all stops for "".
func (s *Store) ClassAnswers(ctx context.Context, class, stop string) ([]classroom.Answer, error) {
	return list(ctx, planned{s}, "class answers", scanClassAnswer,
		"SELECT "+classAnswerColumns+" FROM class_answers WHERE class = $1 AND ($2 = '' OR stop = $2) ORDER BY stop, member", class, stop)
}

// AnsweredBy returns who has answered what in a class: its answers without their texts, for who looks at it again and again.
func (s *Store) AnsweredBy(ctx context.Context, class string) ([]classroom.Answer, error) {
	return list(ctx, planned{s}, "who has answered", scanClassAnswer,
		"SELECT stop, member, '', '', revision, updated_at, '', '', 0 FROM class_answers WHERE class = $1 ORDER BY stop, member", class)
}

func scanClassAnswer(row scanner) (a classroom.Answer, err error) {
	var (
		updated  sql.NullInt64
		concepts string
	)
	err = row.Scan(&a.Stop, &a.Member, &a.Text, &a.Run, &a.Revision, &updated, &concepts, &a.Hints.Rules, &a.Hints.Revision)
	a.UpdatedAt, a.Hints.Concepts = moment(updated), strings.Fields(concepts)
	return a, err
}

// ClassAnswer returns a member's answer to a stop; found is false where there is none.
func (s *Store) ClassAnswer(ctx context.Context, class, stop, member string) (a classroom.Answer, found bool, err error) {
	a, err = scanClassAnswer(planned{s}.QueryRowContext(ctx,
		"SELECT "+classAnswerColumns+" FROM class_answers WHERE class = $1 AND stop = $2 AND member = $3", class, stop, member))
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("read class answer: %w", classify(err))
	}
	return a, true, nil
}

// SaveHints keeps what an answer seems to name. Where its text has changed since, nothing is kept.
func (s *Store) SaveHints(ctx context.Context, class, stop, member string, h classroom.Hints) error {
	_, err := s.write.ExecContext(ctx, `
		UPDATE class_answers SET hints = $4, hints_rules = $5, hints_revision = CAST($6 AS BIGINT)
		WHERE class = $1 AND stop = $2 AND member = $3 AND revision = $6`,
		class, stop, member, strings.Join(h.Concepts, " "), h.Rules, h.Revision)
	if err != nil {
		return fmt.Errorf("save hints: %w", classify(err))
	}
	return nil
}

// SaveMark stores what the teacher thinks of an answer, and returns it as it is stored. m.Revision is the one that the
// teacher last saw; where another is stored, nothing changes, and the error is classroom.ErrStale together with the
// stored mark. A mark for an answer that does not exist (any more) is classroom.ErrNone.
func (s *Store) SaveMark(ctx context.Context, class string, m classroom.Mark) (classroom.Mark, error) {
	if m.Revision < 0 || m.Revision >= maxRevision {
		return classroom.Mark{}, fmt.Errorf("save mark: %w: %d", answers.ErrRevision, m.Revision)
	}
	concepts := strings.Join(m.Concepts, " ")
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return classroom.Mark{}, fmt.Errorf("save mark: %w", classify(err))
	}
	defer tx.Rollback() // after Commit this does nothing
	result, err := tx.ExecContext(ctx, `
		INSERT INTO class_marks (class, stop, member, points, concepts, comment, revision, updated_at)
		SELECT class, stop, member, CAST($4 AS BIGINT), $5, $6, CAST($7 AS BIGINT), CAST($8 AS BIGINT)
		FROM class_answers WHERE class = $1 AND stop = $2 AND member = $3
		ON CONFLICT (class, stop, member) DO UPDATE
		SET points = excluded.points, concepts = excluded.concepts, comment = excluded.comment, revision = excluded.revision, updated_at = excluded.updated_at
		WHERE class_marks.revision = $9`,
		class, m.Stop, m.Member, m.Hundredths, concepts, m.Comment, m.Revision+1, s.now().UnixMilli(), m.Revision)
	if err != nil {
		if err = classify(err); errors.Is(err, ErrGone) {
			err = classroom.ErrNone
		}
		return classroom.Mark{}, fmt.Errorf("save mark: %w", err)
	}
	stored, err := scanMark(tx.QueryRowContext(ctx,
		"SELECT "+markColumns+" FROM class_marks WHERE class = $1 AND stop = $2 AND member = $3", class, m.Stop, m.Member))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return classroom.Mark{}, classroom.ErrNone
	case err != nil:
		return classroom.Mark{}, fmt.Errorf("save mark: %w", classify(err))
	case stored.Hundredths != m.Hundredths || stored.Comment != m.Comment || strings.Join(stored.Concepts, " ") != concepts:
		return stored, classroom.ErrStale
	}
	if err = one(result, errUnchanged); err == nil {
		err = s.tell(ctx, tx, audit.MarkChanged, "class "+class, fmt.Sprintf("stop %s, member %s, revision %d", m.Stop, m.Member, stored.Revision))
	}
	if err != nil && !errors.Is(err, errUnchanged) {
		return classroom.Mark{}, fmt.Errorf("save mark: %w", classify(err))
	}
	if err := tx.Commit(); err != nil {
		return classroom.Mark{}, fmt.Errorf("save mark: %w", classify(err))
	}
	return stored, nil
}

// Marks returns the marks of a class.
func (s *Store) Marks(ctx context.Context, class string) ([]classroom.Mark, error) {
	return list(ctx, planned{s}, "marks", scanMark, "SELECT "+markColumns+" FROM class_marks WHERE class = $1 ORDER BY stop, member", class)
}

// MemberMarks returns the marks of one member.
func (s *Store) MemberMarks(ctx context.Context, class, member string) ([]classroom.Mark, error) {
	return list(ctx, planned{s}, "marks", scanMark, "SELECT "+markColumns+" FROM class_marks WHERE class = $1 AND member = $2 ORDER BY stop", class, member)
}

func scanMark(row scanner) (m classroom.Mark, err error) {
	var (
		updated  sql.NullInt64
		concepts string
	)
	err = row.Scan(&m.Stop, &m.Member, &m.Hundredths, &concepts, &m.Comment, &m.Revision, &updated)
	m.UpdatedAt, m.Concepts = moment(updated), strings.Fields(concepts)
	return m, err
}
