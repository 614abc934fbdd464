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
	"gradlab/homework"
)

const (
	homeworkAnswerColumns = "stop, member, text, run, revision, updated_at, handed_at"
	homeworkMarkColumns   = "stop, member, revision, points, concepts, comment, made_by, made_at"
)

// CommitGuess stores what a member commits to, and returns it as it is stored: the first guess stays, and where that is another one, the error is
// homework.ErrCommitted. Where the homework is not at that version any more, it is homework.ErrStale.
func (s *Store) CommitGuess(ctx context.Context, h homework.Homework, g classroom.Guess) (classroom.Guess, error) {
	var stored classroom.Guess
	err := s.within(ctx, "commit guess", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO homework_guesses (homework, member, stop, value, confidence, made_at)
			SELECT id, $3, $4, CAST($5 AS DOUBLE PRECISION), CAST($6 AS BIGINT), CAST($7 AS BIGINT) FROM homework WHERE id = $1 AND version = $2
			ON CONFLICT (homework, member, stop) DO NOTHING`,
			h.ID, h.Version, g.Member, g.Stop, g.Value, g.Confidence, s.now().UnixMilli()); err != nil {
			return err
		}
		var err error
		stored, err = scanHomeworkGuess(tx.QueryRowContext(ctx,
			"SELECT stop, member, value, confidence, made_at FROM homework_guesses WHERE homework = $1 AND member = $2 AND stop = $3", h.ID, g.Member, g.Stop))
		if errors.Is(err, sql.ErrNoRows) {
			return homework.ErrStale
		}
		return err
	})
	if errors.Is(err, ErrGone) {
		err = homework.ErrStale
	}
	if err == nil && (stored.Value != g.Value || stored.Confidence != g.Confidence) {
		err = homework.ErrCommitted
	}
	return stored, err
}

func scanHomeworkGuess(row scanner) (g classroom.Guess, err error) {
	var made sql.NullInt64
	err = row.Scan(&g.Stop, &g.Member, &g.Value, &g.Confidence, &made)
	g.Round, g.UpdatedAt = 1, moment(made)
	return g, err
}

// WriteAnswer stores what a member writes, and with hand that it is done, and returns it as it is stored. a.Revision is the one that the writer last saw:
// where another is stored with another text, nothing changes and the error is classroom.ErrStale together with that answer. Where the homework is not at
// that version any more, or the member is gone, it is homework.ErrStale. An unfit text gives a *TextError.
func (s *Store) WriteAnswer(ctx context.Context, h homework.Homework, a homework.Answer, hand bool) (stored homework.Answer, err error) {
	if err := answers.CheckText(a.Text); err != nil {
		return stored, fmt.Errorf("write answer: %w", err)
	}
	if a.Revision < 0 || a.Revision >= maxRevision {
		return stored, fmt.Errorf("write answer: %w: %d", answers.ErrRevision, a.Revision)
	}
	now := s.now().UnixMilli()
	err = s.atDesk(ctx, "write answer", h, a.Member, func(tx *sql.Tx) (err error) {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO homework_answers (homework, member, stop, text, revision, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (homework, member, stop) DO UPDATE SET text = excluded.text, revision = excluded.revision, updated_at = excluded.updated_at
			WHERE homework_answers.revision = $7 AND homework_answers.text <> excluded.text`,
			h.ID, a.Member, a.Stop, a.Text, a.Revision+1, now, a.Revision)
		const find = "SELECT " + homeworkAnswerColumns + " FROM homework_answers WHERE homework = $1 AND member = $2 AND stop = $3"
		if err == nil {
			stored, err = scanHomeworkAnswer(tx.QueryRowContext(ctx, find, h.ID, a.Member, a.Stop))
		}
		switch {
		case err != nil:
			return err
		case stored.Text != a.Text:
			return classroom.ErrStale
		case !hand:
			return nil
		}
		stored.HandedAt = time.UnixMilli(now).UTC()
		_, err = tx.ExecContext(ctx, "UPDATE homework_answers SET handed_at = $4 WHERE homework = $1 AND member = $2 AND stop = $3", h.ID, a.Member, a.Stop, now)
		return err
	})
	return stored, err
}

