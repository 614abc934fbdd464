package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gradlab/audit"
	"gradlab/plans"
)

// CreateShelf stores a shelf with its first plan. Where there are as many as there may be, one that is empty makes room, the one that was
// used longest ago; else the error is plans.ErrRoom.
func (s *Store) CreateShelf(ctx context.Context, shelf plans.Shelf, first plans.Plan) error {
	return s.within(ctx, "create shelf", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM shelves WHERE (SELECT COUNT(*) FROM shelves) >= $1 AND id = (
				SELECT id FROM shelves s WHERE NOT EXISTS (SELECT 1 FROM plans p WHERE p.shelf = s.id AND p.size > 0) ORDER BY used_at LIMIT 1)`, plans.MaxShelves); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO shelves (id, key_hash, used_at, person)
			SELECT $1, $2, CAST($3 AS BIGINT), CAST(NULLIF($5, '') AS TEXT) WHERE (SELECT COUNT(*) FROM shelves) < $4`, shelf.ID, shelf.KeyHash, s.now().UnixMilli(), plans.MaxShelves, shelf.Person)
		if err == nil {
			err = one(result, plans.ErrRoom)
		}
		if err != nil {
			return err
		}
		return s.insertPlan(ctx, tx, first)
	})
}

// Shelf returns the shelf of a key, by its hash, and notes that it is used, once a day; found is false where there is none, or none any more.
func (s *Store) Shelf(ctx context.Context, keyHash string) (shelf plans.Shelf, found bool, err error) {
	all, err := s.shelves(ctx, "key_hash", keyHash)
	if err != nil || len(all) == 0 {
		return plans.Shelf{}, false, err
	}
	return all[0], true, nil
}

// ShelvesOf returns those of a person, and notes that they are used, once a day.
func (s *Store) ShelvesOf(ctx context.Context, person string) ([]plans.Shelf, error) {
	return s.shelves(ctx, "person", person)
}

func (s *Store) shelves(ctx context.Context, column, value string) ([]plans.Shelf, error) {
	now := s.now()
	var idle []string
	all, err := list(ctx, planned{s}, "shelves", func(row scanner) (shelf plans.Shelf, err error) {
		var used int64
		err = row.Scan(&shelf.ID, &shelf.KeyHash, &shelf.Person, &used)
		if now.Sub(time.UnixMilli(used)) > 24*time.Hour {
			idle = append(idle, shelf.ID)
		}
		return shelf, err
	}, "SELECT id, key_hash, COALESCE(person, ''), used_at FROM shelves WHERE "+column+" = $1 AND used_at > $2 ORDER BY id", value, now.Add(-s.kept.Plans).UnixMilli())
	for _, id := range idle {
		// One that cannot be noted now is noted at the next use.
		s.write.ExecContext(ctx, "UPDATE shelves SET used_at = CAST($2 AS BIGINT) WHERE id = $1", id, now.UnixMilli())
	}
	return all, err
}

// ClaimShelf makes a shelf that is nobody's a person's, who needs its key no more; it goes on opening it. The error is plans.ErrStale where
// it is somebody's already.
func (s *Store) ClaimShelf(ctx context.Context, shelf plans.Shelf, person string) error {
	result, err := s.write.ExecContext(ctx, "UPDATE shelves SET person = $2 WHERE id = $1 AND person IS NULL", shelf.ID, person)
	if err == nil {
		err = one(result, plans.ErrStale)
	}
	if err != nil {
		return fmt.Errorf("claim shelf: %w", classify(err))
	}
	return nil
}

// Rekey gives a shelf another key; the error is plans.ErrStale where somebody else has.
func (s *Store) Rekey(ctx context.Context, shelf plans.Shelf, keyHash string) error {
	return s.within(ctx, "rekey shelf", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE shelves SET key_hash = $3 WHERE id = $1 AND key_hash = $2", shelf.ID, shelf.KeyHash, keyHash)
		if err == nil {
			err = one(result, plans.ErrStale)
		}
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, audit.KeyReplaced, "shelf "+shelf.ID, "")
	})
}

