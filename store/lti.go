package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gradlab/audit"
	"gradlab/lti"
)

const (
	// nonceFor is how long a used nonce is known: longer than a launch with it can be valid.
	nonceFor = 2 * time.Hour
	// linkFor is how long a link of a course is kept after it was opened last.
	linkFor = 400 * 24 * time.Hour
)

// ToolKeys returns the keys that were not retired yet, the newest first, and whether each opens with the secret is for open to say: one
// that does not is left out, as after the operator has changed the secret.
func (s *Store) ToolKeys(ctx context.Context, open func(id string, made time.Time, sealed []byte) (lti.Key, error)) (lti.Ring, error) {
	type row struct {
		id     string
		sealed []byte
		made   int64
	}
	rows, err := list(ctx, planned{s}, "keys", func(r scanner) (k row, err error) { return k, r.Scan(&k.id, &k.sealed, &k.made) },
		"SELECT id, sealed, made_at FROM lti_keys WHERE made_at > $1 ORDER BY made_at DESC, id", s.now().Add(-lti.Retired).UnixMilli())
	var ring lti.Ring
	for _, r := range rows {
		if k, err := open(r.id, time.UnixMilli(r.made).UTC(), r.sealed); err == nil {
			ring = append(ring, k)
		}
	}
	return ring, err
}

// AddToolKey stores a key, sealed.
func (s *Store) AddToolKey(ctx context.Context, k lti.Key, sealed []byte) error {
	if _, err := s.write.ExecContext(ctx, "INSERT INTO lti_keys (id, sealed, made_at) VALUES ($1, $2, $3)", k.ID, sealed, k.Made.UnixMilli()); err != nil {
		return fmt.Errorf("add key: %w", classify(err))
	}
	return nil
}

