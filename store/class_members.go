package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gradlab/answers"
	"gradlab/classroom"
)

// Join makes a visitor a member of a class, or gives a member another nickname, and returns the member. The error
// is classroom.ErrFull where the class has as many as it may, and classroom.ErrNone where it was deleted. On PostgreSQL, those
// who join at the same moment do not see one another, so the bound may be passed by a few: it is one against floods.
func (s *Store) Join(ctx context.Context, class, owner string, m classroom.Member) (classroom.Member, error) {
	if err := checkNames(owner, answers.Key{Question: class}); err != nil {
		return classroom.Member{}, fmt.Errorf("join class: %w", err)
	}
	err := s.owning(ctx, owner, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO class_members (class, owner, member, nickname, joined_at, seen_at)
			SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), CAST($5 AS BIGINT)
			WHERE (SELECT COUNT(*) FROM class_members WHERE class = $1) < $6
			   OR EXISTS (SELECT 1 FROM class_members WHERE class = $1 AND owner = $2)
			ON CONFLICT (class, owner) DO UPDATE SET nickname = excluded.nickname, seen_at = excluded.seen_at`,
			class, owner, m.ID, m.Nickname, s.now().UnixMilli(), classroom.MaxStudents); err != nil {
			return err
		}
		found := false
		var err error
		if m, found, err = s.memberIn(ctx, tx, class, owner); err == nil && !found {
			err = classroom.ErrFull
		}
		return err
	})
	if err = classify(err); errors.Is(err, ErrGone) {
		err = classroom.ErrNone
	}
	if err != nil {
		return classroom.Member{}, fmt.Errorf("join class: %w", err)
	}
	return m, nil
}

// Member returns the member that a visitor is in a class; found is false for one who has not joined.
func (s *Store) Member(ctx context.Context, class, owner string) (m classroom.Member, found bool, err error) {
	if m, found, err = s.memberIn(ctx, planned{s}, class, owner); err != nil {
		return m, false, fmt.Errorf("read member: %w", err)
	}
	return m, found, nil
}

func (s *Store) memberIn(ctx context.Context, q querier, class, owner string) (m classroom.Member, found bool, err error) {
	var joined, hand sql.NullInt64
	err = q.QueryRowContext(ctx, "SELECT member, nickname, joined_at, hand_at FROM class_members WHERE class = $1 AND owner = $2", class, owner).
		Scan(&m.ID, &m.Nickname, &joined, &hand)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	m.JoinedAt, m.HandAt = moment(joined), moment(hand)
	return m, err == nil, classify(err)
}

// Members returns the members of a class in the order in which they joined.
func (s *Store) Members(ctx context.Context, class string) ([]classroom.Member, error) {
	return list(ctx, planned{s}, "members", func(row scanner) (m classroom.Member, err error) {
		var joined, seen, away, hand, branched sql.NullInt64
		err = row.Scan(&m.ID, &m.Nickname, &joined, &m.Here, &seen, &away, &hand, &branched, &m.Branch)
		m.JoinedAt, m.HandAt, m.BranchedAt = moment(joined), moment(hand), moment(branched)
		if !m.Here {
			if seen.Int64 > 0 { // nobody has noted that the page was closed: its server died
				away = seen
			}
			m.AwayAt = moment(away)
		}
		return m, err
	}, `SELECT member, nickname, joined_at, COALESCE(seen_at, 0) > $2, seen_at, away_at, hand_at, branched_at, branch
		FROM class_members WHERE class = $1 ORDER BY joined_at, member`, class, s.now().Add(-classroom.Presence).UnixMilli())
}

// RenameMember gives a member another nickname. The error is classroom.ErrNone where nobody is that member.
func (s *Store) RenameMember(ctx context.Context, class, member, nickname string) error {
	result, err := s.write.ExecContext(ctx, "UPDATE class_members SET nickname = $3 WHERE class = $1 AND member = $2", class, member, nickname)
	if err == nil {
		err = one(result, classroom.ErrNone)
	}
	if err != nil {
		return fmt.Errorf("rename member: %w", classify(err))
	}
	return nil
}

// Leave deletes a visitor's membership and, by the tables' foreign keys, everything that the member handed in.
func (s *Store) Leave(ctx context.Context, class, owner string) error {
	return s.deleteRows(ctx, "leave class", "DELETE FROM class_members WHERE class = $1 AND owner = $2", class, owner)
}

// SaveGuess stores what a visitor predicts who is a member, as long as the class is at that version: one that was locked
// meanwhile takes none, and neither does one that the visitor has left. Then the error is classroom.ErrStale.
func (s *Store) SaveGuess(ctx context.Context, class string, version int64, owner string, g classroom.Guess) error {
	result, err := s.write.ExecContext(ctx, `
		INSERT INTO class_guesses (class, stop, round, member, value, confidence, updated_at)
		SELECT m.class, $4, CAST($5 AS BIGINT), m.member, CAST($6 AS DOUBLE PRECISION), CAST($7 AS BIGINT), CAST($8 AS BIGINT)
		FROM class_members m JOIN classes c ON c.id = m.class WHERE c.id = $1 AND c.version = $2 AND m.owner = $3
		ON CONFLICT (class, stop, round, member) DO UPDATE
		SET value = excluded.value, confidence = excluded.confidence, updated_at = excluded.updated_at`,
		class, version, owner, g.Stop, g.Round, g.Value, g.Confidence, s.now().UnixMilli())
	if err == nil {
		err = one(result, classroom.ErrStale)
	}
	if err = classify(err); errors.Is(err, ErrGone) {
		err = classroom.ErrStale
	}
	if err != nil {
		return fmt.Errorf("save guess: %w", err)
	}
	return nil
}

// Guesses returns what was predicted at a stop, or at all stops for "", round by round.
func (s *Store) Guesses(ctx context.Context, class, stop string) ([]classroom.Guess, error) {
	return list(ctx, planned{s}, "guesses", scanGuess, "SELECT "+guessColumns+" FROM class_guesses WHERE class = $1 AND ($2 = '' OR stop = $2) ORDER BY round, member", class, stop)
}

// MemberGuesses returns what a member predicted, at all stops.
func (s *Store) MemberGuesses(ctx context.Context, class, member string) ([]classroom.Guess, error) {
	return list(ctx, planned{s}, "guesses of a member", scanGuess, "SELECT "+guessColumns+" FROM class_guesses WHERE class = $1 AND member = $2 ORDER BY round, stop", class, member)
}

const guessColumns = "stop, round, member, value, confidence, updated_at"

func scanGuess(row scanner) (g classroom.Guess, err error) {
	var updated sql.NullInt64
	err = row.Scan(&g.Stop, &g.Round, &g.Member, &g.Value, &g.Confidence, &updated)
	g.UpdatedAt = moment(updated)
	return g, err
}

// Desk returns what a student's page shows of its student's own: the member that a visitor is, the guesses at a stop, and all
// answers. It is one query, since a whole hall asks at once. found is false for one who has not joined.
func (s *Store) Desk(ctx context.Context, class, owner, stop string) (d classroom.Desk, found bool, err error) {
	type guess struct {
		value            sql.NullFloat64
		confidence, when sql.NullInt64
	}
	type line struct {
		member         classroom.Member
		hand, branched sql.NullInt64
		guesses        [classroom.Rounds]guess
		stop, text     sql.NullString
		run            sql.NullString
		revision, at   sql.NullInt64
	}
	lines, err := list(ctx, planned{s}, "desk", func(row scanner) (l line, err error) {
		first, second := &l.guesses[0], &l.guesses[1]
		err = row.Scan(&l.member.ID, &l.member.Nickname, &l.hand, &l.branched, &first.value, &first.confidence, &first.when,
			&second.value, &second.confidence, &second.when, &l.stop, &l.text, &l.run, &l.revision, &l.at)
		l.member.HandAt, l.member.BranchedAt = moment(l.hand), moment(l.branched)
		return l, err
	}, `
		SELECT m.member, m.nickname, m.hand_at, m.branched_at, f.value, f.confidence, f.updated_at, g.value, g.confidence, g.updated_at,
			a.stop, a.text, a.run, a.revision, a.updated_at
		FROM class_members m
		LEFT JOIN class_guesses f ON f.class = m.class AND f.member = m.member AND f.stop = $3 AND f.round = 1
		LEFT JOIN class_guesses g ON g.class = m.class AND g.member = m.member AND g.stop = $3 AND g.round = 2
		LEFT JOIN class_answers a ON a.class = m.class AND a.member = m.member
		WHERE m.class = $1 AND m.owner = $2 ORDER BY a.stop`, class, owner, stop)
	for _, l := range lines {
		d.Member, found = l.member, true
		for i, g := range l.guesses {
			if g.value.Valid {
				d.Guesses[i] = classroom.Guess{Stop: stop, Member: l.member.ID, Round: i + 1, Value: g.value.Float64, Confidence: int(g.confidence.Int64), UpdatedAt: moment(g.when)}
			}
		}
		if l.stop.Valid {
			d.Answers = append(d.Answers, classroom.Answer{Stop: l.stop.String, Member: l.member.ID, Text: l.text.String, Run: l.run.String,
				Revision: l.revision.Int64, UpdatedAt: moment(l.at)})
		}
	}
	return d, found, err
}

// Seen notes which members of a class have its page open now, and which have closed it.
func (s *Store) Seen(ctx context.Context, class string, here, gone []string) error {
	now := s.now().UnixMilli()
	for _, change := range []struct {
		members []string
		set     string
	}{{here, "seen_at = CAST($2 AS BIGINT)"}, {gone, "seen_at = 0, away_at = CAST($2 AS BIGINT)"}} {
		if len(change.members) == 0 {
			continue
		}
		args, places := []any{class, now}, make([]string, len(change.members))
		for i, m := range change.members {
			args, places[i] = append(args, m), fmt.Sprint("$", i+3)
		}
		if _, err := s.write.ExecContext(ctx, "UPDATE class_members SET "+change.set+" WHERE class = $1 AND member IN ("+strings.Join(places, ", ")+")", args...); err != nil {
			return fmt.Errorf("note who is in a class: %w", classify(err))
		}
	}
	if len(here) == 0 {
		return nil
	}
	return s.attending(ctx, class, here)
}

// ClassCount counts members, those there, hands that are up, and at a stop the guesses of a round and the answers.
func (s *Store) ClassCount(ctx context.Context, class, stop string, round int) (n classroom.Count, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM class_members WHERE class = $1),
		(SELECT COUNT(*) FROM class_members WHERE class = $1 AND seen_at > $3),
		(SELECT COUNT(*) FROM class_members m WHERE class = $1 AND (seen_at > $3
			OR EXISTS (SELECT 1 FROM class_guesses g WHERE g.class = $1 AND g.stop = $2 AND g.round = $4 AND g.member = m.member)
			OR EXISTS (SELECT 1 FROM class_answers a WHERE a.class = $1 AND a.stop = $2 AND a.member = m.member))),
		(SELECT COUNT(*) FROM class_members WHERE class = $1 AND hand_at IS NOT NULL),
		(SELECT COUNT(*) FROM class_guesses WHERE class = $1 AND stop = $2 AND round = $4),
		(SELECT COUNT(*) FROM class_answers WHERE class = $1 AND stop = $2),
		(SELECT COUNT(*) FROM class_submissions WHERE class = $1 AND stop = $2)`, class, stop, s.now().Add(-classroom.Presence).UnixMilli(), round).Scan(&n.Members, &n.Here, &n.Asked, &n.Hands, &n.Guesses, &n.Answers, &n.Submissions)
	if err != nil {
		return n, fmt.Errorf("count a class: %w", classify(err))
	}
	return n, nil
}

type scanner interface{ Scan(...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, from planned, what string, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, classify(err))
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, classify(err))
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", what, classify(err))
	}
	return all, nil
}
