package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gradlab/classroom"
	"gradlab/plans"
)

// strayTime is how long a picture is kept that nothing shows: it was sent a moment ago, and the plan is saved next.
const strayTime = 24 * time.Hour

// SavePicture keeps a picture under its name. The same one is kept once.
func (s *Store) SavePicture(ctx context.Context, p plans.Picture) error {
	if _, err := s.write.ExecContext(ctx, `INSERT INTO pictures (name, media, content, size, added_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET added_at = excluded.added_at`, p.Name, p.Media, p.Content, len(p.Content), s.now().UnixMilli()); err != nil {
		return fmt.Errorf("save picture: %w", classify(err))
	}
	return nil
}

// Picture returns a picture; found is false where there is none of that name.
func (s *Store) Picture(ctx context.Context, name string) (p plans.Picture, found bool, err error) {
	err = planned{s}.QueryRowContext(ctx, "SELECT name, media, content FROM pictures WHERE name = $1", name).Scan(&p.Name, &p.Media, &p.Content)
	if errors.Is(err, sql.ErrNoRows) {
		return plans.Picture{}, false, nil
	}
	if err != nil {
		return plans.Picture{}, false, fmt.Errorf("read picture: %w", classify(err))
	}
	return p, true, nil
}

// HasPicture says whether a plan of a shelf has shown a picture.
func (s *Store) HasPicture(ctx context.Context, shelf, name string) (has bool, err error) {
	err = planned{s}.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM plan_pictures u JOIN plans p ON p.id = u.plan WHERE p.shelf = $1 AND u.picture = $2)", shelf, name).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for picture: %w", classify(err))
	}
	return has, nil
}

// showPictures notes which pictures a class shows.
func showPictures(ctx context.Context, tx *sql.Tx, c classroom.Class) error {
	for _, name := range classroom.Pictures(c.Plan) {
		if _, err := tx.ExecContext(ctx, "INSERT INTO class_pictures (class, picture) VALUES ($1, $2) ON CONFLICT DO NOTHING", c.ID, name); err != nil {
			return err
		}
	}
	return nil
}

// DropPictures deletes those of some pictures that nothing shows: of a plan that was deleted, or that refused them.
func (s *Store) DropPictures(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := s.deleteRows(ctx, "drop picture", "DELETE FROM pictures WHERE name = $1"+unshown, name); err != nil {
			return err
		}
	}
	return nil
}

const unshown = ` AND NOT EXISTS (SELECT 1 FROM plan_pictures WHERE picture = name) AND NOT EXISTS (SELECT 1 FROM class_pictures WHERE picture = name)
		AND NOT EXISTS (SELECT 1 FROM homework_pictures WHERE picture = name)`

// purgePictures deletes the pictures that nothing shows any more.
func (s *Store) purgePictures(ctx context.Context) error {
	return s.deleteRows(ctx, "delete pictures", "DELETE FROM pictures WHERE added_at < $1"+unshown,
		s.now().Add(-strayTime).UnixMilli())
}