// SavePlatform stores a registration; one of the same issuer and client id takes the place of the one before, under its ID, which is returned.
func (s *Store) SavePlatform(ctx context.Context, p lti.Platform) (id string, err error) {
	deployments, err := json.Marshal(p.Deployments)
	if err == nil {
		err = s.within(ctx, "save platform", func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO lti_platforms (id, issuer, client, name, auth_url, token_url, keys_url, audience, deployments, added_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
				ON CONFLICT (issuer, client) DO UPDATE SET name = excluded.name, auth_url = excluded.auth_url, token_url = excluded.token_url,
					keys_url = excluded.keys_url, audience = excluded.audience, deployments = excluded.deployments`,
				p.ID, p.Issuer, p.ClientID, p.Name, p.AuthURL, p.TokenURL, p.KeysURL, p.Audience, string(deployments), s.now().UnixMilli()); err != nil {
				return err
			}
			if err := tx.QueryRowContext(ctx, "SELECT id FROM lti_platforms WHERE issuer = $1 AND client = $2", p.Issuer, p.ClientID).Scan(&id); err != nil {
				return err
			}
			return s.tell(ctx, tx, audit.PlatformAdded, "platform "+id, p.Issuer)
		})
	}
	return id, err
}

const platformColumns = "p.id, p.issuer, p.client, p.name, p.auth_url, p.token_url, p.keys_url, p.audience, p.deployments"

// platformFields are where the columns go; read, afterwards, what is JSON.
func platformFields(p *lti.Platform, deployments *string) []any {
	return []any{&p.ID, &p.Issuer, &p.ClientID, &p.Name, &p.AuthURL, &p.TokenURL, &p.KeysURL, &p.Audience, deployments}
}

func scanPlatform(row scanner) (p lti.Platform, err error) {
	var deployments string
	if err = row.Scan(platformFields(&p, &deployments)...); err == nil {
		err = json.Unmarshal([]byte(deployments), &p.Deployments)
	}
	return p, err
}

// Platform returns a registration by its ID, or an error that is lti.ErrUnknown.
func (s *Store) Platform(ctx context.Context, id string) (lti.Platform, error) {
	p, err := scanPlatform(planned{s}.QueryRowContext(ctx, "SELECT "+platformColumns+" FROM lti_platforms p WHERE p.id = $1", id))
	return unknown(p, err, lti.ErrUnknown)
}

// PlatformOf returns the registration of an issuer under a client id; without one, that of the issuer, where there is one alone. Else the
// error is lti.ErrUnknown.
func (s *Store) PlatformOf(ctx context.Context, issuer, client string) (lti.Platform, error) {
	p, err := scanPlatform(planned{s}.QueryRowContext(ctx, "SELECT "+platformColumns+` FROM lti_platforms p WHERE p.issuer = $1
		AND (p.client = $2 OR $2 = '' AND (SELECT COUNT(*) FROM lti_platforms WHERE issuer = $1) = 1)`, issuer, client))
	return unknown(p, err, lti.ErrUnknown)
}

// unknown is what was read, or the error for what is not there.
func unknown[T any](v T, err, none error) (T, error) {
	var zero T
	if errors.Is(err, sql.ErrNoRows) {
		return zero, none
	}
	if err != nil {
		return zero, fmt.Errorf("read what platforms told: %w", classify(err))
	}
	return v, nil
}

// DeletePlatform deletes a registration with the links of its courses, who came by them, and their scores. Classes, homework and answers stay.
func (s *Store) DeletePlatform(ctx context.Context, id string) error {
	return s.deleteTelling(ctx, "delete platform", "DELETE FROM lti_platforms WHERE id = $1", id, audit.PlatformDeleted, "platform "+id)
}

// AddDeployment notes the first deployment of a platform that named none. The error is lti.ErrUnknown where it has one by now.
func (s *Store) AddDeployment(ctx context.Context, platform, deployment string) error {
	text, err := json.Marshal([]string{deployment})
	if err != nil {
		return err
	}
	return s.within(ctx, "add deployment", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE lti_platforms SET deployments = $2 WHERE id = $1 AND deployments IN ('null', '[]', $2)", platform, string(text))
		if err == nil {
			err = one(result, lti.ErrUnknown)
		}
		if err == nil {
			err = s.tell(ctx, tx, audit.DeploymentAdded, "platform "+platform, deployment)
		}
		return err
	})
}

// UseNonce notes that a nonce was used. The error is lti.ErrReplayed where it was before: of two launches with the same one, in whichever
// processes, one alone gets through.
func (s *Store) UseNonce(ctx context.Context, nonce string) error {
	result, err := s.write.ExecContext(ctx, "INSERT INTO lti_nonces (nonce, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", nonce, s.now().UnixMilli())
	if err == nil {
		err = one(result, lti.ErrReplayed)
	}
	if err != nil {
		return fmt.Errorf("use nonce: %w", classify(err))
	}
	return nil
}

const linkColumns = "l.id, l.platform, l.deployment, l.context, l.link, l.title, l.course, l.target, COALESCE(l.class, ''), l.class_key, l.points, l.members, l.grades"

func linkFields(l *lti.Placement, grades *string) []any {
	return []any{&l.ID, &l.Platform, &l.Deployment, &l.Context, &l.Link, &l.Title, &l.Course, &l.Target, &l.Class, &l.Key, &l.Points, &l.Members, grades}
}

func scanLink(row scanner) (l lti.Placement, err error) {
	var grades string
	if err = row.Scan(linkFields(&l, &grades)...); err == nil {
		err = json.Unmarshal([]byte(grades), &l.Grades)
	}
	return l, err
}

// Launched notes that a person came by a link, and what the platform said of it, and returns the link as it is kept. What it opens, and its
// class, stay; a target that the platform gives is the first, or takes the place of another one, with its points.
func (s *Store) Launched(ctx context.Context, l lti.Placement, owner, subject string) (kept lti.Placement, err error) {
	grades, err := json.Marshal(l.Grades)
	if err != nil {
		return kept, err
	}
	now := s.now().UnixMilli()
	note := func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO lti_links (id, platform, deployment, context, link, title, course, target, points, members, grades, counted_at, launched_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)
			ON CONFLICT (platform, deployment, context, link) DO UPDATE SET title = excluded.title, course = excluded.course,
				target = CASE WHEN excluded.target = '' THEN lti_links.target ELSE excluded.target END,
				points = CASE WHEN excluded.target IN ('', lti_links.target) THEN lti_links.points ELSE excluded.points END,
				members = excluded.members, grades = excluded.grades, launched_at = excluded.launched_at`,
			l.ID, l.Platform, l.Deployment, l.Context, l.Link, l.Title, l.Course, l.Target, l.Points, l.Members, string(grades), now); err != nil {
			return err
		}
		kept, err = scanLink(tx.QueryRowContext(ctx, "SELECT "+linkColumns+" FROM lti_links l WHERE platform = $1 AND deployment = $2 AND context = $3 AND link = $4",
			l.Platform, l.Deployment, l.Context, l.Link))
		if err == nil {
			err = s.tell(ctx, tx, audit.LinkOpened, "link "+kept.ID, kept.Target)
		}
		if err != nil || owner == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO lti_users (link, owner, subject, launched_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (link, owner) DO UPDATE SET subject = excluded.subject, launched_at = excluded.launched_at`, kept.ID, owner, subject, now)
		return err
	}
	if owner == "" {
		err = s.within(ctx, "note a launch", note)
	} else if err = s.owning(ctx, owner, note); err != nil {
		err = fmt.Errorf("note a launch: %w", classify(err))
	}
	return kept, err
}

// Link returns a link by its ID, and LinkOf the one that a class was opened from, or an error that is lti.ErrUnknown.
func (s *Store) Link(ctx context.Context, id string) (lti.Placement, error) {
	l, err := scanLink(planned{s}.QueryRowContext(ctx, "SELECT "+linkColumns+" FROM lti_links l WHERE l.id = $1", id))
	return unknown(l, err, lti.ErrUnknown)
}

func (s *Store) LinkOf(ctx context.Context, class string) (lti.Placement, error) {
	l, err := scanLink(planned{s}.QueryRowContext(ctx, "SELECT "+linkColumns+" FROM lti_links l WHERE l.class = $1", class))
	return unknown(l, err, lti.ErrUnknown)
}

// LinksTo are those that open a target, the one that was opened last first.
func (s *Store) LinksTo(ctx context.Context, target string) ([]lti.Placement, error) {
	return list(ctx, planned{s}, "links", scanLink, "SELECT "+linkColumns+" FROM lti_links l WHERE l.target = $1 ORDER BY l.launched_at DESC, l.id", target)
}

// Choose says what a link opens, and how many points that is.
func (s *Store) Choose(ctx context.Context, link, target string, points int64) error {
	return s.within(ctx, "choose what a link opens", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE lti_links SET target = $2, points = $3, counted_at = 0 WHERE id = $1", link, target, points)
		if err == nil {
			err = s.tell(ctx, tx, audit.LinkSet, "link "+link, fmt.Sprintf("%s, %.2f points in the gradebook", target, float64(points)/100))
		}
		return err
	})
}

// BindClass notes which class a link opened. The error is lti.ErrTaken where it has one already, from a launch at the same moment.
func (s *Store) BindClass(ctx context.Context, link, class string, key []byte) error {
	result, err := s.write.ExecContext(ctx, "UPDATE lti_links SET class = $2, class_key = $3, counted_at = 0 WHERE id = $1 AND class IS NULL", link, class, key)
	if err == nil {
		err = one(result, lti.ErrTaken)
	}
	if err != nil {
		return fmt.Errorf("bind class: %w", classify(err))
	}
	return nil
}

// purgeLTI forgets nonces and keys that nobody may use any more, and links that nobody has opened for long.
func (s *Store) purgeLTI(ctx context.Context) error {
	now := s.now()
	return errors.Join(
		s.deleteRows(ctx, "forget nonces", "DELETE FROM lti_nonces WHERE used_at <= $1", now.Add(-nonceFor).UnixMilli()),
		s.deleteRows(ctx, "forget keys", "DELETE FROM lti_keys WHERE made_at <= $1", now.Add(-lti.Retired).UnixMilli()),
		s.deleteRows(ctx, "forget links", "DELETE FROM lti_links WHERE launched_at <= $1", now.Add(-linkFor).UnixMilli()))
}