// AttachHomeworkRun puts a run beside what a member writes at a stop, instead of the one that is there; "" takes it away. It is a change of the answer, but
// of its text it is none: a tab that is open there goes on. Where the homework is not at that version any more, or the member is gone, the error is
// homework.ErrStale.
func (s *Store) AttachHomeworkRun(ctx context.Context, h homework.Homework, member, stop, run string) error {
	if len(run) > answers.MaxRun {
		return fmt.Errorf("attach run to homework: %w: %d bytes, at most %d", ErrName, len(run), answers.MaxRun)
	}
	return s.atDesk(ctx, "attach run to homework", h, member, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO homework_answers (homework, member, stop, text, run, revision, updated_at) SELECT $1, $2, $3, '', $4, 1, CAST($5 AS BIGINT) WHERE $4 <> ''
			ON CONFLICT (homework, member, stop) DO NOTHING`, h.ID, member, stop, run, s.now().UnixMilli())
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE homework_answers SET run = $4, updated_at = $5 WHERE homework = $1 AND member = $2 AND stop = $3 AND run <> $4",
				h.ID, member, stop, run, s.now().UnixMilli())
		}
		return err
	})
}

// atDesk runs f in a transaction for a member of homework, whose row is locked: of two tabs, one writes after the other. Where the homework is not at that
// version any more, or the member is gone, the error is homework.ErrStale.
func (s *Store) atDesk(ctx context.Context, what string, h homework.Homework, member string, f func(tx *sql.Tx) error) error {
	err := s.within(ctx, what, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE homework_members SET nickname = nickname
			WHERE homework = $1 AND member = $2 AND EXISTS (SELECT 1 FROM homework WHERE id = $1 AND version = $3)`, h.ID, member, h.Version)
		if err == nil {
			err = one(result, homework.ErrStale)
		}
		if err != nil {
			return err
		}
		return f(tx)
	})
	if errors.Is(err, ErrGone) {
		err = homework.ErrStale
	}
	return err
}

func scanHomeworkAnswer(row scanner) (a homework.Answer, err error) {
	var updated, handed sql.NullInt64
	err = row.Scan(&a.Stop, &a.Member, &a.Text, &a.Run, &a.Revision, &updated, &handed)
	a.UpdatedAt, a.HandedAt = moment(updated), moment(handed)
	return a, err
}

