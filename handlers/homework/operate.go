package homework

import (
	"context"
	"errors"

	"gradlab/homework"
)

// Close ends homework now for whoever runs the site; Remove deletes it, with all that was handed in.
func (s *Pages) Close(ctx context.Context, id string) error {
	err := homework.ErrStale
	for try := 0; errors.Is(err, homework.ErrStale) && try < tries; try++ {
		var h homework.Homework
		if h, err = s.Rows.Homework(ctx, id); err != nil {
			return err
		}
		o, failed := s.overview(ctx, h)
		if failed != nil {
			return failed
		}
		closed := h.Close(o.last, s.Clock())
		if closed.Version == h.Version {
			return nil
		}
		err = s.Rows.CloseHomework(ctx, closed)
	}
	return err
}

func (s *Pages) Remove(ctx context.Context, id string) error {
	h, err := s.Rows.Homework(ctx, id)
	if err == nil {
		err = s.Rows.DeleteHomework(ctx, h.ID)
	}
	return err
}
