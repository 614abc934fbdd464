package lti

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"gradlab/audit"
	"gradlab/lti"
)

const (
	// passEvery is how often the outbox is looked through; batch is how many scores are taken at once, all sent at the same time, so that
	// each is done long before another process may take it.
	passEvery = 3 * time.Second
	batch     = 8
)

// Deliver sends scores until ctx ends.
func (s *Pages) Deliver(ctx context.Context) {
	ticker := time.NewTicker(passEvery)
	defer ticker.Stop()
	failing := false
	for {
		err := s.Pass(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !failing { // once for an outage, not every three seconds
			s.log.ErrorContext(ctx, "the outbox of scores stands still", "err", err)
		}
		failing = err != nil
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Pass queues what classes have reached, and sends what is due.
func (s *Pages) Pass(ctx context.Context) error {
	if err := errors.Join(s.rows.QueueScores(ctx), s.queueHomework(ctx)); err != nil {
		return err
	}
	for {
		due, err := s.rows.DueScores(ctx, batch)
		if err != nil || len(due) == 0 {
			return err
		}
		var sending errgroup.Group
		for _, o := range due {
			sending.Go(func() error {
				ctx := audit.Known(ctx)
				audit.Identify(ctx, audit.Who{Name: audit.Site, Course: o.Course})
				err := s.Send(ctx, o)
				if ctx.Err() != nil { // we stop: another tries
					return nil
				}
				o = o.Tried(s.now(), err)
				if err != nil {
					s.log.WarnContext(ctx, "a score did not arrive", "link", o.ID, "tries", len(o.Tries), "given_up", !o.Failed.IsZero(), "err", err)
				}
				return s.rows.SaveScore(ctx, o)
			})
		}
		if err := sending.Wait(); err != nil {
			return err
		}
	}
}

// queueHomework queues what homework came to whose marks are released.
func (s *Pages) queueHomework(ctx context.Context) error {
	due, err := s.rows.DueHomework(ctx)
	if err != nil {
		return err
	}
	for _, d := range due {
		found, err := s.work.Results(ctx, d.Homework)
		if err != nil {
			return err
		}
		var results []lti.Result
		for _, r := range found {
			results = append(results, lti.Result{Owners: r.Owners, Points: r.Points, Of: r.Of, At: r.At})
		}
		if err := s.rows.QueueResults(ctx, d, results); err != nil {
			return err
		}
	}
	return nil
}

// Send sends a score, to the column that the link has, or gets now.
func (s *Pages) Send(ctx context.Context, o lti.Outgoing) error {
	p, err := s.rows.Platform(ctx, o.Platform)
	if err != nil {
		return err
	}
	item, err := s.column(ctx, p, o)
	if err != nil {
		return err
	}
	return s.client.SendScore(ctx, p, item, o.Score())
}

// column is the address of a link's column in the gradebook. Of several who ask for one that is to be made, one makes it.
func (s *Pages) column(ctx context.Context, p lti.Platform, o lti.Outgoing) (string, error) {
	if o.Grades.LineItem != "" {
		return o.Grades.LineItem, nil
	}
	s.making.Lock()
	defer s.making.Unlock()
	if known, ok := s.columns[o.ID]; ok {
		return known, nil
	}
	label := o.Title
	if label == "" {
		label = "Gradient Lab"
	}
	item, err := s.client.LineItem(ctx, p, o.Grades, o.Link, label, float64(o.Points)/100)
	if err == nil {
		s.columns[o.ID] = item
	}
	return item, err
}
