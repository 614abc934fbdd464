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
	"gradlab/homework"
	"gradlab/plans"
)

// before is the place in a list, the newest first, from which a page goes on.
func before(p audit.Page) int64 {
	if p.ID == "" {
		return 1 << 62
	}
	return p.At.UnixMilli()
}

// OperatorClasses returns a page of the classes, the one opened last first. A text is looked for in code, title, key and owner.
func (s *Store) OperatorClasses(ctx context.Context, p audit.Page) ([]audit.Class, error) {
	return list(ctx, planned{s}, "classes", func(row scanner) (c audit.Class, err error) {
		var opened int64
		var closed, joined, seen, written sql.NullInt64
		err = row.Scan(&c.ID, &c.Code, &c.Title, &c.KeyHash, &c.Owner, &opened, &closed, &c.Members, &c.HandedIn, &c.Bytes, &joined, &seen, &written)
		c.Opened, c.Closed = time.UnixMilli(opened).UTC(), moment(closed)
		c.Used = time.UnixMilli(max(opened, closed.Int64, joined.Int64, seen.Int64, written.Int64)).UTC()
		c.Expires = c.Opened.Add(s.kept.Classes)
		return c, err
	}, `
		SELECT c.id, c.code, c.title, c.key_hash, COALESCE(p.name, ''), c.opened_at, c.closed_at,
			(SELECT COUNT(*) FROM class_members WHERE class = c.id),
			(SELECT COUNT(*) FROM class_guesses WHERE class = c.id) + (SELECT COUNT(*) FROM class_answers WHERE class = c.id) + (SELECT COUNT(*) FROM class_submissions WHERE class = c.id),
			OCTET_LENGTH(c.state) + COALESCE((SELECT SUM(OCTET_LENGTH(text) + OCTET_LENGTH(run)) FROM class_answers WHERE class = c.id), 0),
			(SELECT MAX(joined_at) FROM class_members WHERE class = c.id), (SELECT MAX(seen_at) FROM class_members WHERE class = c.id),
			(SELECT MAX(updated_at) FROM class_answers WHERE class = c.id)
		FROM (SELECT * FROM classes WHERE opened_at > $1 AND (opened_at < $2 OR opened_at = $2 AND id < $3)
			AND ($4 = '' OR LOWER(code || ' ' || title || ' ' || id || ' ' || key_hash) LIKE $4 ESCAPE '\' OR person IN (SELECT id FROM persons WHERE LOWER(name) LIKE $4 ESCAPE '\'))
			ORDER BY opened_at DESC, id DESC LIMIT $5) c
		LEFT JOIN persons p ON p.id = c.person ORDER BY c.opened_at DESC, c.id DESC`,
		s.now().Add(-s.kept.Classes).UnixMilli(), before(p), p.ID, containing(p.Text), p.Most)
}

// OperatorPlans returns a page of the plans, the one saved last first. A text is looked for in title, id and owner.
func (s *Store) OperatorPlans(ctx context.Context, p audit.Page) ([]audit.Plan, error) {
	return list(ctx, planned{s}, "plans", func(row scanner) (l audit.Plan, err error) {
		var saved, used int64
		err = row.Scan(&l.ID, &l.Title, &l.Shelf, &l.KeyHash, &l.Owner, &l.Stops, &l.Bytes, &saved, &used)
		l.Saved, l.Used = time.UnixMilli(saved).UTC(), time.UnixMilli(used).UTC()
		l.Expires = l.Used.Add(s.kept.Plans)
		return l, err
	}, `
		SELECT l.id, l.title, l.shelf, s.key_hash, COALESCE(p.name, ''), l.size,
			OCTET_LENGTH(l.stops) + COALESCE((SELECT SUM(OCTET_LENGTH(stops)) FROM plan_versions WHERE plan = l.id), 0), l.saved_at, s.used_at
		FROM plans l JOIN shelves s ON s.id = l.shelf LEFT JOIN persons p ON p.id = s.person
		WHERE s.used_at > $1 AND (l.saved_at < $2 OR l.saved_at = $2 AND l.id < $3)
			AND ($4 = '' OR LOWER(l.title || ' ' || l.id || ' ' || l.shelf || ' ' || s.key_hash || ' ' || COALESCE(p.name, '')) LIKE $4 ESCAPE '\')
		ORDER BY l.saved_at DESC, l.id DESC LIMIT $5`,
		s.now().Add(-s.kept.Plans).UnixMilli(), before(p), p.ID, containing(p.Text), p.Most)
}

