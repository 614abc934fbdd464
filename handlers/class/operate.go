package class

import (
	"context"
	"net/http"
	"time"

	"gradlab/classroom"
)

// Close closes a class for whoever runs the site; Remove deletes it, with all that was handed in.
func (s *Pages) Close(ctx context.Context, id string) error {
	_, err := s.change(ctx, id, func(c classroom.Class) (classroom.Class, error) {
		if !c.ClosedAt.IsZero() {
			return c, nil
		}
		return c.Do(classroom.Action{Do: "close"}, time.Now())
	})
	return err
}

func (s *Pages) Remove(ctx context.Context, id string) error {
	c, err := s.rows.ClassByID(ctx, id)
	if err == nil {
		err = s.rows.DeleteClass(ctx, c.ID)
	}
	if err == nil {
		s.hub.Deleted(ctx, c.ID)
	}
	return err
}

// Rekey gives a class another key and returns the link that has it: who had the one before is out.
func (s *Pages) Rekey(r *http.Request, id string) (link string, err error) {
	var key string
	c, err := s.change(r.Context(), id, func(c classroom.Class) (next classroom.Class, err error) {
		next, key = c.Rekeyed()
		return next, nil
	})
	if err != nil {
		return "", err
	}
	found, _ := s.addresses(r, "/class/"+c.Code+"/key")
	return found[0].URL + "#" + key, nil
}

// change changes a class that is named by its id.
func (s *Pages) change(ctx context.Context, id string, f func(classroom.Class) (classroom.Class, error)) (classroom.Class, error) {
	c, err := s.rows.ClassByID(ctx, id)
	if err != nil {
		return c, err
	}
	return s.hub.Change(ctx, c.Code, f)
}
