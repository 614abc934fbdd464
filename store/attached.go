package store

import (
	"context"
	"database/sql"
	"fmt"

	"gradlab/answers"
)

// Attached returns what stands beside all answers of an owner.
func (s *Store) Attached(ctx context.Context, owner string) (answers.Attached, error) {
	a := answers.Attached{Runs: map[answers.Key]string{}, Ticks: map[string]map[string]bool{}}
	if gone, err := s.forgotten(ctx, planned{s}, owner); err != nil || gone {
		return a, wrapped("read what is attached", err)
	}
	err := s.each(ctx, "SELECT question, part, run FROM attached_runs WHERE owner = $1", owner, func(scan func(...any) error) error {
		var key answers.Key
		var run string
		if err := scan(&key.Question, &key.Part, &run); err != nil {
			return err
		}
		a.Runs[key] = run
		return nil
	})
	if err == nil {
		err = s.each(ctx, "SELECT question, concept FROM ticks WHERE owner = $1", owner, func(scan func(...any) error) error {
			var question, concept string
			if err := scan(&question, &concept); err != nil {
				return err
			}
			if a.Ticks[question] == nil {
				a.Ticks[question] = map[string]bool{}
			}
			a.Ticks[question][concept] = true
			return nil
		})
	}
	if err != nil {
		return answers.Attached{}, fmt.Errorf("read what is attached: %w", classify(err))
	}
	return a, nil
}

// each calls row for every row of a query that takes an owner.
func (s *Store) each(ctx context.Context, query, owner string, row func(scan func(...any) error) error) error {
	rows, err := s.read.QueryContext(ctx, query, owner)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// AttachRun puts a run beside an answer, instead of the one that is there; "" takes it away.
func (s *Store) AttachRun(ctx context.Context, owner string, key answers.Key, run string) error {
	if err := checkNames(owner, key); err != nil {
		return err
	}
	if len(run) > answers.MaxRun {
		return fmt.Errorf("attach run: %w: %d bytes, at most %d", ErrName, len(run), answers.MaxRun)
	}
	if run == "" {
		return s.deleteRows(ctx, "attach run", "DELETE FROM attached_runs WHERE owner = $1 AND question = $2 AND part = $3", owner, key.Question, key.Part)
	}
	if err := s.studying(ctx, owner, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO attached_runs (owner, question, part, run) VALUES ($1, $2, $3, $4)
			ON CONFLICT (owner, question, part) DO UPDATE SET run = excluded.run`, owner, key.Question, key.Part, run)
		return err
	}); err != nil {
		return fmt.Errorf("attach run: %w", classify(err))
	}
	return nil
}

// Tick sets which concepts of a question an owner has ticked, all others not.
func (s *Store) Tick(ctx context.Context, owner, question string, concepts []string) error {
	for _, concept := range append([]string{""}, concepts...) {
		if err := checkNames(owner, answers.Key{Question: question, Part: concept}); err != nil {
			return err
		}
	}
	if err := s.studying(ctx, owner, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM ticks WHERE owner = $1 AND question = $2", owner, question); err != nil {
			return err
		}
		for _, concept := range concepts {
			if _, err := tx.ExecContext(ctx, "INSERT INTO ticks (owner, question, concept) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", owner, question, concept); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("tick: %w", classify(err))
	}
	return nil
}
