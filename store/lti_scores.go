package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/lti"
)

const (
	// recount is how long the marks of a class are counted again after one changed: a mark that was written a moment before another
	// may be stored after it.
	recount = 2 * time.Minute
	// leased is how long a score belongs to the process that tries it: longer than a try can take. Where the process dies, another
	// tries again then; the platform takes the same score twice as once.
	leased = time.Minute
)

// QueueScores puts into the outbox what classes have reached whose marks are released: each person's points, where they are not
// there already. It can be done at any time and by any process: what is to be sent follows from the marks, so a process that
// dies between a mark and its passback loses nothing.
// What it may have there is taken back while the marks are withheld.
func (s *Store) QueueScores(ctx context.Context) error {
	if err := s.withdrawScores(ctx); err != nil {
		return err
	}
	type due struct {
		link, class string
		points      int64
		latest      int64
	}
	now := s.now().UnixMilli()
	all, err := list(ctx, planned{s}, "links to count", func(r scanner) (d due, err error) { return d, r.Scan(&d.link, &d.class, &d.points, &d.latest) }, `
		SELECT id, class, points, latest FROM (
			SELECT l.id, l.class, l.points, l.counted_at, COALESCE((SELECT MAX(m.updated_at) FROM class_marks m WHERE m.class = c.id AND m.updated_at > c.released_at), c.released_at) AS latest
			FROM lti_links l JOIN classes c ON c.id = l.class WHERE c.released_at IS NOT NULL AND l.points > 0) d
		WHERE counted_at < latest OR latest > $1`, now-recount.Milliseconds())
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := s.within(ctx, "queue scores", func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO lti_scores (link, owner, subject, given, maximum, reached_at, queued_at, next_at, tries)
				SELECT u.link, u.owner, u.subject, CAST(SUM(m.points) AS BIGINT), CAST($2 AS BIGINT), CASE WHEN MAX(m.updated_at) > c.released_at THEN MAX(m.updated_at) ELSE c.released_at END,
					CAST($3 AS BIGINT), CAST($3 AS BIGINT), '[]'
				FROM lti_users u JOIN class_members b ON b.owner = u.owner JOIN classes c ON c.id = b.class JOIN class_marks m ON m.class = c.id AND m.member = b.member
				WHERE u.link = $1 AND c.id = $4 AND c.released_at IS NOT NULL AND m.points >= 0
				GROUP BY u.link, u.owner, u.subject, c.released_at
				ON CONFLICT (link, owner) DO UPDATE SET `+queued,
				d.link, d.points, now, d.class); err != nil {
				return err
			}
			// Who was given points, and has none any more.
			if _, err := tx.ExecContext(ctx, "UPDATE lti_scores SET "+withdrawn+` WHERE link = $2 AND given >= 0 AND NOT EXISTS (
				SELECT 1 FROM class_members b JOIN class_marks m ON m.class = b.class AND m.member = b.member WHERE b.class = $3 AND b.owner = lti_scores.owner AND m.points >= 0)`,
				now, d.link, d.class); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "UPDATE lti_links SET counted_at = CAST($2 AS BIGINT) WHERE id = $1", d.link, d.latest)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// withdrawn makes of a score, at the time $1, that there is none. Its time is later than that of what may have been sent [AGS 3.4.9].
const withdrawn = `given = -1, reached_at = CASE WHEN reached_at < CAST($1 AS BIGINT) THEN CAST($1 AS BIGINT) ELSE reached_at + 1 END,
	queued_at = CAST($1 AS BIGINT), next_at = CAST($1 AS BIGINT), sent_at = NULL, failed_at = NULL`

// withdrawScores takes back what was sent, or may have been, of classes whose marks are withheld.
func (s *Store) withdrawScores(ctx context.Context) error {
	const withheld = "SELECT l.id FROM lti_links l JOIN classes c ON c.id = l.class WHERE c.released_at IS NULL"
	links, err := list(ctx, planned{s}, "scores to take back", func(r scanner) (link string, err error) { return link, r.Scan(&link) },
		"SELECT DISTINCT link FROM lti_scores WHERE given >= 0 AND tried_at IS NOT NULL AND link IN ("+withheld+")")
	if err != nil {
		return err
	}
	for _, link := range links {
		if _, err := s.write.ExecContext(ctx, "UPDATE lti_scores SET "+withdrawn+" WHERE link = $2 AND given >= 0 AND tried_at IS NOT NULL AND link IN ("+withheld+")",
			s.now().UnixMilli(), link); err != nil {
			return fmt.Errorf("take scores back: %w", classify(err))
		}
	}
	return nil
}

// DueHomework are the links whose homework was released, or marked after that, since it was counted.
func (s *Store) DueHomework(ctx context.Context) ([]lti.Due, error) {
	return list(ctx, planned{s}, "homework to count", func(r scanner) (d lti.Due, err error) {
		var latest int64
		err = r.Scan(&d.Link, &d.Homework, &latest)
		d.Latest = time.UnixMilli(latest).UTC()
		return d, err
	}, `
		SELECT link, homework, latest FROM (
			SELECT l.id AS link, h.id AS homework, l.counted_at, COALESCE((SELECT MAX(m.made_at) FROM homework_marks m WHERE m.homework = h.id AND m.made_at > h.released_at), h.released_at) AS latest
			FROM lti_links l JOIN homework h ON l.target = '/homework/' || h.id WHERE h.released_at IS NOT NULL) d
		WHERE counted_at < latest OR latest > $1`, s.now().Add(-recount).UnixMilli())
}

// QueueResults puts the results of a link's homework into the outbox, of those who came by the link, and notes up to when they were counted.
func (s *Store) QueueResults(ctx context.Context, d lti.Due, results []lti.Result) error {
	return s.within(ctx, "queue results", func(tx *sql.Tx) error {
		for _, r := range results {
			for _, owner := range r.Owners {
				if r.Of <= 0 {
					continue
				}
				if _, err := tx.ExecContext(ctx, `
					INSERT INTO lti_scores (link, owner, subject, given, maximum, reached_at, queued_at, next_at, tries)
					SELECT link, owner, subject, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($6 AS BIGINT), '[]'
					FROM lti_users WHERE link = $1 AND owner = $2
					ON CONFLICT (link, owner) DO UPDATE SET `+queued, d.Link, owner, r.Points, r.Of, r.At.UnixMilli(), s.now().UnixMilli()); err != nil {
					return err
				}
			}
		}
		_, err := tx.ExecContext(ctx, "UPDATE lti_links SET counted_at = CAST($2 AS BIGINT) WHERE id = $1", d.Link, d.Latest.UnixMilli())
		return err
	})
}

// queued says what becomes of a score that is in the outbox already: another one takes its place, with a later time, and one that was taken
// back is there again; the same is not sent twice.
const queued = `subject = excluded.subject, given = excluded.given, maximum = excluded.maximum,
	reached_at = CASE WHEN lti_scores.maximum <> excluded.maximum AND lti_scores.reached_at < excluded.queued_at THEN excluded.queued_at
		WHEN lti_scores.reached_at < excluded.reached_at THEN excluded.reached_at ELSE lti_scores.reached_at + 1 END,
	queued_at = excluded.queued_at, next_at = excluded.next_at, sent_at = NULL, failed_at = NULL
	WHERE lti_scores.maximum <> excluded.maximum OR lti_scores.given < 0 OR lti_scores.reached_at < excluded.reached_at AND lti_scores.given <> excluded.given`

const scoreColumns = "s.owner, s.subject, s.given, s.maximum, s.reached_at, s.queued_at, s.next_at, s.sent_at, s.failed_at, s.tries"

func scanScore(row scanner) (o lti.Outgoing, err error) {
	var grades, tries string
	var reached, queued, maximum int64
	var next, sent, failed sql.NullInt64
	fields := append(linkFields(&o.Placement, &grades), &o.Owner, &o.Subject, &o.Given, &maximum, &reached, &queued, &next, &sent, &failed, &tries)
	if err = row.Scan(fields...); err != nil {
		return o, err
	}
	o.Points, o.At, o.Queued = maximum, time.UnixMilli(reached).UTC(), time.UnixMilli(queued).UTC()
	o.Next, o.Sent, o.Failed = moment(next), moment(sent), moment(failed)
	if err = json.Unmarshal([]byte(grades), &o.Grades); err == nil {
		err = json.Unmarshal([]byte(tries), &o.Tries)
	}
	return o, err
}

// DueScores takes up to that many scores whose time has come: for a minute no other process gets them. What waits while its marks are
// withheld goes on waiting, and is sent once they are released again; that there is no score any more is told at once.
func (s *Store) DueScores(ctx context.Context, most int) ([]lti.Outgoing, error) {
	now := s.now()
	all, err := list(ctx, planned{s}, "scores to send", scanScore, "SELECT "+linkColumns+", "+scoreColumns+` FROM lti_scores s JOIN lti_links l ON l.id = s.link
		WHERE s.next_at <= $1
			AND (s.given < 0 OR NOT EXISTS (SELECT 1 FROM classes c WHERE c.id = l.class AND c.released_at IS NULL)
				AND NOT EXISTS (SELECT 1 FROM homework h WHERE l.target = '/homework/' || h.id AND h.released_at IS NULL))
		ORDER BY s.next_at, s.link, s.owner LIMIT $2`, now.UnixMilli(), most)
	if err != nil {
		return nil, err
	}
	var mine []lti.Outgoing
	for _, o := range all {
		result, err := s.write.ExecContext(ctx, "UPDATE lti_scores SET next_at = CAST($4 AS BIGINT), tried_at = COALESCE(tried_at, CAST($5 AS BIGINT)) WHERE link = $1 AND owner = $2 AND next_at = $3",
			o.ID, o.Owner, o.Next.UnixMilli(), now.Add(leased).UnixMilli(), now.UnixMilli())
		if err != nil {
			return mine, fmt.Errorf("take a score: %w", classify(err))
		}
		if n, err := result.RowsAffected(); err == nil && n == 1 {
			mine = append(mine, o)
		}
	}
	return mine, nil
}

// SaveScore stores what became of a try. Where another score took its place meanwhile, that is still to be sent, and nothing is stored.
func (s *Store) SaveScore(ctx context.Context, o lti.Outgoing) error {
	tries, err := json.Marshal(o.Tries)
	if err != nil {
		return err
	}
	return s.within(ctx, "save a score", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE lti_scores SET next_at = CAST($4 AS BIGINT), sent_at = CAST($5 AS BIGINT), failed_at = CAST($6 AS BIGINT), tries = $7
			WHERE link = $1 AND owner = $2 AND reached_at = $3`,
			o.ID, o.Owner, o.At.UnixMilli(), millis(o.Next), millis(o.Sent), millis(o.Failed), string(tries)); err != nil {
			return err
		}
		return s.tellScore(ctx, tx, o)
	})
}