// SaveHomeworkMarks stores marks, all or none, each after the one that its maker saw: m.Revision, 0 of none. Where one has another before it, or there is
// no such answer, nothing changes, and the error is homework.ErrStale. It returns them as they are stored.
func (s *Store) SaveHomeworkMarks(ctx context.Context, h homework.Homework, marks []homework.Mark) ([]homework.Mark, error) {
	now := s.now()
	saved := make([]homework.Mark, len(marks))
	err := s.within(ctx, "save marks of homework", func(tx *sql.Tx) error {
		for i, m := range marks {
			if m.Revision < 0 || m.Revision >= maxRevision {
				return fmt.Errorf("%w: %d", answers.ErrRevision, m.Revision)
			}
			before, err := scanHomeworkMark(tx.QueryRowContext(ctx, "SELECT "+homeworkMarkColumns+` FROM homework_marks
				WHERE homework = $1 AND member = $2 AND stop = $3 ORDER BY revision DESC LIMIT 1`, h.ID, m.Member, m.Stop))
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if before.Revision != m.Revision {
				return homework.ErrStale
			}
			query := `INSERT INTO homework_marks (homework, member, stop, revision, points, concepts, comment, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
				ON CONFLICT DO NOTHING`
			args := []any{h.ID, m.Member, m.Stop, m.Revision + 1, m.Hundredths, strings.Join(m.Concepts, " "), m.Comment, m.By, now.UnixMilli()}
			if before.Revision > 0 && h.Continues(before, m, now) {
				query = `UPDATE homework_marks SET revision = $4, points = $5, concepts = $6, comment = $7, made_by = $8, made_at = $9
					WHERE homework = $1 AND member = $2 AND stop = $3 AND revision = $10`
				args = append(args, m.Revision)
			}
			result, err := tx.ExecContext(ctx, query, args...)
			if err == nil {
				err = one(result, homework.ErrStale)
			}
			if err != nil {
				return err
			}
			m.Revision, m.UpdatedAt = m.Revision+1, at(now)
			saved[i] = m
			if err := s.tell(ctx, tx, audit.MarkChanged, "homework "+h.ID, fmt.Sprintf("stop %s, member %s, revision %d", m.Stop, m.Member, m.Revision)); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrGone) { // the student took the answer back
		err = homework.ErrStale
	}
	if err != nil {
		return nil, err
	}
	return saved, nil
}

func at(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func scanHomeworkMark(row scanner) (m homework.Mark, err error) {
	var (
		made     sql.NullInt64
		concepts string
	)
	err = row.Scan(&m.Stop, &m.Member, &m.Revision, &m.Hundredths, &concepts, &m.Comment, &m.By, &made)
	m.UpdatedAt, m.Concepts = moment(made), strings.Fields(concepts)
	return m, err
}

// MarkHistory returns all marks that an answer has had, the newest first.
func (s *Store) MarkHistory(ctx context.Context, id, stop, member string) ([]homework.Mark, error) {
	return list(ctx, planned{s}, "marks of an answer", scanHomeworkMark,
		"SELECT "+homeworkMarkColumns+" FROM homework_marks WHERE homework = $1 AND stop = $2 AND member = $3 ORDER BY revision DESC", id, stop, member)
}

// Sheet returns what one member has handed in.
func (s *Store) Sheet(ctx context.Context, id string, m homework.Member) (homework.Sheet, error) {
	sheets, err := s.sheets(ctx, id, []homework.Member{m}, m.ID)
	if err != nil {
		return homework.Sheet{}, err
	}
	return sheets[0], nil
}

// Sheets returns what all members have handed in, in the order in which they joined.
func (s *Store) Sheets(ctx context.Context, id string) ([]homework.Sheet, error) {
	members, err := list(ctx, planned{s}, "members of homework", scanHomeworkMember,
		"SELECT "+homeworkMember+" FROM homework_members m WHERE m.homework = $1 ORDER BY m.joined_at, m.member", id)
	if err != nil {
		return nil, err
	}
	return s.sheets(ctx, id, members, "")
}

// sheets adds to members what they handed in; with only, what that one did is read alone.
func (s *Store) sheets(ctx context.Context, id string, members []homework.Member, only string) ([]homework.Sheet, error) {
	sheets, at := make([]homework.Sheet, len(members)), map[string]*homework.Sheet{}
	for i, m := range members {
		sheets[i].Member = m
		at[m.ID] = &sheets[i]
	}
	const of = " WHERE homework = $1 AND ($2 = '' OR member = $2)"
	guesses, err := list(ctx, planned{s}, "guesses of homework", scanHomeworkGuess, "SELECT stop, member, value, confidence, made_at FROM homework_guesses"+of+" ORDER BY stop, member", id, only)
	if err != nil {
		return nil, err
	}
	for _, g := range guesses {
		if sheet := at[g.Member]; sheet != nil { // else the member joined a moment ago
			sheet.Guesses = append(sheet.Guesses, g)
		}
	}
	written, err := list(ctx, planned{s}, "answers of homework", scanHomeworkAnswer, "SELECT "+homeworkAnswerColumns+" FROM homework_answers"+of+" ORDER BY stop, member", id, only)
	if err != nil {
		return nil, err
	}
	for _, a := range written {
		if sheet := at[a.Member]; sheet != nil {
			sheet.Answers = append(sheet.Answers, a)
		}
	}
	marks, err := list(ctx, planned{s}, "marks of homework", scanHomeworkMark, "SELECT "+homeworkMarkColumns+" FROM homework_marks t"+of+` AND NOT EXISTS (
		SELECT 1 FROM homework_marks n WHERE n.homework = t.homework AND n.member = t.member AND n.stop = t.stop AND n.revision > t.revision) ORDER BY stop, member`, id, only)
	if err != nil {
		return nil, err
	}
	for _, m := range marks {
		if sheet := at[m.Member]; sheet != nil {
			sheet.Marks = append(sheet.Marks, m)
		}
	}
	return sheets, nil
}

// HomeworkOwners returns the visitors that each member is.
func (s *Store) HomeworkOwners(ctx context.Context, id string) (map[string][]string, error) {
	owners := map[string][]string{}
	_, err := list(ctx, planned{s}, "seats of homework", func(row scanner) (none struct{}, err error) {
		var member, owner string
		if err = row.Scan(&member, &owner); err == nil {
			owners[member] = append(owners[member], owner)
		}
		return none, err
	}, "SELECT member, owner FROM homework_seats WHERE homework = $1 ORDER BY member, since_at, owner", id)
	return owners, err
}
