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
)

const columns = "question, part, text, revision, updated_at, first_submitted_at, submitted_revision"

// Answers returns all answers of an owner, drafts among them, ordered by question and part. An
// unknown owner has none, which is no error.
func (s *Store) Answers(ctx context.Context, owner string) ([]answers.Answer, error) {
	if gone, err := s.forgotten(ctx, planned{s}, owner); err != nil || gone {
		return nil, wrapped("read answers", err)
	}
	rows, err := s.read.QueryContext(ctx,
		"SELECT "+columns+" FROM answers WHERE owner = $1 ORDER BY question, part", owner)
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", classify(err))
	}
	defer rows.Close()
	var all []answers.Answer
	for rows.Next() {
		a, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read answers: %w", classify(err))
		}
		all = append(all, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read answers: %w", classify(err))
	}
	return all, nil
}

// Answer returns one answer, or an error that is ErrNotFound.
func (s *Store) Answer(ctx context.Context, owner string, key answers.Key) (answers.Answer, error) {
	gone, err := s.forgotten(ctx, planned{s}, owner)
	a := answers.Answer{}
	if err == nil && gone {
		err = ErrNotFound
	}
	if err == nil {
		a, err = find(ctx, s.read, owner, key)
	}
	if err != nil {
		return answers.Answer{}, fmt.Errorf("read answer to %q: %w", key.Question, classify(err))
	}
	return a, nil
}

// SaveDraft stores text and returns the answer as it now stands. base is the revision that the writer
// last saw: 0 for none. Where another revision is stored, nothing changes and the error is a
// *ConflictError, unless the stored text is this text already: saving the same text again keeps the
// revision and succeeds, so that a client may repeat a save whose reply it lost. An answer that was
// deleted meanwhile is stored anew, with a revision above base. An unfit text gives a *TextError.
func (s *Store) SaveDraft(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error) {
	a, err := s.save(ctx, owner, key, text, base, false)
	if err != nil {
		return answers.Answer{}, fmt.Errorf("save draft of %q: %w", key.Question, err)
	}
	return a, nil
}

// Submit does what SaveDraft does and marks the stored text as submitted. A text of white space alone
// gives a *TextError. The time of the first submission stays; submitting again moves
// SubmittedRevision.
func (s *Store) Submit(ctx context.Context, owner string, key answers.Key, text string, base int64) (answers.Answer, error) {
	if strings.TrimSpace(text) == "" {
		return answers.Answer{}, fmt.Errorf("submit answer to %q: %w", key.Question, &answers.TextError{Problem: answers.NothingSaid})
	}
	a, err := s.save(ctx, owner, key, text, base, true)
	if err != nil {
		return answers.Answer{}, fmt.Errorf("submit answer to %q: %w", key.Question, err)
	}
	return a, nil
}

// save runs one write transaction. The upsert is conditional, and takes the row's lock even where its
// condition fails: what find reads afterwards cannot change before the commit, on either engine.
func (s *Store) save(ctx context.Context, owner string, key answers.Key, text string, base int64, submit bool) (answers.Answer, error) {
	if err := checkNames(owner, key); err != nil {
		return answers.Answer{}, err
	}
	if err := answers.CheckText(text); err != nil {
		return answers.Answer{}, err
	}
	if base < 0 || base >= maxRevision {
		return answers.Answer{}, fmt.Errorf("%w: %d", answers.ErrRevision, base)
	}
	now := s.now().UnixMilli()
	var stored answers.Answer
	err := s.studying(ctx, owner, func(tx *sql.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO answers (owner, question, part, text, revision, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (owner, question, part) DO UPDATE
			SET text = excluded.text, revision = excluded.revision, updated_at = excluded.updated_at
			WHERE answers.revision = $7 AND answers.text <> excluded.text`,
			owner, key.Question, key.Part, text, base+1, now, base); err != nil {
			return err
		}
		if stored, err = find(ctx, tx, owner, key); err != nil || stored.Text == text && !submit {
			return err
		}
		if stored.Text != text {
			return &answers.ConflictError{Current: stored, Base: base}
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE answers
			SET first_submitted_at = COALESCE(first_submitted_at, $4), submitted_revision = revision
			WHERE owner = $1 AND question = $2 AND part = $3`,
			owner, key.Question, key.Part, now); err != nil {
			return err
		}
		stored, err = find(ctx, tx, owner, key)
		return err
	})
	if err != nil {
		return answers.Answer{}, classify(err)
	}
	return stored, nil
}