// CreatePlan stores a new plan of a shelf; the error is plans.ErrFull where that has as many as it may, and plans.ErrHeavy where its pictures
// would be too many.
func (s *Store) CreatePlan(ctx context.Context, p plans.Plan) error {
	return s.within(ctx, "create plan", func(tx *sql.Tx) error { return s.insertPlan(ctx, tx, p) })
}

func (s *Store) insertPlan(ctx context.Context, tx *sql.Tx, p plans.Plan) error {
	stops, err := json.Marshal(p.Stops)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO plans (id, shelf, title, stops, size, revision, saved_at, typed, view_link, copy_link)
		SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), '', '', ''
		WHERE (SELECT COUNT(*) FROM plans WHERE shelf = $2) < $8`,
		p.ID, p.Shelf, p.Title, string(stops), len(p.Stops), p.Revision, p.SavedAt.UnixMilli(), plans.MaxPlans)
	if err == nil {
		err = one(result, plans.ErrFull)
	}
	if err != nil {
		return err
	}
	return s.usePictures(ctx, tx, p)
}

// usePictures notes which pictures a plan shows. A version may show one that the plan no longer does: they are the plan's until it goes.
func (s *Store) usePictures(ctx context.Context, tx *sql.Tx, p plans.Plan) error {
	names := p.Pictures()
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, "INSERT INTO plan_pictures (plan, picture) VALUES ($1, $2) ON CONFLICT DO NOTHING", p.ID, name); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		return nil
	}
	var size int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(size), 0) FROM pictures WHERE name IN (
		SELECT u.picture FROM plan_pictures u JOIN plans p ON p.id = u.plan WHERE p.shelf = $1)`, p.Shelf).Scan(&size); err != nil {
		return err
	}
	if size > plans.MaxPictures {
		return plans.ErrHeavy
	}
	return nil
}

// UpdatePlan stores a plan after an edit, and what was before it as a version, unless the edit goes on with the typing before. Its revision
// is one above the stored one's; else the error is plans.ErrStale.
func (s *Store) UpdatePlan(ctx context.Context, p plans.Plan) error {
	stops, err := json.Marshal(p.Stops)
	if err != nil {
		return fmt.Errorf("update plan: %w", err)
	}
	return s.within(ctx, "update plan", func(tx *sql.Tx) error {
		// The condition takes the row's lock: what is read after it cannot change before the commit, on either engine.
		result, err := tx.ExecContext(ctx, "UPDATE plans SET revision = $2 WHERE id = $1 AND revision = $3", p.ID, p.Revision, p.Revision-1)
		if err == nil {
			err = one(result, plans.ErrStale)
		}
		if err != nil {
			return err
		}
		before, err := scanPlan(tx.QueryRowContext(ctx, "SELECT "+planColumns+" FROM plans WHERE id = $1", p.ID))
		if err != nil {
			return err
		}
		var last sql.NullInt64
		if err := tx.QueryRowContext(ctx, "SELECT MAX(until) FROM plan_versions WHERE plan = $1", p.ID).Scan(&last); err != nil {
			return err
		}
		if !p.Continues(before, moment(last)) {
			if err := keepVersion(ctx, tx, p); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE plans SET title = $2, stops = $3, size = $4, saved_at = $5, typed = $6 WHERE id = $1",
			p.ID, p.Title, string(stops), len(p.Stops), p.SavedAt.UnixMilli(), p.Typed); err != nil {
			return err
		}
		return s.usePictures(ctx, tx, p)
	})
}

// keepVersion makes a version of what is stored of a plan, before p is.
func keepVersion(ctx context.Context, tx *sql.Tx, p plans.Plan) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO plan_versions (plan, revision, title, stops, until)
		SELECT id, revision - 1, title, stops, CAST($2 AS BIGINT) FROM plans WHERE id = $1`, p.ID, p.SavedAt.UnixMilli()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM plan_versions WHERE plan = $1 AND revision NOT IN (
		SELECT revision FROM plan_versions WHERE plan = $1 ORDER BY revision DESC LIMIT $2)`, p.ID, plans.MaxVersions)
	return err
}

