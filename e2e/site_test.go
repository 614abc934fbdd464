package e2e

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"

	"gradlab/handlers"
	"gradlab/lessons"
	"gradlab/mlcore/runner"
	"gradlab/store"
)

// site is the real router over a SQLite file of the test's own. Opening the same file twice is a restart.
func site(t testing.TB, file string) http.Handler {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "answers.db")
	}
	library, err := lessons.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := store.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answers.Close() })
	runs := runner.NewPool(runner.Options{Slots: 2})
	t.Cleanup(runs.Close)
	return handlers.New(handlers.Config{
		Log: slog.New(slog.DiscardHandler), Answers: answers, Classes: answers, Library: library, Runs: runs, Version: "test", Stopping: context.Background(),
	})
}