// tellScore tells what became of a score, if that is settled: whose it is by the number that stands for its student where the marks are.
func (s *Store) tellScore(ctx context.Context, tx *sql.Tx, o lti.Outgoing) error {
	act := audit.ScoreSent
	switch {
	case !o.Failed.IsZero():
		act = audit.ScoreFailed
	case o.Sent.IsZero():
		return nil
	case o.Given == lti.Withdrawn:
		act = audit.ScoreWithdrawn
	}
	thing, id, query := "class", o.Class, "SELECT member FROM class_members WHERE class = $1 AND owner = $2"
	if work, is := strings.CutPrefix(o.Target, "/homework/"); is {
		thing, id, query = "homework", work, "SELECT member FROM homework_seats WHERE homework = $1 AND owner = $2"
	}
	member := ""
	if err := tx.QueryRowContext(ctx, query, id, o.Owner).Scan(&member); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return s.tell(ctx, tx, act, thing+" "+id, "link "+o.ID+", member "+member)
}

// LinkScores are all scores of a link.
func (s *Store) LinkScores(ctx context.Context, link string) ([]lti.Outgoing, error) {
	return list(ctx, planned{s}, "scores", scanScore, "SELECT "+linkColumns+", "+scoreColumns+" FROM lti_scores s JOIN lti_links l ON l.id = s.link WHERE s.link = $1 ORDER BY s.subject, s.owner", link)
}