// EndTyping lets the next edit of a plan go on with no typing: what stands there now is then kept as a version.
func (s *Store) EndTyping(ctx context.Context, id string) error {
	if _, err := s.write.ExecContext(ctx, "UPDATE plans SET typed = '' WHERE id = $1", id); err != nil {
		return fmt.Errorf("end typing: %w", classify(err))
	}
	return nil
}

// SharePlan stores the links of a plan.
func (s *Store) SharePlan(ctx context.Context, p plans.Plan) error {
	if _, err := s.write.ExecContext(ctx, "UPDATE plans SET view_link = $2, copy_link = $3 WHERE id = $1", p.ID, p.ViewLink, p.CopyLink); err != nil {
		return fmt.Errorf("share plan: %w", classify(err))
	}
	return nil
}

// DeletePlan deletes a plan with its versions.
func (s *Store) DeletePlan(ctx context.Context, id string) error {
	pictures, err := list(ctx, planned{s}, "pictures of a plan", func(row scanner) (name string, err error) { return name, row.Scan(&name) },
		"SELECT picture FROM plan_pictures WHERE plan = $1", id)
	if err != nil {
		return err
	}
	if err := s.freeing(ctx, func() error {
		return s.deleteTelling(ctx, "delete plan", "DELETE FROM plans WHERE id = $1", id, audit.PlanDeleted, "plan "+id)
	}); err != nil {
		return err
	}
	return s.DropPictures(ctx, pictures...)
}

const planColumns = "id, shelf, title, stops, revision, saved_at, typed, view_link, copy_link"

func scanPlan(row scanner) (p plans.Plan, err error) {
	var stops string
	var saved int64
	if err = row.Scan(&p.ID, &p.Shelf, &p.Title, &stops, &p.Revision, &saved, &p.Typed, &p.ViewLink, &p.CopyLink); err != nil {
		return p, err
	}
	p.SavedAt = time.UnixMilli(saved).UTC()
	return p, json.Unmarshal([]byte(stops), &p.Stops)
}

// Plan returns a plan, or an error that is plans.ErrNone; one of a shelf that has expired is none.
func (s *Store) Plan(ctx context.Context, id string) (plans.Plan, error) {
	p, err := scanPlan(planned{s}.QueryRowContext(ctx, "SELECT "+planColumns+" FROM plans WHERE id = $1 AND shelf IN (SELECT id FROM shelves WHERE used_at > $2)",
		id, s.now().Add(-s.kept.Plans).UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return plans.Plan{}, plans.ErrNone
	}
	if err != nil {
		return plans.Plan{}, fmt.Errorf("read plan: %w", classify(err))
	}
	return p, nil
}

// Plans returns the plans of a shelf, the one that was saved last first, without their stops.
func (s *Store) Plans(ctx context.Context, shelf string) ([]plans.Line, error) {
	return list(ctx, planned{s}, "plans", func(row scanner) (l plans.Line, err error) {
		var saved int64
		err = row.Scan(&l.ID, &l.Title, &l.Stops, &saved)
		l.SavedAt = time.UnixMilli(saved).UTC()
		return l, err
	}, "SELECT id, title, size, saved_at FROM plans WHERE shelf = $1 ORDER BY saved_at DESC, id", shelf)
}

// PlanVersions returns the versions of a plan, the newest first.
func (s *Store) PlanVersions(ctx context.Context, plan string) ([]plans.Version, error) {
	return list(ctx, planned{s}, "versions", func(row scanner) (v plans.Version, err error) {
		var stops string
		var until int64
		if err = row.Scan(&v.Revision, &v.Title, &stops, &until); err != nil {
			return v, err
		}
		v.Until = time.UnixMilli(until).UTC()
		return v, json.Unmarshal([]byte(stops), &v.Stops)
	}, "SELECT revision, title, stops, until FROM plan_versions WHERE plan = $1 ORDER BY revision DESC", plan)
}
