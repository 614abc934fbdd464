package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gradlab/answers"
)

// maxGuess bounds the bytes of a guess.
const maxGuess = 200

// Progress returns what an owner did in all lessons. An unknown owner did nothing, which is no error.
func (s *Store) Progress(ctx context.Context, owner string) (answers.Progress, error) {
	p := answers.Progress{Read: map[string]time.Time{}, Guesses: map[string]map[string]string{}}
	rows, err := s.read.QueryContext(ctx, "SELECT lesson, item, text, made_at FROM progress WHERE owner = $1", owner)
	if err != nil {
		return answers.Progress{}, fmt.Errorf("read progress: %w", classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		var (
			lesson, item, text string
			made               int64
		)
		if err := rows.Scan(&lesson, &item, &text, &made); err != nil {
			return answers.Progress{}, fmt.Errorf("read progress: %w", classify(err))
		}
		if item == "" {
			p.Read[lesson] = time.UnixMilli(made).UTC()
			continue
		}
		if p.Guesses[lesson] == nil {
			p.Guesses[lesson] = map[string]string{}
		}
		p.Guesses[lesson][item] = text
	}
	if err := rows.Err(); err != nil {
		return answers.Progress{}, fmt.Errorf("read progress: %w", classify(err))
	}
	return p, nil
}

// Predict stores an owner's guess. The first one stays: a prediction is committed before its truth is shown.
func (s *Store) Predict(ctx context.Context, owner, lesson, item, guess string) error {
	if item == "" || len(guess) > maxGuess || answers.CheckText(guess) != nil {
		return fmt.Errorf("store prediction %q of %q: %w", item, lesson, ErrName)
	}
	return s.mark(ctx, owner, lesson, item, guess)
}

// MarkRead stores that an owner has read a lesson to its end. The first time stays.
func (s *Store) MarkRead(ctx context.Context, owner, lesson string) error {
	return s.mark(ctx, owner, lesson, "", "")
}

func (s *Store) mark(ctx context.Context, owner, lesson, item, text string) error {
	if err := checkNames(owner, answers.Key{Question: lesson, Part: item}); err != nil {
		return fmt.Errorf("store progress: %w", err)
	}
	if err := s.owning(ctx, owner, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO progress (owner, lesson, item, text, made_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (owner, lesson, item) DO NOTHING`, owner, lesson, item, text, s.now().UnixMilli())
		return err
	}); err != nil {
		return fmt.Errorf("store progress in %q: %w", lesson, classify(err))
	}
	return nil
}