// RetryScores has the scores of a link that failed be tried again from now on.
func (s *Store) RetryScores(ctx context.Context, link string) error {
	_, err := s.write.ExecContext(ctx, "UPDATE lti_scores SET next_at = CAST($2 AS BIGINT), queued_at = CAST($2 AS BIGINT), failed_at = NULL WHERE link = $1 AND failed_at IS NOT NULL", link, s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("retry scores: %w", classify(err))
	}
	return nil
}

// LinkNames are those of the members of a link's class or homework, by owner, and who came by the link without being in it yet, by subject alone.
func (s *Store) LinkNames(ctx context.Context, link string) (byOwner map[string]string, subjects map[string]bool, err error) {
	type line struct {
		owner, subject string
		name           sql.NullString
	}
	all, err := list(ctx, planned{s}, "who came by a link", func(r scanner) (l line, err error) { return l, r.Scan(&l.owner, &l.subject, &l.name) }, `
		SELECT u.owner, u.subject, COALESCE(m.nickname, p.nickname) FROM lti_users u JOIN lti_links l ON l.id = u.link
		LEFT JOIN class_members m ON m.class = l.class AND m.owner = u.owner
		LEFT JOIN homework_seats s ON l.target = '/homework/' || s.homework AND s.owner = u.owner
		LEFT JOIN homework_members p ON p.homework = s.homework AND p.member = s.member WHERE u.link = $1`, link)
	byOwner, subjects = map[string]string{}, map[string]bool{}
	for _, l := range all {
		subjects[l.subject] = true
		if l.name.Valid {
			byOwner[l.owner] = l.name.String
		}
	}
	return byOwner, subjects, err
}