// Known says whether anything of an owner is kept, but for what was handed in to classes.
func (s *Store) Known(ctx context.Context, owner string) (known bool, err error) {
	err = planned{s}.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM answers WHERE owner = $1) OR EXISTS (SELECT 1 FROM progress WHERE owner = $1)
		OR EXISTS (SELECT 1 FROM attached_runs WHERE owner = $1) OR EXISTS (SELECT 1 FROM ticks WHERE owner = $1)`, owner).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for an owner: %w", classify(err))
	}
	return known, nil
}

// owned are the tables whose rows belong to an owner. With a class_members row goes, by the tables' foreign keys, what the
// member handed in, and the marks on it; with one of persons, its sessions and courses.
var owned = append([]string{"class_members", "class_removed", "homework_seats", "lti_users", "lti_scores"}, ofVisit...)

// DeleteAll deletes everything of an owner, all or nothing, and returns the classes that the owner was in. With retire, what is on its
// way at that moment is not kept, either: see ErrRetired.
func (s *Store) DeleteAll(ctx context.Context, owner string, retire bool) (classes []string, err error) {
	err = s.freeing(ctx, func() error {
		classes, err = s.deleteAll(ctx, owner, retire)
		return err
	})
	return classes, err
}

func (s *Store) deleteAll(ctx context.Context, owner string, retire bool) (classes []string, err error) {
	defer func() {
		if err != nil {
			classes, err = nil, fmt.Errorf("delete all of an owner: %w", classify(err))
		}
	}()
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // after Commit this does nothing
	if retire {
		if err := s.retire(ctx, tx, owner); err != nil {
			return nil, err
		}
	}
	rows, err := tx.QueryContext(ctx, "SELECT class FROM class_members WHERE owner = $1 ORDER BY class", owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var class string
		if err := rows.Scan(&class); err != nil {
			return nil, err
		}
		classes = append(classes, class)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// A member of homework may have other seats; what the member handed in goes all the same.
	if _, err := tx.ExecContext(ctx, `DELETE FROM homework_members WHERE EXISTS (SELECT 1 FROM homework_seats s
		WHERE s.owner = $1 AND s.homework = homework_members.homework AND s.member = homework_members.member)`, owner); err != nil {
		return nil, err
	}
	for _, table := range owned {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE owner = $1", owner); err != nil {
			return nil, err
		}
	}
	if err := s.tell(ctx, tx, audit.DataDeleted, "", ""); err != nil {
		return nil, err
	}
	return classes, tx.Commit()
}

// Rename gives everything of an owner to another name, which nobody has. The one before is retired.
func (s *Store) Rename(ctx context.Context, owner, to string) error {
	if err := checkNames(to, answers.Key{Question: "any"}); err != nil {
		return fmt.Errorf("rename an owner: %w", err)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("rename an owner: %w", classify(err))
	}
	defer tx.Rollback() // after Commit this does nothing
	if err := s.retire(ctx, tx, owner); err != nil {
		return fmt.Errorf("rename an owner: %w", classify(err))
	}
	for _, table := range owned {
		if _, err := tx.ExecContext(ctx, "UPDATE "+table+" SET owner = $2 WHERE owner = $1", owner, to); err != nil {
			return fmt.Errorf("rename an owner: %w", classify(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("rename an owner: %w", classify(err))
	}
	return nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func find(ctx context.Context, q querier, owner string, key answers.Key) (answers.Answer, error) {
	a, err := scan(q.QueryRowContext(ctx,
		"SELECT "+columns+" FROM answers WHERE owner = $1 AND question = $2 AND part = $3",
		owner, key.Question, key.Part))
	if errors.Is(err, sql.ErrNoRows) {
		return answers.Answer{}, ErrNotFound
	}
	return a, err
}

// scan reads the columns named by the constant of that name.
func scan(row interface{ Scan(...any) error }) (answers.Answer, error) {
	var (
		a                  answers.Answer
		updated            int64
		first, submittedAs sql.NullInt64
	)
	if err := row.Scan(&a.Question, &a.Part, &a.Text, &a.Revision, &updated, &first, &submittedAs); err != nil {
		return answers.Answer{}, err
	}
	a.UpdatedAt = time.UnixMilli(updated).UTC()
	if first.Valid {
		a.FirstSubmittedAt = time.UnixMilli(first.Int64).UTC()
	}
	a.SubmittedRevision = submittedAs.Int64
	return a, nil
}
