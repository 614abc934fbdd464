package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gradlab/answers"
	"gradlab/persons"
)

// alike are, of each table whose rows may become another owner's, the columns by which two rows are about the same. Where the other has
// such a row already, that one stays, and so does this where it is: nothing is taken away. What is written is told apart in takeAnswers.
var alike = map[string][]string{
	"progress": {"lesson", "item"}, "attached_runs": {"question", "part"}, "ticks": {"question", "concept"}, "answers": {"question", "part"},
	"class_members": {"class"}, "class_removed": {"class"}, "homework_seats": {"homework"},
}

// known are the tables of what issuers and learning platforms call a person, and of when they were here: it is nobody else's.
var known = []string{"lti_scores", "lti_users", "persons", "visitors"}

// Held counts what an owner has written that another could take along.
func (s *Store) Held(ctx context.Context, owner, to string) (h persons.Held, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM answers t WHERE t.owner = $1),
		(SELECT COUNT(*) FROM progress t WHERE t.owner = $1 AND NOT EXISTS (SELECT 1 FROM progress o WHERE o.owner = $2 AND o.lesson = t.lesson AND o.item = t.item)),
		(SELECT COUNT(*) FROM class_members t WHERE t.owner = $1 AND NOT EXISTS (SELECT 1 FROM class_members o WHERE o.owner = $2 AND o.class = t.class))`,
		owner, to).Scan(&h.Answers, &h.Predictions, &h.Classes)
	if err != nil {
		return h, fmt.Errorf("count what an owner has: %w", classify(err))
	}
	return h, nil
}

// TakeAlong gives what an owner has written to another, and returns how much had to stay: answers that would be too long together, and what
// both have in a class or homework.
// Of two answers to the same the later text follows the other's own, under a line that says so; the first prediction stays, as it does in
// a lesson. Revisions go on counting, so that an open page learns of a change. The error is
// answers.ErrRetired where the other was deleted meanwhile.
func (s *Store) TakeAlong(ctx context.Context, owner, to string) (left int, err error) {
	for _, name := range []string{owner, to} {
		if err := checkNames(name, answers.Key{Question: "any"}); err != nil {
			return 0, fmt.Errorf("take along: %w", err)
		}
	}
	if owner == to {
		return 0, nil
	}
	err = s.studying(ctx, to, func(tx *sql.Tx) error {
		if err := s.engine.turn(ctx, tx, owner); err != nil {
			return err
		}
		// Before answers: a run goes with the text it stands beside.
		if err := s.takeAnswers(ctx, tx, owner, to); err != nil {
			return err
		}
		// The earlier one of two predictions was made before the truth was seen.
		if _, err := tx.ExecContext(ctx, `DELETE FROM progress WHERE owner = $2 AND EXISTS (SELECT 1 FROM progress f
			WHERE f.owner = $1 AND f.lesson = progress.lesson AND f.item = progress.item AND f.made_at < progress.made_at)`, owner, to); err != nil {
			return err
		}
		for table, columns := range alike {
			same := make([]string, len(columns))
			for i, c := range columns {
				same[i] = "o." + c + " = " + table + "." + c
			}
			where := " AND NOT EXISTS (SELECT 1 FROM " + table + " o WHERE o.owner = $2 AND " + strings.Join(same, " AND ") + ")"
			if _, err := tx.ExecContext(ctx, "UPDATE "+table+" SET owner = $2 WHERE owner = $1"+where, owner, to); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		// What is left of these says nothing that is not said already.
		for _, table := range []string{"progress", "ticks"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE owner = $1", owner); err != nil {
				return err
			}
		}
		for table := range alike {
			var n int
			if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table+" WHERE owner = $1", owner).Scan(&n); err != nil {
				return err
			}
			left += n
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("take along: %w", classify(err))
	}
	return left, nil
}

// takeAnswers joins the answers of an owner to those that another has to the same parts; the rest is left to be moved, or stays
// where both together would be too long.
func (s *Store) takeAnswers(ctx context.Context, tx *sql.Tx, owner, to string) error {
	both, err := rowsIn(ctx, tx, func(row scanner) (two [2]joined, err error) {
		var first [2]sql.NullInt64
		a, b := &two[0], &two[1] // the owner's, and the other's
		err = row.Scan(&a.Question, &a.Part, &a.Text, &a.Revision, &a.updated, &first[0], &a.run, &b.Text, &b.Revision, &first[1], &b.run)
		b.Key = a.Key
		a.first, b.first = first[0], first[1]
		return two, err
	}, `SELECT f.question, f.part, f.text, f.revision, f.updated_at, f.first_submitted_at, COALESCE(fr.run, ''), t.text, t.revision, t.first_submitted_at, COALESCE(tr.run, '')
		FROM answers f JOIN answers t ON t.owner = $2 AND t.question = f.question AND t.part = f.part
		LEFT JOIN attached_runs fr ON fr.owner = f.owner AND fr.question = f.question AND fr.part = f.part
		LEFT JOIN attached_runs tr ON tr.owner = t.owner AND tr.question = t.question AND tr.part = t.part
		WHERE f.owner = $1 ORDER BY f.question, f.part`, owner, to)
	if err != nil {
		return err
	}
	for _, two := range both {
		from, mine := two[0], two[1]
		text := mine.with(from)
		if utf8.RuneCountInString(text) > answers.MaxCharacters {
			continue
		}
		first := mine.first
		if !first.Valid || from.first.Valid && from.first.Int64 < first.Int64 {
			first = from.first
		}
		revision := mine.Revision
		if text != mine.Text {
			revision = max(mine.Revision, from.Revision) + 1
		}
		if _, err := tx.ExecContext(ctx, `UPDATE answers SET text = $4, revision = CAST($5 AS BIGINT), updated_at = CAST($6 AS BIGINT), first_submitted_at = CAST($7 AS BIGINT),
			submitted_revision = CASE WHEN CAST($7 AS BIGINT) IS NULL THEN NULL ELSE COALESCE(submitted_revision, CAST($8 AS BIGINT)) END
			WHERE owner = $1 AND question = $2 AND part = $3`,
			to, from.Question, from.Part, text, revision, s.now().UnixMilli(), first, mine.Revision); err != nil {
			return err
		}
		for _, table := range []string{"answers", "attached_runs"} {
			if table == "attached_runs" && mine.run == "" {
				continue // it moves to where its text went
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE owner = $1 AND question = $2 AND part = $3", owner, from.Question, from.Part); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined is an answer with its run, of two that are joined.
type joined struct {
	answers.Key
	Text     string
	Revision int64
	updated  int64
	first    sql.NullInt64
	run      string
}

// with is the text of an answer and that of another, and the other's run where this has one of its own; the same is not said twice.
func (a joined) with(other joined) string {
	run := ""
	if other.run != "" && a.run != "" && other.run != a.run {
		run = "\n\nRun: " + other.run
	}
	theirs, mine := strings.TrimSpace(other.Text), strings.TrimSpace(a.Text)
	switch {
	case (theirs == "" || strings.Contains(mine, theirs)) && run == "":
		return a.Text
	case mine == "":
		return other.Text + run
	}
	return fmt.Sprintf("%s\n\n— Also written, %s —\n\n%s%s", a.Text, time.UnixMilli(other.updated).UTC().Format("2 January 2006, 15:04 UTC"), theirs, run)
}

// rowsIn reads all rows of a query in a transaction.
func rowsIn[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Untie gives everything that a person has written to a visitor without a name, and forgets the person: sessions, courses, what the issuer
// said. Classes and plans stay, with their keys.
func (s *Store) Untie(ctx context.Context, p persons.Person, to string) (left int, err error) {
	left, err = s.TakeAlong(ctx, p.Owner, to)
	if err != nil {
		return 0, err
	}
	if left > 0 { // then the person stays, who alone has the rest
		return left, nil
	}
	return 0, s.within(ctx, "forget person", func(tx *sql.Tx) error {
		for _, table := range known {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE owner = $1", p.Owner); err != nil {
				return err
			}
		}
		return nil
	})
}
