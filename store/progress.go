package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"gradlab/answers"
)

// maxGuess bounds the bytes of a guess.
const maxGuess = 200

// Progress returns what an owner did in all lessons. An unknown owner did nothing, which is no error.
func (s *Store) Progress(ctx context.Context, owner string) (answers.Progress, error) {
	p := answers.Progress{Read: map[string]time.Time{}, Guesses: map[string]map[string]string{}}
	if gone, err := s.forgotten(ctx, planned{s}, owner); err != nil || gone {
		return p, wrapped("read progress", err)
	}
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

// Predict stores an owner's guesses by item, all of them or none. The first one of an item stays: a prediction is
// committed before its truth is shown.
func (s *Store) Predict(ctx context.Context, owner, lesson string, guesses map[string]string) error {
	for item, guess := range guesses {
		if item == "" || len(guess) > maxGuess || answers.CheckText(guess) != nil {
			return fmt.Errorf("store prediction %q of %q: %w", item, lesson, ErrName)
		}
	}
	return s.mark(ctx, owner, lesson, guesses)
}

// MarkRead stores that an owner has read a lesson to its end. The first time stays.
func (s *Store) MarkRead(ctx context.Context, owner, lesson string) error {
	return s.mark(ctx, owner, lesson, map[string]string{"": ""})
}

// mark stores texts by item in one transaction.
func (s *Store) mark(ctx context.Context, owner, lesson string, texts map[string]string) error {
	for item := range texts {
		if err := checkNames(owner, answers.Key{Question: lesson, Part: item}); err != nil {
			return fmt.Errorf("store progress: %w", err)
		}
	}
	if err := s.studying(ctx, owner, func(tx *sql.Tx) error {
		for _, item := range slices.Sorted(maps.Keys(texts)) { // in one order: two that hand in at once do not wait for each other
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO progress (owner, lesson, item, text, made_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (owner, lesson, item) DO NOTHING`, owner, lesson, item, texts[item], s.now().UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("store progress in %q: %w", lesson, classify(err))
	}
	return nil
}