// OperatorHomework returns a page of the homework, that which ends last first. A text is looked for in title, id and owner.
func (s *Store) OperatorHomework(ctx context.Context, p audit.Page) ([]audit.Homework, error) {
	return list(ctx, planned{s}, "homework", func(row scanner) (h audit.Homework, err error) {
		var text string
		var state homeworkState
		var until, expires int64
		var set, released, joined, guessed, written, marked sql.NullInt64
		if err = row.Scan(&h.ID, &h.Title, &h.Shelf, &h.KeyHash, &h.Owner, &text, &until, &expires, &set, &released, &h.Members, &h.HandedIn, &h.Bytes, &joined, &guessed, &written, &marked); err != nil {
			return h, err
		}
		if err = json.Unmarshal([]byte(text), &state); err != nil {
			return h, fmt.Errorf("state: %w", err)
		}
		h.Stops, h.Set, h.Until = len(state.Stops), moment(set), time.UnixMilli(until).UTC()
		last := time.UnixMilli(expires).UTC().Add(-homework.KeptTime)
		h.Last, h.Expires = last.Add(state.Grace), last.Add(s.kept.Homework)
		if used := max(set.Int64, released.Int64, joined.Int64, guessed.Int64, written.Int64, marked.Int64); used > 0 {
			h.Used = time.UnixMilli(used).UTC()
		}
		return h, nil
	}, `
		SELECT h.id, h.title, h.shelf, s.key_hash, COALESCE(p.name, ''), h.state, h.until_at, h.expires_at, h.set_at, h.released_at,
			(SELECT COUNT(*) FROM homework_members WHERE homework = h.id),
			(SELECT COUNT(*) FROM homework_guesses WHERE homework = h.id) + (SELECT COUNT(*) FROM homework_answers WHERE homework = h.id),
			OCTET_LENGTH(h.state) + COALESCE((SELECT SUM(OCTET_LENGTH(text)) FROM homework_answers WHERE homework = h.id), 0) + COALESCE((SELECT SUM(OCTET_LENGTH(comment)) FROM homework_marks WHERE homework = h.id), 0),
			(SELECT MAX(joined_at) FROM homework_members WHERE homework = h.id), (SELECT MAX(made_at) FROM homework_guesses WHERE homework = h.id),
			(SELECT MAX(updated_at) FROM homework_answers WHERE homework = h.id), (SELECT MAX(made_at) FROM homework_marks WHERE homework = h.id)
		FROM homework h JOIN shelves s ON s.id = h.shelf LEFT JOIN persons p ON p.id = s.person
		WHERE h.expires_at > $1 AND (h.until_at < $2 OR h.until_at = $2 AND h.id < $3)
			AND ($4 = '' OR LOWER(h.title || ' ' || h.id || ' ' || h.shelf || ' ' || s.key_hash || ' ' || COALESCE(p.name, '')) LIKE $4 ESCAPE '\')
		ORDER BY h.until_at DESC, h.id DESC LIMIT $5`,
		s.homeworkEnd().UnixMilli(), before(p), p.ID, containing(p.Text), p.Most)
}

// OperatorPlatforms returns a page of the learning platforms, the one registered last first. A text is looked for in name, issuer, client and id.
func (s *Store) OperatorPlatforms(ctx context.Context, p audit.Page) ([]audit.Platform, error) {
	return list(ctx, planned{s}, "platforms", func(row scanner) (l audit.Platform, err error) {
		var added int64
		var used sql.NullInt64
		err = row.Scan(&l.ID, &l.Name, &l.Issuer, &l.Client, &added, &used, &l.Links, &l.Persons, &l.Waiting)
		l.Added, l.Used = time.UnixMilli(added).UTC(), moment(used)
		return l, err
	}, `
		SELECT p.id, p.name, p.issuer, p.client, p.added_at, (SELECT MAX(launched_at) FROM lti_links WHERE platform = p.id),
			(SELECT COUNT(*) FROM lti_links WHERE platform = p.id),
			(SELECT COUNT(DISTINCT u.subject) FROM lti_users u JOIN lti_links l ON l.id = u.link WHERE l.platform = p.id),
			(SELECT COUNT(*) FROM lti_scores c JOIN lti_links l ON l.id = c.link WHERE l.platform = p.id AND c.next_at IS NOT NULL)
		FROM lti_platforms p
		WHERE (p.added_at < $1 OR p.added_at = $1 AND p.id < $2) AND ($3 = '' OR LOWER(p.name || ' ' || p.issuer || ' ' || p.client || ' ' || p.id) LIKE $3 ESCAPE '\')
		ORDER BY p.added_at DESC, p.id DESC LIMIT $4`,
		before(p), p.ID, containing(p.Text), p.Most)
}

// ShelfOf returns the shelf of an id; found is false where there is none.
func (s *Store) ShelfOf(ctx context.Context, id string) (shelf plans.Shelf, found bool, err error) {
	err = planned{s}.QueryRowContext(ctx, "SELECT id, key_hash, COALESCE(person, '') FROM shelves WHERE id = $1", id).Scan(&shelf.ID, &shelf.KeyHash, &shelf.Person)
	if errors.Is(err, sql.ErrNoRows) {
		return plans.Shelf{}, false, nil
	}
	return shelf, err == nil, wrapped("read shelf", err)
}

// Load is what the database holds and how busy it is.
func (s *Store) Load(ctx context.Context) (l audit.Load, err error) {
	if l.Used, l.Free, err = s.engine.size(ctx, s); err != nil {
		return l, fmt.Errorf("read the size of the database: %w", classify(err))
	}
	for _, pool := range s.Pools() {
		stats := pool.Stats()
		l.Open, l.Busy, l.Most = l.Open+stats.OpenConnections, l.Busy+stats.InUse, l.Most+stats.MaxOpenConnections
	}
	now := s.now()
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM classes WHERE opened_at > $1), (SELECT COUNT(*) FROM classes WHERE opened_at > $2 AND closed_at IS NULL),
		(SELECT COUNT(*) FROM plans), (SELECT COUNT(*) FROM shelves), (SELECT COUNT(*) FROM visitors),
		(SELECT COUNT(*) FROM homework WHERE expires_at > $3)`,
		now.Add(-s.kept.Classes).UnixMilli(), now.Add(-classroom.LastsTime).UnixMilli(), s.homeworkEnd().UnixMilli()).Scan(&l.Classes, &l.OpenClasses, &l.Plans, &l.Owners, &l.Names, &l.Homework)
	return l, wrapped("count what is kept", err)
}
