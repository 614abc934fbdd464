package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gradlab/persons"
)

const personColumns = "p.id, p.issuer, p.subject, p.name, p.role, p.owner, p.signed_in_at"

func scanPerson(row scanner) (p persons.Person, err error) {
	var signed int64
	err = row.Scan(&p.ID, &p.Issuer, &p.Subject, &p.Name, &p.Role, &p.Owner, &signed)
	p.SignedIn = time.UnixMilli(signed).UTC()
	return p, err
}

// SignIn returns the person of an identity, who is made where nobody came under it before. Name and role are what the issuer says now.
// The error is persons.ErrIdentity where it cannot be kept.
func (s *Store) SignIn(ctx context.Context, i persons.Identity) (persons.Person, error) {
	i, err := i.Checked()
	if err != nil {
		return persons.Person{}, fmt.Errorf("sign in: %w", err)
	}
	fresh := persons.New(i)
	var p persons.Person
	err = s.within(ctx, "sign in", func(tx *sql.Tx) error {
		// Whoever was away for longer than answers are kept begins anew; what is left of before goes with its time.
		if _, err := tx.ExecContext(ctx, `UPDATE persons SET owner = $3 WHERE issuer = $1 AND subject = $2
			AND owner IN (SELECT owner FROM visitors WHERE seen_at <= $4)`, i.Issuer, i.Subject, fresh.Owner, s.left()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO persons (id, issuer, subject, name, role, owner, first_at, signed_in_at)
			VALUES ($1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), CAST($7 AS BIGINT))
			ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, role = excluded.role, signed_in_at = excluded.signed_in_at`,
			fresh.ID, i.Issuer, i.Subject, i.Name, i.Role, fresh.Owner, s.now().UnixMilli()); err != nil {
			return err
		}
		p, err = scanPerson(tx.QueryRowContext(ctx, "SELECT "+personColumns+" FROM persons p WHERE p.issuer = $1 AND p.subject = $2", i.Issuer, i.Subject))
		return err
	})
	p.First = p.ID == fresh.ID
	return p, err
}

// Person returns the person of an id; found is false where there is none.
func (s *Store) Person(ctx context.Context, id string) (p persons.Person, found bool, err error) {
	return s.person(ctx, "SELECT "+personColumns+" FROM persons p WHERE p.id = $1", id)
}

// SessionPerson returns whose session a token opens, by its hash; found is false where it has ended.
func (s *Store) SessionPerson(ctx context.Context, hash string) (p persons.Person, found bool, err error) {
	return s.person(ctx, "SELECT "+personColumns+" FROM sessions t JOIN persons p ON p.id = t.person WHERE t.hash = $1 AND t.expires_at > $2", hash, s.now().UnixMilli())
}

func (s *Store) person(ctx context.Context, query string, args ...any) (p persons.Person, found bool, err error) {
	p, err = scanPerson(planned{s}.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return persons.Person{}, false, nil
	}
	if err != nil {
		return persons.Person{}, false, fmt.Errorf("read person: %w", classify(err))
	}
	return p, true, nil
}

// OpenSession stores a session and returns it: from now on the token of that hash is the person's. The error is ErrGone where the person was
// deleted meanwhile.
func (s *Store) OpenSession(ctx context.Context, person, hash string, framed bool) (persons.Session, error) {
	open := persons.Open(person, hash, framed, s.now())
	in := 0
	if framed {
		in = 1
	}
	if _, err := s.write.ExecContext(ctx, "INSERT INTO sessions (hash, person, framed, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
		hash, person, in, open.Opened.UnixMilli(), open.Expires.UnixMilli()); err != nil {
		return open, fmt.Errorf("open session: %w", classify(err))
	}
	return open, nil
}

// CloseSession ends the session of a token, by its hash.
func (s *Store) CloseSession(ctx context.Context, hash string) error {
	return s.deleteRows(ctx, "close session", "DELETE FROM sessions WHERE hash = $1", hash)
}

// CloseSessions ends all sessions of a person, in every browser.
func (s *Store) CloseSessions(ctx context.Context, person string) error {
	return s.deleteRows(ctx, "close sessions", "DELETE FROM sessions WHERE person = $1", person)
}

// Sessions returns the open sessions of a person, the latest first.
func (s *Store) Sessions(ctx context.Context, person string) ([]persons.Session, error) {
	return list(ctx, planned{s}, "sessions", func(row scanner) (t persons.Session, err error) {
		var framed, opened, expires int64
		err = row.Scan(&t.Hash, &t.Person, &framed, &opened, &expires)
		t.Framed, t.Opened, t.Expires = framed != 0, time.UnixMilli(opened).UTC(), time.UnixMilli(expires).UTC()
		return t, err
	}, "SELECT hash, person, framed, opened_at, expires_at FROM sessions WHERE person = $1 AND expires_at > $2 ORDER BY opened_at DESC, hash", person, s.now().UnixMilli())
}

// purgeSessions forgets the sessions that have ended, which open nothing in any case.
func (s *Store) purgeSessions(ctx context.Context) error {
	return s.deleteRows(ctx, "forget sessions", "DELETE FROM sessions WHERE expires_at <= $1", s.now().UnixMilli())
}

// Enrol notes that a person is in a course, or what the course now says of it. The error is persons.ErrCourses where a person is in as many
// as there may be, persons.ErrIdentity where the course's name cannot be kept, and ErrGone where the person was deleted.
func (s *Store) Enrol(ctx context.Context, person string, c persons.Course) error {
	c, err := c.Checked()
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	result, err := s.write.ExecContext(ctx, `
		INSERT INTO courses (person, issuer, context, title, role, name, joined_at, seen_at)
		SELECT $1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), CAST($7 AS BIGINT)
		WHERE (SELECT COUNT(*) FROM courses WHERE person = $1) < $8
		   OR EXISTS (SELECT 1 FROM courses WHERE person = $1 AND issuer = $2 AND context = $3)
		ON CONFLICT (person, issuer, context) DO UPDATE
		SET title = excluded.title, role = excluded.role, name = excluded.name, seen_at = excluded.seen_at`,
		person, c.Issuer, c.Context, c.Title, c.Role, c.Name, s.now().UnixMilli(), persons.MaxCourses)
	if err == nil {
		err = one(result, persons.ErrCourses)
	}
	if err != nil {
		return fmt.Errorf("enrol: %w", classify(err))
	}
	return nil
}

// LeaveCourse takes a person out of one course.
func (s *Store) LeaveCourse(ctx context.Context, person, issuer, name string) error {
	return s.deleteRows(ctx, "leave course", "DELETE FROM courses WHERE person = $1 AND issuer = $2 AND context = $3", person, issuer, name)
}

// Courses returns those that a person is in, the one where they were last first.
func (s *Store) Courses(ctx context.Context, person string) ([]persons.Course, error) {
	return list(ctx, planned{s}, "courses", func(row scanner) (c persons.Course, err error) {
		var joined, seen int64
		err = row.Scan(&c.Issuer, &c.Context, &c.Title, &c.Role, &c.Name, &joined, &seen)
		c.Joined, c.Seen = time.UnixMilli(joined).UTC(), time.UnixMilli(seen).UTC()
		return c, err
	}, "SELECT issuer, context, title, role, name, joined_at, seen_at FROM courses WHERE person = $1 ORDER BY seen_at DESC, issuer, context", person)
}
